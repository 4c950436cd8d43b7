import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// The steps that one bundle goes through: its events are queued, sent, and their results are recorded in it.
struct BundleWork {
    let routes: Routes
    let trust: Trust
    let artifacts: VerificationRequest.Artifacts
    let logSigner: (any KeySigner)?
    let context: Context
    /// The key of route tags and commitments; nil for records without them.
    let key: RouteKey?
    /// Keeps what opens commitments, before those are recorded.
    let keep: @Sendable ([Disclosure]) throws -> Void
    /// Gets the path of each bundle from which unfinished records were taken back, and what was done.
    var tookBack: (@Sendable ([UInt8], String) -> Void)?

    /// Queues what a bundle has to tell.
    ///
    /// - Returns: The digest of its seal, whether it has something to tell, and whether a later decision blocks the one
    ///   that it would tell of.
    /// - Throws: `CommandFailure` where the bundle is FAILED: nothing of it is delivered then.
    func queue(
        _ bundle: [UInt8], in outbox: Outbox, at now: Instant
    ) async throws -> (seal: SHA256Digest, hasEvents: Bool, isContradicted: Bool) {
        let (checked, seal) = try await check(bundle, at: now)
        let events = try DeliveryEvent.events(of: checked)
        do throws(OutboxError) {
            for event in events { _ = try await outbox.enqueue(event, for: routes, now: now) }
        } catch {
            throw CommandFailure(outbox: error)
        }
        return (seal, !events.isEmpty, DeliveryEvent.isContradicted(checked.report))
    }

    /// Says that a decision is not delivered, since a later one blocks it.
    static func contradiction(of bundle: [UInt8]) -> String {
        "a later decision blocks \(printable(bundle)), and the earlier one is not delivered"
    }

    /// Verifies a bundle of which something is to be delivered.
    ///
    /// - Throws: `CommandFailure` where the bundle is FAILED.
    func check(
        _ bundle: [UInt8], at now: Instant
    ) async throws -> (checked: RecheckedBundle, seal: SHA256Digest) {
        var checked = try await verify(bundle, at: now)
        if isUnfinished(checked.report) {
            // What is verified is locked, so that it is let go of first.
            _ = consume checked
            try await takeBack(bundle)
            checked = try await verify(bundle, at: now)
        }
        guard let seal = checked.report.release?.seal, checked.report.verdict != .failed else {
            throw CommandFailure(
                .failed,
                "\(printable(bundle)) is FAILED, and nothing of such a bundle is delivered",
                hint: "`closeout verify` says what is wrong; after a crash `closeout repair` "
                    + "takes away what was not finished")
        }
        return (checked, seal)
    }

    private func verify(_ bundle: [UInt8], at now: Instant) async throws -> RecheckedBundle {
        var request = VerificationRequest(trust: trust, asOf: now)
        request.lockWait = context.lockWait
        request.artifacts = artifacts == .notGiven ? .none : artifacts
        return try await verifyBundle(at: bundle, request)
    }

    /// Whether nothing is wrong with a bundle but files that its log does not name.
    private func isUnfinished(_ report: Report) -> Bool {
        report.verdict == .failed
            && report.findings.allSatisfy { $0.status != .fail || $0.id == .bundleUnlisted }
    }

    /// Takes back unfinished records of deliveries, where there is nothing else.
    private func takeBack(_ bundle: [UInt8]) async throws {
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        guard let receipt = try await session.takeBackUnfinishedRecords() else { return }
        let notes = receipt.remarks.map { remark in
            switch remark {
            case .note(let text), .warning(let text, _): text
            }
        }
        let words = notes.joined(separator: "; ")
        if let tookBack {
            tookBack(bundle, words)
        } else {
            context.console.warning(
                "\(printable(bundle)): what an earlier run had not finished recording was taken back: "
                    + words)
        }
    }

    /// Sends deliveries until nothing of them is due, or somebody wants the program to stop.
    func send(_ ids: Set<String>, of outbox: Outbox, by ready: [ReadyRoute]) async throws {
        try Descriptors.confirm()
        let line = SendingLine(console: context.console, deliveries: ids.count)
        defer { line?.clear() }
        let dispatcher = Dispatcher(
            outbox, routes: ready, clock: MachineClock(start: context.now)
        ) { [console = context.console] report in
            line?.add(report)
            guard case .changed(let change) = report else { return }
            line?.clear()
            console.warning(change.words)
        }
        defer { dispatcher.close() }
        StopRequest.listen()
        let sending = Task { try await dispatcher.run(.once, only: ids) }
        let stopping = Task {
            while !StopRequest.isMade { try await Task.sleep(for: .milliseconds(200)) }
            sending.cancel()
        }
        defer { stopping.cancel() }
        do {
            try await sending.value
        } catch let error as OutboxError {
            throw CommandFailure(outbox: error)
        }
    }

    /// The routes whose secrets can be read.
    ///
    /// - Parameter warn: Gets each of the others.
    /// - Returns: the routes in their order.
    func readyRoutes(warn: (CommandFailure) -> Void) async -> [ReadyRoute] {
        let secrets = await GatheredSecrets.gather(for: routes.routes)
        var ready: [ReadyRoute] = []
        for route in routes.routes {
            do throws(RouteFault) {
                ready.append(try route.ready(with: secrets))
            } catch {
                warn(CommandFailure(error, of: route.name))
            }
        }
        return ready
    }

    /// Appends a record for each delivery that has come to an end.
    ///
    /// - Parameters:
    ///   - seal: The bundle's seal.
    ///   - outbox: What was delivered.
    ///   - ready: The routes by which it was.
    ///   - bundle: Where the bundle is.
    ///   - now: When it is recorded.
    /// - Returns: what was recorded.
    /// - Throws: `WorkflowError`, `OutboxError`; what was recorded before stays.
    func record(
        about seal: SHA256Digest, from outbox: Outbox, by ready: [ReadyRoute], in bundle: [UInt8],
        at now: Instant
    ) async throws -> Receipt {
        var records: [(record: DeliveryRecord, subject: SHA256Digest?)] = []
        var disclosures: [Disclosure] = []
        for delivery in try await outbox.finished(about: seal) {
            let event = try await outbox.event(ofDelivery: delivery.summary.id)
            let (details, shown) = try details(of: delivery, event, ready, now)
            if let record = DeliveryRecord(delivery.summary, delivery.attempts, details) {
                records.append((record, event?.record))
                disclosures += shown
            }
        }
        guard !records.isEmpty else { return Receipt() }
        try keep(disclosures)
        let terms = RecordTerms(
            AppendOptions(now: now, policy: trust.policy, logSigner: logSigner))
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        return try await session.record(records, terms)
    }

    /// What a record says of a delivery beside its attempts.
    private func details(
        of finished: FinishedDelivery, _ event: DeliveryEvent?, _ ready: [ReadyRoute],
        _ now: Instant
    ) throws -> (DeliveryRecord.Details, [Disclosure]) {
        let delivery = finished.summary
        let route = ready.first { $0.name == delivery.route }
        guard let route else { return (DeliveryRecord.Details(eventID: delivery.event), []) }
        return try RouteEvidence(route, key: key).details(
            of: event, delivery: delivery.id, attempts: finished.attempts, at: now)
    }

    /// Says what was recorded, and what a person should know of it.
    func tell(_ receipt: Receipt) {
        for path in receipt.stored { context.console.note("recorded \(printable(path))") }
        for remark in receipt.remarks {
            switch remark {
            case .note(let text): context.console.note(text)
            case .warning(let text, let hint): context.console.warning(text, hint: hint)
            }
        }
    }
}
