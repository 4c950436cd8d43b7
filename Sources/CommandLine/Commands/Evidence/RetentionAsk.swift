import ArgumentParser
import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

extension RetentionRequest.Mode: ExpressibleByArgument {}

/// Asks for retention (docs/command-line.md, "retention").
struct RetentionAsk: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Request that the evidence is kept until a given time.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .customLong("class"), help: ArgumentHelp("The retention class.", valueName: "name"),
        transform: nameArgument)
    var retentionClass: String

    @Option(
        help: ArgumentHelp("The end of the retention.", valueName: "instant"),
        transform: instantArgument)
    var until: Instant?

    @Option(
        help: ArgumentHelp("Retention mode: none, governance or compliance.", valueName: "mode"))
    var mode: RetentionRequest.Mode?

    @Option(
        help: ArgumentHelp("The event that starts the retention period.", valueName: "name"),
        transform: nameArgument)
    var event: String?

    @Option(
        help: ArgumentHelp("When the event happened.", valueName: "instant"),
        transform: instantArgument)
    var occurredAt: Instant?

    @Option(
        help: ArgumentHelp(
            "The period that --until was computed from, such as P7Y.", valueName: "period"),
        transform: periodArgument)
    var period: String?

    @Option(
        help: ArgumentHelp("The reason for keeping it.", valueName: "text"), transform: textArgument
    )
    var reason: String

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func validate() throws {
        if occurredAt != nil, event == nil {
            throw ValidationError("--occurred-at is about --event")
        }
        guard (until == nil) == (event != nil && occurredAt == nil) else {
            throw ValidationError(
                "give --until INSTANT, or --event NAME alone as long as it has not happened")
        }
    }

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let request = RetentionRequest(
            retentionClass: retentionClass, until: until, mode: mode,
            basis: event.map { RetentionRequest.Basis(event: $0, occurredAt: occurredAt) },
            period: period, reason: reason)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.requestRetention(
                request, supersedes: superseding.names, terms))
    }
}
