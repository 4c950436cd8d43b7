/// A clock that sleeps on the thread of the task that asks.
///
/// It is for a program that may be given no thread but the one that it has: the concurrency library ends
/// a sleep on a thread of its own, and waits for ever where the system gives none (docs/architecture.md,
/// "Threads"). A library sleeps by `ContinuousClock`.
package struct ThreadClock: Clock {
    package typealias Instant = ContinuousClock.Instant

    private let clock = ContinuousClock()

    package init() {}

    package var now: Instant { clock.now }

    package var minimumResolution: Duration { clock.minimumResolution }

    package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let (seconds, attoseconds) = now.duration(to: deadline).components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        if microseconds > 0 {
            Machine.pause(microseconds: UInt32(clamping: microseconds))
        }
        try Task.checkCancellation()
    }
}
