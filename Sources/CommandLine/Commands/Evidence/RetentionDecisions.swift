import ArgumentParser
import CloseoutRecords
import CloseoutWorkflows

/// Approves a request for retention (docs/command-line.md, "retention").
struct RetentionApprove: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try await deciding.decide(.approved, context)
    }
}

/// Denies a request for retention (docs/command-line.md, "retention").
struct RetentionDeny: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try await deciding.decide(.denied, context)
    }
}

/// What both decisions take.
struct RetentionDecidingOptions: ParsableArguments {
    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp(
            "The request, by path or digest; needed if there are several.",
            valueName: "record"))
    var request: String?

    @Option(
        help: ArgumentHelp("The reason.", valueName: "text"), transform: textArgument)
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "A case number in another system; makes the record restricted.", valueName: "text"),
        transform: textArgument)
    var reference: String?

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func decide(_ decision: Approval, _ context: Context) async throws {
        let terms = try options.terms(context)
        let decision = RetentionDecision(
            decision, reason: reason, externalReference: reference)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.decideRetention(
                decision, request: request.map { Array($0.utf8) },
                supersedes: superseding.names, terms))
    }
}
