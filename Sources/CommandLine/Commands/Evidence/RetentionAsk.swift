import ArgumentParser
import CloseoutEncodings
import CloseoutRecords

extension RetentionRequest.Mode: ExpressibleByArgument {}

/// Asks for retention (docs/command-line.md, "retention").
struct RetentionAsk: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "request", abstract: "Ask for the evidence to be kept until an instant.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        name: .customLong("class"), help: ArgumentHelp("The retention class.", valueName: "name"),
        transform: nameArgument)
    var retentionClass: String

    @Option(
        help: ArgumentHelp("The last instant of the retention.", valueName: "instant"),
        transform: instantArgument)
    var until: Instant?

    @Option(help: ArgumentHelp("none, governance or compliance.", valueName: "mode"))
    var mode: RetentionRequest.Mode?

    @Option(
        help: ArgumentHelp("The event from which the period runs.", valueName: "name"),
        transform: nameArgument)
    var event: String?

    @Option(
        help: ArgumentHelp("When the event happened.", valueName: "instant"),
        transform: instantArgument)
    var occurredAt: Instant?

    @Option(
        help: ArgumentHelp("The rule behind --until, such as P7Y.", valueName: "period"),
        transform: periodArgument)
    var period: String?

    @Option(
        help: ArgumentHelp("Why it is kept.", valueName: "text"), transform: textArgument)
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
        let evidence = try await options.signing.evidence(in: bundle, context)
        let request = RetentionRequest(
            retentionClass: retentionClass, until: until, mode: mode,
            basis: event.map { RetentionRequest.Basis(event: $0, occurredAt: occurredAt) },
            period: period, reason: reason)
        let draft = RecordOptions.Draft(
            body: .retentionRequest(request), links: try superseding.links(in: evidence))
        try await options.write(draft, to: bundle, evidence, context)
    }
}
