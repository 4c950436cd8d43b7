import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutWorkflows

/// Sends once more what a permit names, and finds out how it ended.
struct LiveRun {
    /// How one delivery ended.
    struct Sent {
        /// What the run says of it.
        let result: RetryRun.Result
        /// What its record says; nil where nothing was attempted.
        let record: DeliveryRecord?
        /// The record that was reported.
        let subject: SHA256Digest?
        /// What its owner keeps.
        let disclosures: [Disclosure]
    }

    let permit: RetryPermit
    /// The same run, where it was cut off before.
    let kept: KeptLiveRun?
    let routes: Routes
    let secrets: GatheredSecrets
    let key: RouteKey?
    let outbox: Outbox
    let rehearsing: DryRun
    let context: Context

    /// Sends.
    func send() async throws -> [Sent] {
        try Descriptors.confirm()
        var ready: [String: ReadyRoute] = [:]
        for route in routes.routes {
            do throws(RouteFault) {
                ready[route.name] = try route.ready(with: secrets)
            } catch {
                let failure = CommandFailure(error, of: route.name)
                context.console.warning(failure.message, hint: failure.hint)
            }
        }
        try await inOutbox { try await $0.beginLiveRun(permit.names, now: context.now) }
        var refused: [String: String] = [:]
        var retries: [String: KeptLiveRun.Retry] = [:]
        for delivery in permit.deliveries {
            // What cannot be sent now begins no group of attempts, which a later command would send.
            if let code = try await refusal(of: delivery, over: ready[delivery.route]) {
                guard kept?.retries[delivery.id] == nil else {
                    throw CommandFailure(
                        .failed,
                        "the live run that was cut off cannot be recorded: \(delivery.id): \(code)",
                        hint: "give the routes, secrets and route key with which it began")
                }
                refused[delivery.id] = code
                continue
            }
            retries[delivery.id] = try await inOutbox {
                try await $0.retry(delivery.id, byPlan: permit.plan, now: context.now)
            }
        }
        try await work(retries, over: Array(ready.values))
        var sent: [Sent] = []
        for delivery in permit.deliveries {
            if let retry = retries[delivery.id], let route = ready[delivery.route] {
                sent.append(try await outcome(of: delivery, over: route, retry))
            } else {
                sent.append(skipped(delivery.id, refused[delivery.id] ?? "route.not-ready"))
            }
        }
        return sent
    }

    /// Remembers that the bundle has the record of the run.
    func end() async throws {
        try await inOutbox { try await $0.endLiveRun(ofPlan: permit.plan, now: context.now) }
    }

    private func inOutbox<Value: Sendable>(
        _ body: (Outbox) async throws -> Value
    ) async throws -> Value {
        do {
            return try await body(outbox)
        } catch let error as OutboxError {
            throw CommandFailure(outbox: error)
        }
    }

    /// Why a delivery is not what was reviewed; nil where it is.
    private func refusal(
        of delivery: RetryPermit.Delivery, over route: ReadyRoute?
    ) async throws -> String? {
        guard route != nil else { return "route.not-ready" }
        let event = try await outbox.event(ofDelivery: delivery.id)
        let subject = DryRun.Subject(
            delivery: delivery.id, route: delivery.route, event: event)
        let result = rehearsing.rehearse(subject).result
        guard let rehearsal = result.rehearsal else { return result.code?.text ?? "unknown" }
        // A dry run that commits to nothing says of no message that it was reviewed.
        guard !delivery.commitments.isEmpty else { return "review.no-commitment" }
        guard rehearsal.routeTag == delivery.routeTag else { return "review.route-differs" }
        guard rehearsal.headerNames == delivery.headerNames,
            rehearsal.commitments == delivery.commitments
        else { return "review.message-differs" }
        return nil
    }

    /// Sends what was not attempted yet, until nothing of it is due and nobody else sends any of it either.
    ///
    /// What a run that was cut off has attempted is not attempted again by it.
    private func work(
        _ retries: [String: KeptLiveRun.Retry], over routes: [ReadyRoute]
    ) async throws {
        let ids = retries.keys.sorted()
        guard !ids.isEmpty else { return }
        let clock = MachineClock(start: context.now)
        let dispatcher = Dispatcher(outbox, routes: routes, clock: clock) { _ in }
        defer { dispatcher.close() }
        while true {
            dispatcher.wake()
            try await inOutbox { outbox in
                _ = try await outbox.recover(now: clock.now)
                var untried: Set<String> = []
                for (id, retry) in retries
                where try await outbox.attempts(of: id).last?.number ?? 0 <= retry.before {
                    untried.insert(id)
                }
                if !untried.isEmpty { try await dispatcher.run(.once, only: untried) }
            }
            guard let end = try await inOutbox({ try await $0.held(ids, now: clock.now) }) else {
                return
            }
            // A service, or a run that was killed: what it sent, and how that ended, belongs to this run.
            context.console.note(
                "somebody else sends some of it, or was cut off: that is waited for, at most until "
                    + "\(end)")
            while try await inOutbox({ try await $0.held(ids, now: clock.now) }) != nil {
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// How a delivery ended, which the outbox knows.
    private func outcome(
        of delivery: RetryPermit.Delivery, over route: ReadyRoute, _ retry: KeptLiveRun.Retry
    ) async throws -> Sent {
        let (summary, attempts) = try await inOutbox { outbox in
            (
                try await outbox.delivery(delivery.id),
                try await outbox.attempts(of: delivery.id)
            )
        }
        guard let summary else { return skipped(delivery.id, "event.missing") }
        let isDelivered = summary.state == .settled
        var own = attempts.filter { $0.number > retry.before && $0.ended != nil }
        // It had arrived before the run, and the bundle did not know.
        if own.isEmpty, isDelivered { own = attempts.filter { $0.group == retry.group } }
        guard let last = own.last else { return skipped(delivery.id, "route.not-tried") }
        let event = try await outbox.event(ofDelivery: delivery.id)
        let told = try RouteEvidence(route, key: key).details(
            of: event, delivery: delivery.id, attempts: own, at: context.now)
        let code = EvidenceCode(last.code ?? "") ?? EvidenceCode("unknown")
        return Sent(
            result: RetryRun.Result(
                delivery: delivery.id, outcome: isDelivered ? .delivered : .failed,
                code: isDelivered ? nil : code, attempts: own.count),
            record: DeliveryRecord(summary, attempts, told.details, isStopped: true),
            subject: event?.record, disclosures: told.disclosures)
    }

    private func skipped(_ id: String, _ code: String) -> Sent {
        Sent(
            result: RetryRun.Result(
                delivery: id, outcome: .skipped,
                code: EvidenceCode(code) ?? EvidenceCode("unknown")),
            record: nil, subject: nil, disclosures: [])
    }
}

extension Outbox {
    /// The event of a delivery, as it was stored; nil where there is no such delivery.
    func event(ofDelivery id: String) async throws -> DeliveryEvent? {
        do throws(OutboxError) {
            guard let summary = try await delivery(id),
                let body = try await body(ofEvent: summary.event)
            else { return nil }
            return try? DeliveryEvent(stored: body)
        } catch {
            throw CommandFailure(outbox: error)
        }
    }
}

extension RetryPermit {
    /// The digests of what allows it, as the outbox remembers them.
    var names: LiveRunNames { LiveRunNames(plan: plan, dryRun: dryRun, review: review) }
}
