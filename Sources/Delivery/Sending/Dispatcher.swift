package import CloseoutOutbound

/// Sends what an outbox holds, over all routes at once (docs/delivery.md).
///
///     let dispatcher = Dispatcher(outbox, routes: routes, clock: clock) { print($0) }
///     try await dispatcher.run(.once)
///     dispatcher.close()
///
/// Each route has a worker with connections of its own, so that none waits for another. An attempt is written down
/// before its first byte leaves. Where the task is cancelled, no further attempt begins; those under way end by their
/// deadline and are written down as what they were, and no lease is left behind.
package final class Dispatcher: Sendable {
    /// How long it works.
    package enum Mode: Hashable, Sendable {
        /// Until nothing is due.
        case once
        /// Until the task is cancelled.
        case forever
    }

    private let workers: [RouteWorker]
    private let clock: any SendingClock

    /// Makes the workers, which open no connection yet.
    ///
    /// - Parameters:
    ///   - outbox: What is to be sent.
    ///   - routes: The routes, each with its secrets.
    ///   - clock: What says the time.
    ///   - resolver: What looks up names.
    ///   - report: Gets what happens, from many tasks at once.
    package init(
        _ outbox: Outbox, routes: [ReadyRoute], clock: any SendingClock,
        resolver: Resolver = .system, report: @escaping @Sendable (SendingReport) -> Void
    ) {
        workers = routes.map { route in
            RouteWorker(
                route, route.sender(resolver: resolver), outbox: outbox, clock: clock,
                report: report)
        }
        self.clock = clock
    }

    /// Sends.
    ///
    /// - Parameters:
    ///   - mode: How long it works.
    ///   - only: The ids of the only deliveries that may be sent, as a live run names them; nil for all.
    /// - Throws: `OutboxError` where the outbox cannot be worked with; only where it is to work until nothing is due.
    package func run(_ mode: Mode, only: Set<String>? = nil) async throws(OutboxError) {
        let names = only?.sorted()
        // What has begun to send is not to be cut off, so nothing of it can be cancelled.
        let work = Task { [workers] in
            await withTaskGroup(of: OutboxError?.self) { group in
                for worker in workers { group.addTask { await worker.run(mode, only: names) } }
                return await group.reduce(nil) { $0 ?? $1 }
            }
        }
        let failure = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            for worker in workers { worker.pace.stop() }
        }
        if let failure { throw failure }
    }

    /// Looks into the outbox now, where something was queued.
    package func wake() {
        for worker in workers { worker.pace.wake(clock.now) }
    }

    /// Lets go of all connections, once nothing runs.
    package func close() {
        for worker in workers { worker.sender.close() }
    }
}
