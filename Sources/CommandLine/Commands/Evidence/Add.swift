import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutVerification

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

    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var trust: PolicyOptions

    func execute(_ context: Context) async throws {
        let policy = try trust.load().policy
        let key = try logKey.loadLogKey()
        var appending = try await BundleAppending(opening: bundle, waiting: context.lockWait)
        var stored: [StoredFile] = []
        for file in files {
            stored.append(try appending.add(.attachment(at: file), at: context.now))
        }
        try logKey.commit(appending, bundle: bundle, under: policy, with: key, context)
        for file in stored { try context.console.result("\(printable(file.path))\n") }
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
