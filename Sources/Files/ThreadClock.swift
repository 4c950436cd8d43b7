/// A clock that sleeps on the thread of the task that asks.
///
/// It is for a program that may be given no thread but the one that it has: the concurrency library ends
/// a sleep on a thread of its own, and waits for ever where the system gives none (docs/architecture.md,
/// "Threads"). A library sleeps by `ContinuousClock`.
package struct ThreadClock: Clock {
    /// An instant of the machine's steady clock.
    package typealias Instant = ContinuousClock.Instant

    private let clock = ContinuousClock()

    /// Takes the machine's steady clock.
    package init() {}

    /// The present instant.
    package var now: Instant { clock.now }

    /// The shortest time that the clock can measure.
    package var minimumResolution: Duration { clock.minimumResolution }

    /// Sleeps until an instant, on this thread.
    ///
    /// - Throws: `CancellationError` where the task is cancelled.
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
