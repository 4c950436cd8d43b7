import ArgumentParser

/// Reads what another system says of a release (docs/command-line.md, "import").
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Check what another system reports about a release.",
        subcommands: [ImportCavra.self])
}
