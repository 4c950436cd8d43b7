import ArgumentParser
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// Stores evidence: test reports, SBOMs, approvals (docs/command-line.md, "add").
struct Add: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Store evidence: test reports, SBOMs, approvals.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(
        help: ArgumentHelp("Files to store.", valueName: "file"), completion: .file(),
        transform: pathArgument)
    var files: [[UInt8]]

    @Option(
        help: ArgumentHelp(
            "What the files are; by default what their content or names show.",
            valueName: "type/subtype"),
        transform: mediaTypeArgument)
    var mediaType: String?

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: PolicyOptions

    func execute(_ context: Context) async throws {
        let options = AppendOptions(
            now: context.now, policy: try trust.load().policy, logSigner: try logKey.loadLogKey())
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(try await session.add(files, mediaType: mediaType, options))
    }
}

/// Reads a media type from the command line.
@Sendable private func mediaTypeArgument(_ text: String) throws -> String {
    guard AttachmentDescription.isMediaType(Array(text.utf8)) else {
        throw ValidationError("it is no media type such as application/json")
    }
    return text
}
