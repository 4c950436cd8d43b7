import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutWorkflows

/// Hashes what is shipped and writes manifest and seal (docs/command-line.md, "freeze").
struct Freeze: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Make an unsigned bundle: hash the files, write manifest and seal.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var freezing: FreezeOptions

    func execute(_ context: Context) async throws {
        let target = try freezing.target
        let frozen = try await freezing.run(at: target, context) {
            request throws(WorkflowError) in try await freezeRelease(request)
        }
        try context.console.receipt(frozen.receipt)
        context.console.note(
            "frozen, not signed; next: closeout sign \(shellQuoted(target.path)) --key KEY, or "
                + "closeout request \(shellQuoted(target.path)) --for TOOL --key-reference KEY")
    }
}
