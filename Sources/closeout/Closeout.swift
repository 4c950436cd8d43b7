import ArgumentParser

@main
struct Closeout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "closeout", abstract: "Seal a software release and verify it offline.",
        version: "0.1.0")
}
