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
        let path = try self.routes.path
        let routes = try routes.load()
        let key = try evidence.key(allowingReadable: options.allowsReadableKeys)
        guard key != nil else {
            throw CommandFailure(
                .usage,
                dryRun
                    ? "no live run could send what a dry run without commitments shows"
                    : "a live run compares its messages with those that were reviewed",
                hint: dryRun
                    ? "give --route-key and --disclosures; `closeout redaction keygen` makes a key"
                    : "give the --route-key and --disclosures of the dry run")
        }
        context.console.warn(of: routes.exposed(at: path))
        let secrets = await GatheredSecrets.gather(for: routes.routes)
        let outbox = try await outbox.open(creating: false, context)
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        let rehearsing = DryRun(routes, with: secrets, key: key, at: context.now)
        if dryRun {
            try await rehearse(by: rehearsing, outbox, &session, terms, context)
        } else if let run, let review {
            try demandSigner(terms, "a live run is signed")
            let names = (Array(plan.utf8), Array(run.utf8), Array(review.utf8))
            let digests = try await session.retryNames(
                plan: names.0, dryRun: names.1, review: names.2, terms)
            let kept: KeptLiveRun?
            do throws(OutboxError) {
                kept = try await outbox.liveRun(
                    using: LiveRunNames(
                        plan: digests.plan, dryRun: digests.dryRun, review: digests.review))
            } catch {
                throw CommandFailure(outbox: error)
            }
            let permit = try await session.retryPermit(
                plan: names.0, dryRun: names.1, review: names.2,
                begun: Set((kept?.retries ?? [:]).keys), terms)
            try confirm(kept, permit, context)
            let live = LiveRun(
                permit: permit, kept: kept, routes: routes, secrets: secrets, key: key,
                outbox: outbox,
                rehearsing: rehearsing, context: context)
            let sent = try await live.send()
            try evidence.keep(sent.flatMap(\.disclosures))
            var ended = terms
            ended.append.now = max(MachineClock(start: context.now).now, context.now)
            let isComplete = try await record(sent, by: permit, &session, ended, context)
            try await live.end()
            guard isComplete else {
                throw CommandFailure(
                    .incomplete, "not all of it was delivered",
                    hint: "`closeout retry plan` plans what is to be done about the rest")
            }
        }
        do throws(OutboxError) { try outbox.close() } catch { throw CommandFailure(outbox: error) }
    }

    /// Confirms that no other live run used the plan or the review, of which the bundle may know nothing: it may be a copy
    /// from before that run.
    private func confirm(_ kept: KeptLiveRun?, _ permit: RetryPermit, _ context: Context) throws {
        guard let kept else { return }
        guard kept.recorded == nil else {
            throw CommandFailure(
                .failed,
                "nothing is sent: a live run that began at \(kept.began) used this plan and its review, "
                    + "and this bundle has no record of it",
                hint: "take the bundle that has the record, or make a new plan: closeout retry plan"
            )
        }
        guard kept.names == permit.names else {
            throw CommandFailure(
                .failed,
                "nothing is sent: another live run of this plan or review, of \(kept.began), was cut off",
                hint: "take that up again: --plan \(kept.names.plan.hex) --run "
                    + "\(kept.names.dryRun.hex) --review \(kept.names.review.hex)")
        }
        context.console.note("the live run of \(kept.began), which was cut off, is taken up again")
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
    ///
    /// - Returns: Whether all of it was delivered.
    private func record(
        _ sent: [LiveRun.Sent], by permit: RetryPermit, _ session: inout BundleSession,
        _ terms: RecordTerms, _ context: Context
    ) async throws -> Bool {
        var delivered: [SHA256Digest] = []
        for item in sent {
            context.console.note("\(item.result.delivery): \(item.result.words)")
            guard let delivery = item.record else { continue }
            var own = terms
            own.signer = nil
            let (receipt, digest) = try await session.record(
                delivery, subject: item.subject, by: permit, own)
            try context.console.receipt(receipt)
            if let digest { delivered.append(digest) }
        }
        try context.console.receipt(
            try await session.recordLiveRun(
                sent.map(\.result) + permit.skipped, by: permit, delivered: delivered, terms))
        return sent.allSatisfy { $0.result.outcome == .delivered }
    }
}
