import ArgumentParser
import Bundles
import Encodings
import Files
import Manifests
import OpenSSL
import Records
import Signatures

/// Prints what a bundle says, without judging it (docs/command-line.md, "show").
struct Show: CloseoutCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a bundle says of itself; nothing is verified.")

    /// What is printed besides the summary.
    enum Part: String, EnumerableFlag {
        case files, log, signatures, evidence

        static func help(for value: Part) -> ArgumentHelp? {
            switch value {
            case .files: "Print the shipped files."
            case .log: "Print the log."
            case .signatures: "Print the signatures and what they claim."
            case .evidence: "Print the evidence records and attachments."
            }
        }
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Flag(exclusivity: .exclusive) var part: Part?

    func execute(_ context: Context) async throws {
        let folder = try BundleFolder(opening: bundle)
        let contents = try folder.contents()
        switch part {
        case nil: try context.console.result(Self.summary(contents))
        case .files: try await printFiles(folder, context)
        case .log: try context.console.result(contents.logReading.bytes ?? [])
        case .signatures: try context.console.result(Self.signatures(contents))
        case .evidence: try context.console.result(Self.evidence(contents))
        }
        context.console.note("this is what the bundle says; `closeout verify` recomputes it")
    }

    static func summary(_ contents: BundleContents) throws -> String {
        guard let bytes = contents.seal, let seal = try? Seal(parsing: bytes) else {
            throw CommandFailure(
                .malformed, "the bundle has no seal that can be read",
                hint: "run `closeout verify` to see what is wrong")
        }
        let totals = seal.totals
        let checkpoint = contents.checkpoint.bytes.flatMap { try? SignedNote(parsing: $0) }
            .flatMap { try? Checkpoint(parsing: $0.text) }
        return """
            release      \(seal.release.name) \(seal.release.version)
            created      \(seal.created)
            bundle id    \(try SHA256Digest.of(bytes).hex)
            manifest     \(seal.manifestDigest.hex)
            merkle root  \(seal.merkleRoot.hex)
            shipped      \(totals.files) files, \(totals.directories) folders, \
            \(totals.symlinks) links, \(totals.bytes) bytes
            signatures   \(contents.files(.signature).count)
            evidence     \(contents.files(.evidence).count) records, \
            \(contents.files(.attachment).count) attachments
            log          \(contents.log.size) entries, \
            \(checkpoint.map { "\($0.size) committed" } ?? "no checkpoint")

            """
    }

    private func printFiles(_ folder: borrowing BundleFolder, _ context: Context) async throws {
        guard let bytes = try folder.readManifest().bytes else {
            throw CommandFailure(.missing, "the bundle has no manifest that can be read")
        }
        for line in bytes.split(separator: UInt8(ascii: "\n")).dropFirst() {
            guard let entry = ManifestEntry(line: Array(line)) else {
                throw CommandFailure(
                    .malformed, "the manifest has a line that is no entry",
                    hint: "run `closeout verify` to see what is wrong")
            }
            try context.console.result("\(Self.text(entry))\n")
        }
    }

    private static func text(_ entry: ManifestEntry) -> String {
        switch entry.kind {
        case .file(let mode, let size, let digest):
            let bits = mode.map { String($0, radix: 8) } ?? "-"
            return "\(digest.hex)  \(bits)  \(size)  \(printable(entry.path))"
        case .directory: return "folder  \(printable(entry.path))"
        case .symlink(let target):
            return "link  \(printable(entry.path)) -> \(printable(target))"
        }
    }

    private static func signatures(_ contents: BundleContents) -> String {
        contents.files(.signature).map { file in
            let format = SignatureFormat(mediaType: file.entry.mediaType)
            let hints =
                file.trueBytes.flatMap { try? format?.signatures(in: $0) }?
                .map { $0.hint.map { "claims key \(printable($0))" } ?? "names no key" } ?? [
                    "unreadable"
                ]
            return "\(printable(file.entry.path))  \(format?.name ?? "unknown")  "
                + hints.joined(separator: "; ") + "\n"
        }.joined()
    }

    private static func evidence(_ contents: BundleContents) -> String {
        let records = contents.files(.evidence).map { file -> String in
            let record = file.trueBytes.flatMap { try? Record(parsing: $0) }
            let kind = record?.kind.rawValue ?? "unreadable"
            let by = record?.header.by.map { "  by \(printable(Array($0.utf8)))" } ?? ""
            return "\(printable(file.entry.path))  \(kind)\(by)\n"
        }
        let attachments = contents.files(.attachment).map {
            "\(printable($0.entry.path))  \(printable(Array($0.entry.mediaType.utf8)))  \($0.entry.size) bytes\n"
        }
        return (records + attachments).joined()
    }
}
