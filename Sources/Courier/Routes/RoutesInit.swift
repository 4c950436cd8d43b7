import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles

extension ProviderKind: ExpressibleByArgument {}

/// Writes a file with an example of each provider that is named.
struct RoutesInit: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a file of routes with an example for each provider.",
        discussion: "Names of hosts and people are examples: put your own in their place.")

    @OptionGroup var common: CommonOptions

    @Argument(help: ArgumentHelp("The providers.", valueName: "provider"))
    var providers: [ProviderKind]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8] = Array("routes.json".utf8)

    func validate() throws {
        guard Set(providers).count == providers.count else {
            throw ValidationError("a provider is named twice")
        }
    }

    func execute(_ context: Context) async throws {
        guard let name = Path.split(output).name else {
            throw CommandFailure(.cannotCreate, "\(printable(output)) has no name of its own")
        }
        try demandOutside(output)
        let example = Routes.example(of: providers)
        try Directory.openParent(ofNew: output).write(new: name, example, permissions: 0o600)
        try context.console.result("\(printable(output))\n")
        for route in try Routes(parsing: example).routes {
            for secret in route.secrets {
                context.console.note("\(route.name): \(secret.member) from \(secret.reference)")
            }
        }
    }
}
