import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound

/// Works on the deliveries of one route: claims what is due, and has as many senders as the route has connections.
///
/// A sender writes down the end of one attempt and the beginning of the next together.
struct RouteWorker: Sendable {
    let outbox: Outbox
    let route: String
    /// What tells it from what it may be later; nil where libcrypto could not say.
    let fingerprint: SHA256Digest?
    let connections: Int
    /// How long an attempt may take.
    let deadline: Duration
    let sender: any MessageSender
    let clock: any SendingClock
    let report: @Sendable (SendingReport) -> Void
    let pace: Pace

    /// The most seconds between two looks at the outbox, to which other processes add.
    static let longestWait: Int64 = 5

    init(
        _ route: ReadyRoute, _ sender: any MessageSender, outbox: Outbox, clock: any SendingClock,
        report: @escaping @Sendable (SendingReport) -> Void
    ) {
        self.outbox = outbox
        self.route = route.name
        fingerprint = try? route.fingerprint()
        connections = route.limits.connections
        deadline = route.limits.deadline
        self.sender = sender
        self.clock = clock
        self.report = report
        pace = Pace(senders: route.limits.connections, at: clock.now)
    }

    /// How long a lease lasts: an attempt waits for two before it, and each makes two requests at most.
    private var leaseSeconds: Int64 { deadline.components.seconds * 7 + 30 }

    /// Works until nothing is due, or until it is stopped.
    ///
    /// It is to run where nothing cancels it: an attempt that has begun ends by its deadline.
    ///
    /// - Returns: why it could not go on; it goes on whatever happens where it is to run for ever.
    func run(_ mode: Dispatcher.Mode, only: [String]?) async -> OutboxError? {
        await withDiscardingTaskGroup { group in
            var failure: OutboxError?
            while !pace.isStopped {
                do throws(OutboxError) {
                    if let failure = pace.takeFailure() { throw failure }
                    if pace.isShort, pace.isDue(clock.now) { pace.keep(try await claim(only)) }
                } catch {
                    report(.trouble(route: route, error, at: clock.now))
                    guard mode == .forever else {
                        failure = error
                        break
                    }
                    pace.look(at: clock.now.later(by: Self.longestWait))
                }
                while let lease = pace.begin() { group.addTask { await send(from: lease) } }
                if pace.isShort, pace.isDue(clock.now) { continue }
                if mode == .once, pace.isIdle, !pace.isDue(clock.now) { break }
                await pace.wait(by: clock)
            }
            for lease in pace.takeRest() { try? await outbox.release(lease) }
            return failure
        }
    }

    /// Takes what is due, and finds out when to look again where that was all.
    private func claim(_ only: [String]?) async throws(OutboxError) -> [Lease] {
        pace.forget()
        let now = clock.now
        let claim = try await outbox.claim(
            route: route, only: only, limit: connections, now: now, seconds: leaseSeconds)
        for change in claim.changes { report(.changed(change)) }
        if claim.leases.count == connections {
            pace.look(at: now)
        } else {
            let soonest = now.later(by: 1)
            let next = try await outbox.nextDue(route: route, only: only) ?? soonest
            pace.look(at: min(max(next, soonest), now.later(by: Self.longestWait)))
        }
        return claim.leases
    }

    /// Makes one attempt after the other, from the beginning of each to what is written down of its end.
    private func send(from first: Lease) async {
        var lease: Lease? = first
        var beginning: Result<BegunAttempt, OutboxError>?
        var failure: OutboxError?
        while let current = lease, failure == nil {
            do throws(OutboxError) {
                let begun =
                    if let beginning { try beginning.get() } else {
                        try await outbox.begin(current, over: fingerprint, now: clock.now)
                    }
                report(.began(begun))
                let sent = await message(begun)
                lease = pace.proceed()
                beginning = try await finish(begun, sent, thenBegin: lease)
                continue
            } catch .circuitOpen {
                try? await outbox.release(current)
            } catch .leaseLost {
                pace.look(at: clock.now)
            } catch {
                try? await outbox.release(current)
                failure = error
            }
            // What was to follow has not begun; who stops meanwhile would not find it at hand.
            if let lease, lease != current { try? await outbox.release(lease) }
            lease = failure == nil ? pace.proceed() : nil
            beginning = nil
        }
        pace.end(failure: failure)
    }

    /// Sends what the outbox has of the event.
    private func message(_ begun: BegunAttempt) async -> SentMessage {
        let attempt: DeliveryAttempt
        do throws(ProviderFault) {
            attempt = try DeliveryAttempt(delivery: begun.lease.delivery, at: begun.began)
        } catch {
            return SentMessage(error)
        }
        guard let event = try? DeliveryEvent(stored: begun.lease.body) else {
            return SentMessage(result: AttemptResult(.permanent, code: "event.malformed"))
        }
        return await sender.send(event, attempt)
    }

    /// Writes down what an attempt led to, as soon as the outbox takes it, and with it that the next one begins.
    ///
    /// - Returns: the next one, or why it has not begun; nil where there is none, or it is still to begin.
    /// - Throws: `OutboxError` where the outbox does not take it: its outcome will be unknown.
    private func finish(
        _ begun: BegunAttempt, _ sent: SentMessage, thenBegin next: Lease?
    ) async throws(OutboxError) -> Result<BegunAttempt, OutboxError>? {
        var patience = 5
        while true {
            let now = clock.now
            do throws(OutboxError) {
                let (finished, beginning) = try await record(begun, sent, thenBegin: next, at: now)
                report(.finished(begun, sent, finished, at: now))
                for change in finished.changes { report(.changed(change)) }
                pace.look(at: finished.changes.isEmpty ? finished.next : now)
                return beginning
            } catch .leaseLost {
                report(.overtaken(begun, sent, at: now))
                return nil
            } catch {
                report(.trouble(route: route, error, at: now))
                guard patience > 0, !error.isOfOneRequest else { throw error }
                patience -= 1
                try? await clock.sleep(seconds: 1)
            }
        }
    }

    private func record(
        _ begun: BegunAttempt, _ sent: SentMessage, thenBegin next: Lease?, at now: Instant
    ) async throws(OutboxError) -> (FinishedAttempt, Result<BegunAttempt, OutboxError>?) {
        guard let next else {
            let finished = try await outbox.finish(
                begun, sent.result, allowedBy: sent.allowedBy, now: now)
            return (finished, nil)
        }
        return try await outbox.finish(
            begun, sent.result, allowedBy: sent.allowedBy, thenBegin: next, over: fingerprint,
            now: now)
    }
}
