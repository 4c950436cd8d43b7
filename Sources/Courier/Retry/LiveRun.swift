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
    let routes: Routes
    let secrets: GatheredSecrets
    let key: RouteKey?
    let outbox: Outbox
    let rehearsing: DryRun
    let context: Context

    /// Sends.
    func send() async throws -> [Sent] {
        var ready: [String: ReadyRoute] = [:]
        for route in routes.routes {
            do throws(RouteFault) {
                ready[route.name] = try route.ready(with: secrets)
            } catch {
                let failure = CommandFailure(error, of: route.name)
                context.console.warning(failure.message, hint: failure.hint)
            }
        }
        var refused: [String: String] = [:]
        var sending: Set<String> = []
        var groups: [String: Int] = [:]
        for delivery in permit.deliveries {
            // What cannot be sent now begins no group of attempts, which a later command would send.
            guard ready[delivery.route] != nil else {
                refused[delivery.id] = "route.not-ready"
                continue
            }
            let event = try await outbox.event(ofDelivery: delivery.id)
            if let code = refusal(of: delivery, event) {
                refused[delivery.id] = code
                continue
            }
            groups[delivery.id] = try await begin(delivery.id)
            sending.insert(delivery.id)
        }
        try await work(sending, over: Array(ready.values))
        var sent: [Sent] = []
        for delivery in permit.deliveries {
            if let code = refused[delivery.id] {
                sent.append(skipped(delivery.id, code))
            } else {
                sent.append(
                    try await outcome(
                        of: delivery, over: ready[delivery.route], since: groups[delivery.id] ?? 1))
            }
        }
        return sent
    }

    /// Why a delivery is not what was reviewed; nil where it is.
    private func refusal(
        of delivery: RetryPermit.Delivery, _ event: DeliveryEvent?
    ) -> String? {
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

    /// Begins a new group of attempts, unless one is on its way.
    ///
    /// - Returns: The group.
    private func begin(_ id: String) async throws -> Int {
        do throws(OutboxError) {
            guard let summary = try await outbox.delivery(id) else { return 1 }
            guard summary.state == .dead || summary.state == .needsReview else {
                return summary.group
            }
            _ = try await outbox.replay(id, now: context.now)
            return summary.group + 1
        } catch {
            throw CommandFailure(outbox: error)
        }
    }

    /// Sends until nothing is due.
    private func work(_ ids: Set<String>, over routes: [ReadyRoute]) async throws {
        guard !ids.isEmpty else { return }
        let dispatcher = Dispatcher(
            outbox, routes: routes, clock: MachineClock(start: context.now)
        ) { _ in }
        defer { dispatcher.close() }
        do throws(OutboxError) {
            try await dispatcher.run(.once, only: ids)
        } catch {
            throw CommandFailure(outbox: error)
        }
    }

    /// How a delivery ended.
    private func outcome(
        of delivery: RetryPermit.Delivery, over route: ReadyRoute?, since group: Int
    ) async throws -> Sent {
        let summary: DeliverySummary?
        let attempts: [KeptAttempt]
        do throws(OutboxError) {
            summary = try await outbox.delivery(delivery.id)
            attempts = try await outbox.attempts(of: delivery.id)
        } catch {
            throw CommandFailure(outbox: error)
        }
        let own = attempts.filter { $0.group >= group && $0.ended != nil }
        guard let summary, let last = own.last, let route else {
            return skipped(delivery.id, "route.not-tried")
        }
        let event = try await outbox.event(ofDelivery: delivery.id)
        let told = try RouteEvidence(route, key: key).details(
            of: event, delivery: delivery.id, attempts: own, at: context.now)
        let isDelivered = summary.state == .settled
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
