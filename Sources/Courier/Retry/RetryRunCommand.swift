import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutWorkflows

/// Rehearses a plan, or carries it out (docs/command-line.md, "retry").
struct RetryRunCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Show what a plan would send without a connection, or send what was reviewed.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(help: ArgumentHelp("The plan, by path or digest.", valueName: "record"))
    var plan: String

    @Flag(help: "Look up no name, open no connection, and record what would be sent.")
    var dryRun = false

    @Flag(help: "Send it: what the plan, --run and --review name, and nothing else.")
    var live = false

    @Option(
        help: ArgumentHelp(
            "With --live: the dry run that was reviewed, by path or digest.", valueName: "record"))
    var run: String?

    @Option(
        help: ArgumentHelp(
            "With --live: the review that approves it, by path or digest.", valueName: "record"))
    var review: String?

    @OptionGroup var routes: RoutesOptions
    @OptionGroup var outbox: OutboxOptions
    @OptionGroup var evidence: RouteKeyOptions
    @OptionGroup var options: RecordOptions

    func validate() throws {
        guard dryRun != live else { throw ValidationError("give --dry-run or --live") }
        guard live == (run != nil), live == (review != nil) else {
            throw ValidationError("--live needs --run and --review, and nothing else takes them")
        }
    }

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let routes = try routes.load()
        let key = try evidence.key()
        let secrets = await GatheredSecrets.gather(for: routes.routes)
        let outbox = try await outbox.open(creating: false, context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        let rehearsing = DryRun(routes, with: secrets, key: key, at: context.now)
        if dryRun {
            try await rehearse(by: rehearsing, outbox, &session, terms, context)
        } else if let run, let review {
            try demandSigner(terms, "a live run is signed")
            guard key != nil else {
                throw CommandFailure(
                    .usage, "a live run compares its messages with those that were reviewed",
                    hint: "give the --route-key and --disclosures of the dry run")
            }
            let permit = try await session.retryPermit(
                plan: Array(plan.utf8), dryRun: Array(run.utf8), review: Array(review.utf8), terms)
            let live = LiveRun(
                permit: permit, routes: routes, secrets: secrets, key: key, outbox: outbox,
                rehearsing: rehearsing, context: context)
            let sent = try await live.send()
            try evidence.keep(sent.flatMap(\.disclosures))
            var ended = terms
            ended.append.now = max(MachineClock(start: context.now).now, context.now)
            try await record(sent, by: permit, &session, ended, context)
        }
        do throws(OutboxError) { try outbox.close() } catch { throw CommandFailure(outbox: error) }
    }

    /// Records what would be sent.
    private func rehearse(
        by rehearsing: DryRun, _ outbox: Outbox, _ session: inout BundleSession,
        _ terms: RecordTerms, _ context: Context
    ) async throws {
        let planned = try await session.retried(byPlan: Array(plan.utf8), terms)
        var results: [RetryRun.Result] = []
        var shown: [Disclosure] = []
        for (id, route) in planned.retried {
            let event = try await outbox.event(ofDelivery: id)
            let (result, disclosures) = rehearsing.rehearse(
                DryRun.Subject(delivery: id, route: route, event: event))
            results.append(result)
            shown += disclosures
            context.console.note("\(id) over \(route): \(result.words)")
        }
        for entry in planned.others {
            results.append(
                RetryRun.Result(
                    delivery: entry.delivery, outcome: .skipped,
                    code: EvidenceCode("plan.\(entry.action.rawValue)")))
        }
        let receipt = try await session.recordDryRun(results, of: planned.plan, terms)
        try evidence.keep(shown)
        try context.console.receipt(receipt)
        context.console.note("nothing was sent: no name was looked up, no connection opened")
    }

    /// Records what was sent.
    private func record(
        _ sent: [LiveRun.Sent], by permit: RetryPermit, _ session: inout BundleSession,
        _ terms: RecordTerms, _ context: Context
    ) async throws {
        var delivered: [SHA256Digest] = []
        for item in sent {
            context.console.note("\(item.result.delivery): \(item.result.words)")
            guard let delivery = item.record else { continue }
            var own = terms
            own.signer = nil
            let (receipt, digest) = try await session.recordDelivery(
                delivery, subject: item.subject, by: permit, own)
            try context.console.receipt(receipt)
            delivered.append(digest)
        }
        let skipped = permit.skipped.map {
            RetryRun.Result(
                delivery: $0, outcome: .skipped, code: EvidenceCode("plan.not-reviewed"))
        }
        try context.console.receipt(
            try await session.recordLiveRun(
                sent.map(\.result) + skipped, by: permit, delivered: delivered, terms))
        guard sent.allSatisfy({ $0.result.outcome == .delivered }) else {
            throw CommandFailure(
                .incomplete, "not all of it was delivered",
                hint: "`closeout retry plan` plans what is to be done about the rest")
        }
    }
}

extension RetryRun.Result {
    /// What is to be said of it on a terminal.
    var words: String {
        var words = [outcome.rawValue]
        if let code { words.append(code.text) }
        if let rehearsal {
            words.append("\(rehearsal.bodySize) bytes")
            words.append(
                rehearsal.verdict == .notResolved
                    ? "not resolved" : "allowed by \(rehearsal.range ?? "")")
            if !rehearsal.headerNames.isEmpty {
                words.append("fields \(rehearsal.headerNames.joined(separator: " "))")
            }
        }
        return words.joined(separator: ", ")
    }
}
