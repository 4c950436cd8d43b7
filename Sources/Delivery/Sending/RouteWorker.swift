import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound

/// Works on the deliveries of one route: claims what is due, and makes so many attempts at once as it has connections.
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
        pace = Pace(at: clock.now)
    }

    /// How long a lease lasts: an attempt waits for one before it, then makes two requests at most.
    private var leaseSeconds: Int64 { deadline.components.seconds * 4 + 30 }

    /// Works until nothing is due, or until it is stopped.
    ///
    /// It is to run where nothing cancels it: an attempt that has begun ends by its deadline.
    ///
    /// - Returns: why it could not go on; it goes on whatever happens where it is to run for ever.
    func run(_ mode: Dispatcher.Mode, only: [String]?) async -> OutboxError? {
        await withDiscardingTaskGroup { group in
            var held: [Lease] = []
            var failure: OutboxError?
            while !pace.isStopped {
                do throws(OutboxError) {
                    if let failure = pace.takeFailure() { throw failure }
                    if held.isEmpty, pace.isDue(clock.now) { held = try await claim(only) }
                } catch {
                    report(.trouble(route: route, error, at: clock.now))
                    guard mode == .forever else {
                        failure = error
                        break
                    }
                    pace.look(at: clock.now.later(by: Self.longestWait))
                }
                while let lease = held.first, pace.begin(atMost: connections) {
                    held.removeFirst()
                    group.addTask { await attempt(lease) }
                }
                let isDue = pace.isDue(clock.now)
                if held.isEmpty, isDue { continue }
                if mode == .once, held.isEmpty, pace.running == 0, !pace.isDue(clock.now) { break }
                await pace.wait(by: clock, forDue: held.isEmpty)
            }
            for lease in held { try? await outbox.release(lease) }
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

    /// Makes one attempt, from its beginning to what is written down of its end.
    private func attempt(_ lease: Lease) async {
        var (next, failure): (Instant?, OutboxError?)
        do throws(OutboxError) {
            let begun = try await outbox.begin(lease, over: fingerprint, now: clock.now)
            report(.began(begun))
            next = try await finish(begun, await message(begun))
        } catch .circuitOpen {
            try? await outbox.release(lease)
        } catch .leaseLost {
            next = clock.now
        } catch {
            try? await outbox.release(lease)
            failure = error
        }
        pace.end(next: next, failure: failure)
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

    /// Writes down what an attempt led to, as soon as the outbox takes it.
    ///
    /// - Returns: when something is due because of it.
    /// - Throws: `OutboxError` where the outbox does not take it: its outcome will be unknown.
    private func finish(
        _ begun: BegunAttempt, _ sent: SentMessage
    ) async throws(OutboxError) -> Instant? {
        var patience = 5
        while true {
            let now = clock.now
            do throws(OutboxError) {
                let finished = try await outbox.finish(
                    begun, sent.result, allowedBy: sent.allowedBy, now: now)
                report(.finished(begun, sent, finished, at: now))
                for change in finished.changes { report(.changed(change)) }
                return finished.changes.isEmpty ? finished.next : now
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
}
