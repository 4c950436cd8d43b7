import ArgumentParser
import CloseoutBundles
import CloseoutEncodings

/// Clears what an interrupted command left (docs/command-line.md, "repair").
struct Repair: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Remove leftovers of an interrupted command; nothing signed is deleted.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    func execute(_ context: Context) async throws {
        let result = try repairBundle(at: bundle)
        for path in result.removed {
            context.console.note("removed \(printable(path)), which was never finished")
        }
        for path in result.moved {
            try context.console.result("\(printable(path))\n")
            context.console.note("moved out \(printable(path))")
        }
        if result.removed.isEmpty, result.moved.isEmpty {
            context.console.note("there is nothing to repair")
        }
    }
}
