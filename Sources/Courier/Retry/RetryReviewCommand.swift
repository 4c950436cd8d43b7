import ArgumentParser
import CloseoutCommandLine
import CloseoutRecords
import CloseoutWorkflows

/// Approves or denies a dry run, as a second person (docs/command-line.md, "retry").
struct RetryReviewCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Approve or deny a dry run, as somebody who made neither it nor its plan.")

    /// What is said of it.
    enum Word: String, EnumerableFlag {
        case approve, deny
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The dry run, by path or digest.")
    var run: String

    @Flag(help: "What is said of it.")
    var word: Word

    @Option(help: ArgumentHelp("The reason.", valueName: "text"), transform: textArgument)
    var reason: String?

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        try demandSigner(terms, "a review is signed")
        let review = RetryReview(word == .approve ? .approved : .denied, reason: reason)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.reviewRetry(
                review, ofRun: Array(run.utf8), supersedes: superseding.names, terms))
    }
}
