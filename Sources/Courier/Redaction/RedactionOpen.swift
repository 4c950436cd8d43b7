import ArgumentParser
import CloseoutCommandLine
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutWorkflows

extension DisclosedName: ExpressibleByArgument {}

/// Opens commitments to an auditor (docs/command-line.md, "redaction").
struct RedactionOpen: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Open chosen commitments of one record to one auditor, as a file.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The record, by path or digest.")
    var record: String

    @Option(
        help: ArgumentHelp(
            "What to open: destination, body or recipient. Repeatable.", valueName: "name"))
    var name: [DisclosedName]

    @Option(
        help: ArgumentHelp("The file of disclosures that you keep.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var disclosures: [UInt8]

    @Option(
        name: .customLong("for"), help: ArgumentHelp("Whom it is for.", valueName: "text"),
        transform: wordsArgument)
    var audience: String

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Where the opening is written.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]

    func execute(_ context: Context) async throws {
        let input = try readInput(disclosures, limit: DisclosureFile.longest)
        try CommandFailure.demandPrivate(input, at: disclosures, allowingReadable: false)
        let kept: DisclosureFile
        do throws(DisclosureFile.Malformed) {
            kept = try DisclosureFile(parsing: input.bytes)
        } catch {
            throw CommandFailure(.malformed, "\(printable(disclosures)): \(error)")
        }
        let (digest, told, seal) = try await readRecord(record, of: bundle, context)
        let found = try kept.disclosures(of: told.commitments, named: Set(name))
        for name in Set(name) where !found.contains(where: { $0.name == name }) {
            throw CommandFailure(
                .missing,
                "\(printable(disclosures)) has nothing that opens \(name.rawValue) of this record",
                hint: "give the file to which the record's delivery or dry run was added")
        }
        let opening = Opening(
            seal: seal, record: digest, audience: audience, disclosures: found)
        do throws(OpeningFault) {
            try opening.check(against: told, digest, of: seal)
        } catch {
            throw CommandFailure(.failed, "\(printable(record)) cannot be opened: \(error)")
        }
        let file = try ReplacedFile(
            output, sparing: CommandInputs(bundle: bundle, files: [disclosures]))
        try file.write(opening.canonicalBytes)
        try context.console.result("\(printable(output))\n")
    }
}

/// Checks what an owner opened (docs/command-line.md, "redaction").
struct RedactionCheck: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check an opening against the bundle, offline, and print what it shows.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The opening.", completion: .file(), transform: pathArgument)
    var file: [UInt8]

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let opening: Opening
        do {
            opening = try Opening(parsing: try readFile(file, limit: Opening.longest))
        } catch let error as FileError {
            throw error
        } catch {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        }
        let evidence = try await BundleEvidence(
            reading: bundle, policy: nil, at: context.now, waiting: context.lockWait)
        let record = evidence.state.record(opening.record)
        do throws(OpeningFault) {
            guard opening.seal == evidence.sealDigest else { throw .otherSeal }
            guard let record else { throw .otherRecord }
            try opening.check(
                against: record.signed.record, record.digest, of: evidence.sealDigest)
        } catch {
            throw CommandFailure(
                .failed, "\(printable(file)) shows nothing of this bundle: \(error)",
                hint: "ask who gave it to you for another")
        }
        guard let told = record?.signed.record else { return }
        switch format {
        case .text:
            for shown in opening.disclosures {
                try context.console.result(
                    "\(shown.name.rawValue): \(printable(shown.value))\n")
            }
        case .json:
            for shown in opening.disclosures {
                try context.console.result(
                    ["name": JSON(shown.name.rawValue), "value": JSON(shown.value)])
            }
        }
        context.console.note(
            "\(opening.disclosures.count) of \(told.commitments.count) commitments of "
                + "\(told.summary) opened for \(printable(opening.audience))")
    }
}

/// A record of a bundle, read without waiting for whoever writes there.
private func readRecord(
    _ name: String, of bundle: [UInt8], _ context: Context
) async throws -> (SHA256Digest, Record, SHA256Digest) {
    let evidence = try await BundleEvidence(
        reading: bundle, policy: nil, at: context.now, waiting: context.lockWait)
    let record = try evidence.record(named: Array(name.utf8))
    return (record.digest, record.signed.record, evidence.sealDigest)
}
