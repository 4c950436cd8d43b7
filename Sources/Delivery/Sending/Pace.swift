import CloseoutEncodings
import Synchronization

/// What one worker has under way and when it looks for more: the little that its attempts tell it.
final class Pace: Sendable {
    private struct State {
        var running = 0
        /// When something can be due; nil where nobody knows of anything.
        var next: Instant?
        var isStopped = false
        var failure: OutboxError?
    }

    private let state: Mutex<State>
    private let bell = Bell()

    /// Looks at once.
    init(at now: Instant) {
        state = Mutex(State(next: now))
    }

    /// Whether no further attempt is to begin.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// How many attempts are under way.
    var running: Int { state.withLock { $0.running } }

    /// Why the outbox could not be worked with, once.
    func takeFailure() -> OutboxError? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Lets no further attempt begin.
    func stop() {
        state.withLock { $0.isStopped = true }
        bell.ring()
    }

    /// Counts an attempt, where there are fewer than so many.
    func begin(atMost most: Int) -> Bool {
        state.withLock { state in
            guard state.running < most else { return false }
            state.running += 1
            return true
        }
    }

    /// Counts the end of an attempt.
    ///
    /// - Parameters:
    ///   - next: When something is due because of it.
    ///   - failure: Why the outbox could not be worked with.
    func end(next: Instant?, failure: OutboxError?) {
        state.withLock { state in
            state.running -= 1
            state.failure = failure ?? state.failure
        }
        look(at: next)
        bell.ring()
    }

    /// Whether something can be due.
    func isDue(_ now: Instant) -> Bool { state.withLock { $0.next.map { $0 <= now } ?? false } }

    /// Forgets when something is due, before somebody asks anew.
    func forget() { state.withLock { $0.next = nil } }

    /// Looks for more at an instant, or earlier.
    func look(at next: Instant?) {
        guard let next else { return }
        state.withLock { state in state.next = min(state.next ?? next, next) }
    }

    /// Looks for more now.
    func wake(_ now: Instant) {
        look(at: now)
        bell.ring()
    }

    /// Waits until an attempt ends, something is due, or there is something else to look at.
    func wait(by clock: any SendingClock, forDue: Bool) async {
        let next = state.withLock { $0.next }
        let seconds = next.map { max(1, $0.secondsSince1970 - clock.now.secondsSince1970) }
        await bell.wait(atMost: forDue ? seconds : nil, by: clock)
    }
}
