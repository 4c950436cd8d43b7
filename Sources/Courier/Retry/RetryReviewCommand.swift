import ArgumentParser
import CloseoutCommandLine
import CloseoutEncodings
import CloseoutOpenSSL
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
        let name = try await show(context)
        let terms = try options.terms(context)
        try demandSigner(terms, "a review is signed")
        let review = RetryReview(word == .approve ? .approved : .denied, reason: reason)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.reviewRetry(
                review, ofRun: name, supersedes: superseding.names, terms))
    }

    /// Says what is reviewed, before anybody is asked for the passphrase of a key.
    ///
    /// - Returns: The digest of the dry run, which is what is reviewed then.
    private func show(_ context: Context) async throws -> [UInt8] {
        let evidence = try await BundleEvidence(
            reading: bundle, policy: nil, at: context.now, waiting: context.lockWait)
        let record = try evidence.record(named: Array(run.utf8))
        if case .retryRun(let body) = record.body, body.mode == .dryRun {
            context.console.note("dry run \(record.digest.hex) of \(record.header.at):")
            for result in body.results {
                context.console.note("  \(result.line)")
            }
        }
        return Array(record.digest.hex.utf8)
    }
}
