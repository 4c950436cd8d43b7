import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutOutbound
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// Answers a deployment protection rule of GitHub (docs/delivery.md, "Answering GitHub").
struct DeliverGitHubGate: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "github-gate",
        abstract: "Approve or reject a deployment on GitHub, as the decision on a release says.",
        discussion: "Sent once and at once. Without a decision that counts nothing is sent.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp(
            "The event deployment_protection_rule as GitHub sent it; - is standard input.",
            valueName: "file"), completion: .file(), transform: pathArgument)
    var event: [UInt8]

    @Option(
        help: ArgumentHelp(
            "The route; needed where several have the provider github-gate.", valueName: "name"))
    var route: String?

    @OptionGroup var routes: RoutesOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var shipped: ArtifactOptions
    @OptionGroup var logKey: LogKeyOptions
    @OptionGroup var evidence: RouteKeyOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let all = try routes.load()
        let work = BundleWork(
            routes: all, trust: try trust.load(), artifacts: shipped.request,
            logSigner: try logKey.loadLogKey(), context: context,
            key: try evidence.key(allowingReadable: logKey.allowsReadableKeys)
        ) { [evidence] in try evidence.keep($0) }
        context.console.warn(of: all.exposed(at: try routes.path))
        let answer = try await prepare(over: try gate(in: all))
        let (decision, delivery, earlier) = try await look(for: answer, work)
        try await send(decision, by: answer, as: delivery, after: earlier, work)
    }

    /// Finds the decision and the id of its delivery, with the group of the last attempt on record.
    ///
    /// The bundle is let go of before anything is sent: what is verified is locked.
    private func look(
        for answer: GateAnswer, _ work: BundleWork
    ) async throws -> (DeliveryEvent, String, Int) {
        let (checked, _) = try await work.check(bundle, at: work.context.now)
        if DeliveryEvent.isContradicted(checked.report) {
            throw CommandFailure(
                .incomplete,
                "a later decision blocks \(printable(bundle)), and GitHub gets no answer",
                hint: "it does not count by itself, and speaks against the release: "
                    + "`closeout close` decides again")
        }
        let events = try DeliveryEvent.events(of: checked)
        guard let decision = events.first(where: { $0.kind == .decision }) else {
            throw CommandFailure(
                .incomplete,
                "\(printable(bundle)) has no decision that counts, and GitHub gets no answer",
                hint: "`closeout close` decides; `closeout show` says why a decision does not count"
            )
        }
        let delivery = try answer.delivery(of: decision, key: work.key)
        return (
            decision, delivery, checked.report.evidence?.deliveries.groups(of: delivery) ?? 0
        )
    }

    /// The route that answers.
    private func gate(in all: Routes) throws -> Route {
        let gates = all.routes.filter { $0.provider == .githubGate }
        if let route {
            let named = try routes.load(route)
            guard named.provider == .githubGate else {
                throw CommandFailure(
                    .usage, "route \(printable(route)) is not of the provider github-gate")
            }
            return named
        }
        guard let gate = gates.first, gates.count == 1 else {
            throw CommandFailure(
                .usage,
                gates.isEmpty
                    ? "no route has the provider github-gate"
                    : "several routes have the provider github-gate",
                hint: gates.isEmpty
                    ? "`closeout routes init github-gate` writes one"
                    : "give --route: there are \(gates.map(\.name).joined(separator: ", "))")
        }
        return gate
    }

    /// Reads the secret and GitHub's event.
    private func prepare(over route: Route) async throws -> GateAnswer {
        let path = event == Array("-".utf8) ? Array("/dev/stdin".utf8) : event
        let request = try readInput(path, limit: GateAnswer.mostBytes).bytes
        let secrets = await GatheredSecrets.gather(for: [route])
        let ready: ReadyRoute
        do throws(RouteFault) {
            ready = try route.ready(with: secrets)
        } catch {
            throw CommandFailure(error, of: route.name)
        }
        do throws(ProviderFault) {
            return try GateAnswer(to: request, over: ready)
        } catch {
            throw CommandFailure(
                .malformed, "\(printable(event)) is not answered: \(error)",
                hint: "an answer goes only to the host of the route, to the path of such answers")
        }
    }

    /// Sends the answer, prints the result, and records it.
    private func send(
        _ decision: DeliveryEvent, by answer: GateAnswer, as delivery: String, after earlier: Int,
        _ work: BundleWork
    ) async throws {
        let clock = MachineClock(start: work.context.now)
        try Descriptors.confirm()
        let sender = answer.route.sender()
        defer { sender.close() }
        let began = clock.now
        let sent = await sender.send(
            decision, try DeliveryAttempt(delivery: delivery, at: began))
        let word = GateAnswer.approves(decision) ? "approved" : "rejected"
        switch format {
        case .text: try work.context.console.result("answer  \(word)\n" + sent.text)
        case .json:
            try work.context.console.result(
                ["answer": JSON(word), "result": sent.json(of: delivery)] as JSON)
        }
        var allowed: Set<AddressRange> = []
        if case .allowedByOwner(let range, _) = sent.permission { allowed.insert(range) }
        let told = try RouteEvidence(answer.route, key: work.key).details(
            of: decision, delivery: delivery, allowed: allowed, at: began)
        let ended = max(clock.now, began)
        guard
            let record = DeliveryRecord(
                sent, delivery: delivery, of: decision, by: answer.route, group: earlier + 1,
                began: began, ended: ended, told.details)
        else { throw CommandFailure(.internal, "what was sent cannot be recorded") }
        try work.keep(told.disclosures)
        let terms = RecordTerms(
            AppendOptions(now: ended, policy: work.trust.policy, logSigner: work.logSigner))
        var session = try await BundleSession(opening: bundle, waiting: work.context.lockWait)
        work.tell(
            try await session.recordDelivery(record, subject: decision.record, terms).receipt)
        switch sent.result.outcome {
        case .success:
            if !GateAnswer.approves(decision) { throw ExitStatus.blocked.code }
        case .permanent: throw ExitStatus.failed.code
        case .transient, .unknownOutcome: throw ExitStatus.incomplete.code
        }
    }
}

extension CloseoutRecords.DeliveryState {
    /// How many groups of attempts the records have of a delivery.
    fileprivate func groups(of delivery: String) -> Int {
        let records = items.filter { $0.latest.delivery.utf8.elementsEqual(delivery.utf8) }
            .flatMap(\.records)
        return records.flatMap { record -> [Int] in
            guard case .delivery(let told) = record.body else { return [] }
            return told.attempts.compactMap { $0.details?.group }
        }.max() ?? 0
    }
}
