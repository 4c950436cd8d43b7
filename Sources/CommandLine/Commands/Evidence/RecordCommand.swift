import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutWorkflows

/// Writes closeout records (docs/command-line.md, "record").
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Write closeout records and sign them.",
        subcommands: [
            RecordReadiness.self, RecordAdd.self, RecordSign.self, RecordEnvelope.self,
        ])
}

/// Records what a machine wrote down (docs/command-line.md, "record").
struct RecordAdd: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Write a record of any kind from a JSON file.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The kind, the fields of the kind, and the links.", valueName: "json"),
        completion: .file(), transform: pathArgument)
    var file: [UInt8]

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let draft = try draft(in: try readFile(file, limit: 1024 * 1024))
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.addRecord(draft, supersedes: superseding.names, terms))
    }

    private func draft(in bytes: [UInt8]) throws -> RecordDraft {
        do {
            return try RecordDraft(parsing: bytes)
        } catch let error as JSONError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        } catch let error as JSONShapeError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        }
    }
}

/// Adds a signature to a record that the bundle holds (docs/command-line.md, "record").
struct RecordSign: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a record in the bundle.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The record, by path or digest.")
    var record: String

    @OptionGroup var signing: RecordSigningOptions

    func execute(_ context: Context) async throws {
        let terms = try signing.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.signRecord(named: Array(record.utf8), terms))
    }
}

/// Records what shows that a release is ready (docs/command-line.md, "record").
struct RecordReadiness: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "readiness",
        abstract: "Store evidence of readiness and record what each file shows.",
        discussion: "Each option can be repeated.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: .evidence("Readiness summary."), completion: .file(), transform: pathArgument)
    var summary: [[UInt8]] = []
    @Option(help: .evidence("Readiness approval."), completion: .file(), transform: pathArgument)
    var approval: [[UInt8]] = []
    @Option(help: .evidence("Release record."), completion: .file(), transform: pathArgument)
    var releaseRecord: [[UInt8]] = []
    @Option(
        help: .evidence("Verified closure packet."), completion: .file(), transform: pathArgument)
    var closurePacket: [[UInt8]] = []
    @Option(help: .evidence("Auditor export."), completion: .file(), transform: pathArgument)
    var auditorExport: [[UInt8]] = []
    @Option(help: .evidence("Archive health report."), completion: .file(), transform: pathArgument)
    var archiveHealth: [[UInt8]] = []
    @Option(help: .evidence("Alerts that were sent."), completion: .file(), transform: pathArgument)
    var alert: [[UInt8]] = []
    @Option(help: .evidence("Test results."), completion: .file(), transform: pathArgument)
    var tests: [[UInt8]] = []
    @Option(
        help: .evidence("Software bill of materials (SBOM)."), completion: .file(),
        transform: pathArgument)
    var sbom: [[UInt8]] = []
    @Option(help: .evidence("Build provenance."), completion: .file(), transform: pathArgument)
    var provenance: [[UInt8]] = []
    @Option(
        help: .evidence("Vulnerability scan results."), completion: .file(), transform: pathArgument
    )
    var scan: [[UInt8]] = []
    @Option(help: .evidence("Approved change."), completion: .file(), transform: pathArgument)
    var change: [[UInt8]] = []
    @Option(help: .evidence("Release documentation."), completion: .file(), transform: pathArgument)
    var documentation: [[UInt8]] = []

    @Option(
        help: ArgumentHelp(
            "Evidence kept outside the bundle, such as tests=JOB-7; it is only "
                + "asserted.",
            valueName: "kind=text"),
        transform: referenceArgument)
    var reference: [Readiness.Reference] = []

    @Option(
        help: ArgumentHelp(
            "Why one file serves as several kinds of evidence; without it each file "
                + "serves as one.", valueName: "text"),
        transform: textArgument)
    var sharedBecause: String?

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let draft = RecordDraft(
            body: .readiness(
                Readiness(references: reference, sharedBecause: sharedBecause)),
            files: Readiness.Evidence.allCases.flatMap { kind in
                files(kind).map { RecordDraft.File(kind: kind.rawValue, path: $0) }
            })
        guard !draft.files.isEmpty || !reference.isEmpty else {
            throw CommandFailure(
                .usage, "no evidence was given", hint: "give --tests FILE, --sbom FILE or others")
        }
        let terms = try options.terms(context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.write(draft, terms))
    }

    private func files(_ kind: Readiness.Evidence) -> [[UInt8]] {
        switch kind {
        case .summary: summary
        case .approval: approval
        case .releaseRecord: releaseRecord
        case .closurePacket: closurePacket
        case .auditorExport: auditorExport
        case .archiveHealth: archiveHealth
        case .alert: alert
        case .tests: tests
        case .sbom: sbom
        case .provenance: provenance
        case .scan: scan
        case .change: change
        case .documentation: documentation
        }
    }
}

extension ArgumentHelp {
    fileprivate static func evidence(_ text: String) -> ArgumentHelp {
        ArgumentHelp(stringLiteral: text).named("file")
    }

    private func named(_ name: String) -> ArgumentHelp {
        var help = self
        help.valueName = name
        return help
    }
}

/// Reads `KIND=TEXT` from the command line.
@Sendable private func referenceArgument(_ text: String) throws -> Readiness.Reference {
    let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
    guard parts.count == 2, let kind = Readiness.Evidence(rawValue: parts[0]) else {
        let kinds = Readiness.Evidence.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("it is not KIND=TEXT with a kind of \(kinds)")
    }
    return Readiness.Reference(kind, try textArgument(parts[1]))
}
