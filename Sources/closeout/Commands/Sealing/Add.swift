import ArgumentParser
import Bundles
import Encodings
import Files

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

    func execute(_ context: Context) async throws {
        var appending = try BundleAppending(opening: bundle)
        var stored: [StoredFile] = []
        for file in files {
            let name = Path.split(file).name ?? file
            stored.append(
                try appending.add(
                    NewFile(
                        kind: .attachment, mediaType: .attachment(named: name),
                        content: .file(file)),
                    at: context.now))
        }
        try logKey.commit(appending, bundle: bundle, context)
        for file in stored { try context.console.result("\(printable(file.path))\n") }
    }
}
