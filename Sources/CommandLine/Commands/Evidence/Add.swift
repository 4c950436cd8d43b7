import ArgumentParser
import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutSignatures

/// Stores evidence: test reports, SBOMs, approvals (docs/command-line.md, "add").
struct Add: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Store evidence: test reports, SBOMs, approvals.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: ArgumentHelp("Files to store.", valueName: "file"), transform: pathArgument)
    var files: [[UInt8]]

    @Option(
        help: ArgumentHelp(
            "What the files are; by default what their content or names tell.",
            valueName: "type/subtype"),
        transform: mediaTypeArgument)
    var mediaType: String?

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: RecordTrustOptions

    func execute(_ context: Context) async throws {
        let policy = try trust.policy()
        var appending = try BundleAppending(opening: bundle)
        var stored: [StoredEvidence] = []
        for file in files {
            stored.append(try appending.addEvidence(at: file, mediaType: mediaType, context))
        }
        try logKey.commit(appending, bundle: bundle, under: policy, context)
        for item in stored { try context.console.result("\(printable(item.file.path))\n") }
        let telling = EvidenceTelling(
            bundle: bundle, criteria: try policy?.criteria.flatMap { try Criteria.atHand($0) })
        try telling.warn(stored, context.console)
        try telling.tell(stored, context.console)
    }
}

extension NewFile {
    /// The file at a path as an attachment, whose type its name tells.
    static func attachment(at path: [UInt8]) -> NewFile {
        NewFile(
            kind: .attachment, mediaType: .attachment(named: Path.split(path).name ?? path),
            content: .file(path))
    }
}
