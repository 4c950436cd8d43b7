import ArgumentParser
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// Places and releases legal holds (docs/command-line.md, "hold").
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Place, end and list legal holds.",
        subcommands: [HoldPlace.self, HoldRelease.self, HoldList.self])
}

/// Places a legal hold (docs/command-line.md, "hold").
struct HoldPlace: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "place", abstract: "Place everything in the bundle on hold for a matter.")

    @OptionGroup var common: CommonOptions

    @OptionGroup var held: MatterOptions

    @Option(
        help: ArgumentHelp("Who keeps the evidence for the matter.", valueName: "text"),
        transform: textArgument)
    var custodian: String

    @Option(
        help: ArgumentHelp("The reason.", valueName: "text"), transform: textArgument)
    var reason: String

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let placement = LegalHold.Placement(
            matter: held.matter, custodian: custodian, reason: reason)
        var session = try await BundleSession(opening: held.bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.placeHold(placement, terms))
    }
}

/// Releases a legal hold, which takes two operators (docs/command-line.md, "hold").
struct HoldRelease: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "End a hold; the second operator signs the record of the first.")

    @OptionGroup var common: CommonOptions

    @OptionGroup var held: MatterOptions

    @Option(
        help: ArgumentHelp("The reason; the first operator gives it.", valueName: "text"),
        transform: textArgument)
    var reason: String?

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        var session = try await BundleSession(opening: held.bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.releaseHold(matter: held.matter, reason: reason, terms))
    }
}

/// A bundle, and the matter for which it is held.
struct MatterOptions: ParsableArguments {
    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The name of the matter.", valueName: "name"), transform: nameArgument)
    var matter: String
}

/// Lists legal holds (docs/command-line.md, "hold").
struct HoldList: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the holds in force and those that ended.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: PolicyOptions

    @Option(help: "Output format; json prints one object a line.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let evidence = try await BundleEvidence(
            reading: bundle, policy: try trust.load().policy, at: context.now,
            waiting: context.lockWait)
        let lines = evidence.state.holds.map { hold -> (String, JSON) in
            let state = hold.isHeld ? "held" : "released"
            let matter = printable(hold.placement.matter)
            let custodian = printable(hold.placement.custodian)
            let shortfall = hold.record.status.shortfall?.reason
            let text =
                "\(state)  \(matter)  custodian \(custodian)  "
                + evidence.path(of: hold.record.digest)
                + (shortfall.map { "  only asserted: \($0)" } ?? "")
            return (
                text,
                [
                    "state": JSON(state), "matter": JSON(hold.placement.matter),
                    "custodian": JSON(hold.placement.custodian),
                    "record": JSON(hold.record.digest.hex),
                    "shortfall": shortfall.map { JSON($0) } ?? .null,
                    "release": hold.release.map { JSON($0.digest.hex) } ?? .null,
                ]
            )
        }
        try context.console.result(printed(lines, as: format))
        evidence.reportWithheld("holds", context.console)
        evidence.reportWithoutPolicy(lines.isEmpty, context.console)
    }
}
