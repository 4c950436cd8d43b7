import ArgumentParser
import CloseoutEncodings
import CloseoutRecords

/// Records what shows that a release is ready (docs/command-line.md, "record").
struct RecordReadiness: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "readiness",
        abstract: "Store what shows that the release is ready, and record what it is.",
        discussion: "Each option may stand repeatedly.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: .evidence("The summary of readiness."), transform: pathArgument)
    var summary: [[UInt8]] = []
    @Option(help: .evidence("The approval of readiness."), transform: pathArgument)
    var approval: [[UInt8]] = []
    @Option(help: .evidence("The record of the release."), transform: pathArgument)
    var releaseRecord: [[UInt8]] = []
    @Option(help: .evidence("The verified closure packet."), transform: pathArgument)
    var closurePacket: [[UInt8]] = []
    @Option(help: .evidence("The export for auditors."), transform: pathArgument)
    var auditorExport: [[UInt8]] = []
    @Option(help: .evidence("The health of the archive."), transform: pathArgument)
    var archiveHealth: [[UInt8]] = []
    @Option(help: .evidence("The alerts that were sent."), transform: pathArgument)
    var alert: [[UInt8]] = []
    @Option(help: .evidence("Results of tests."), transform: pathArgument)
    var tests: [[UInt8]] = []
    @Option(help: .evidence("A bill of materials."), transform: pathArgument)
    var sbom: [[UInt8]] = []
    @Option(help: .evidence("Provenance of the build."), transform: pathArgument)
    var provenance: [[UInt8]] = []
    @Option(help: .evidence("Results of a scan for vulnerabilities."), transform: pathArgument)
    var scan: [[UInt8]] = []
    @Option(help: .evidence("The change that was approved."), transform: pathArgument)
    var change: [[UInt8]] = []
    @Option(help: .evidence("Documentation of the release."), transform: pathArgument)
    var documentation: [[UInt8]] = []

    @Option(
        help: ArgumentHelp(
            "Evidence that is not in the bundle and so only asserted, such as tests=JOB-7.",
            valueName: "kind=text"),
        transform: referenceArgument)
    var reference: [Readiness.Reference] = []

    @Option(
        help: ArgumentHelp(
            "Why a file shows something that it shows beside something else; else a file shows one "
                + "thing.", valueName: "text"),
        transform: textArgument)
    var sharedBecause: String?

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let evidence = try await options.signing.evidence(in: bundle, context)
        let draft = RecordOptions.Draft(
            body: .readiness(
                Readiness(references: reference, sharedBecause: sharedBecause)),
            files: Readiness.Evidence.allCases.flatMap { kind in
                files(kind).map { (kind.rawValue, $0) }
            })
        guard !draft.files.isEmpty || !reference.isEmpty else {
            throw CommandFailure(
                .usage, "no evidence was given", hint: "give --tests FILE, --sbom FILE or others")
        }
        try await options.write(draft, to: bundle, evidence, context)
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
