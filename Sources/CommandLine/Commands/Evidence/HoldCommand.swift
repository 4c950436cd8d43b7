import ArgumentParser

/// Places and releases legal holds (docs/command-line.md, "hold").
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Place, end and list legal holds.",
        subcommands: [HoldPlace.self, HoldRelease.self, HoldList.self])
}
