import ArgumentParser
import CloseoutCommandLine
import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

/// Plans what is to be done about open deliveries (docs/command-line.md, "retry").
struct RetryPlanCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plan what is to be done about deliveries that failed, and sign the plan.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The person who sees to it.", valueName: "text"),
        transform: wordsArgument)
    var owner: String

    @Option(
        help: ArgumentHelp("When it is to be done.", valueName: "instant"),
        transform: instantArgument)
    var resolveBy: Instant

    @Option(
        help: ArgumentHelp("Why they failed, or what is done about it.", valueName: "text"),
        transform: wordsArgument)
    var reason: String

    @Option(
        help: ArgumentHelp(
            "The id of a delivery to try again. Repeatable; default all that are open.",
            valueName: "id"))
    var delivery: [String] = []

    @Option(
        help: ArgumentHelp(
            "The id of a delivery that is not tried again for now. Repeatable.", valueName: "id"))
    var wait: [String] = []

    @Option(
        help: ArgumentHelp(
            "The id of a delivery that is not tried again. Repeatable.", valueName: "id"))
    var suppress: [String] = []

    @OptionGroup var options: RecordOptions

    func validate() throws {
        let both = Set(wait).intersection(suppress).union(
            Set(delivery).intersection(wait + suppress))
        guard both.isEmpty else {
            throw ValidationError("a delivery has one of --delivery, --wait and --suppress")
        }
    }

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        try demandSigner(terms, "a plan is signed")
        let request = RetryPlanRequest(
            owner: owner, resolveBy: resolveBy, reason: reason, deliveries: delivery,
            waiting: Set(wait), suppressed: Set(suppress))
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(try await session.planRetries(request, terms))
    }
}

/// Refuses to go on without a key.
func demandSigner(_ terms: RecordTerms, _ why: String) throws {
    guard terms.signer != nil else {
        throw CommandFailure(.usage, "\(why), and no key was given", hint: "give --key KEY")
    }
}

/// Reads what a person says of their own (docs/records.md, "Types of field").
@Sendable func wordsArgument(_ text: String) throws -> String {
    do throws(JSONShapeError) {
        return try JSONItem(JSON(text)).words()
    } catch {
        throw ValidationError("\(error.reason)")
    }
}
