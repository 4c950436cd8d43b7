import CloseoutEncodings
import Synchronization

/// What one worker has at hand and under way, and when it looks for more: the little that its senders tell it.
final class Pace: Sendable {
    private struct State {
        /// Senders: each makes one attempt after the other.
        var running = 0
        /// What is to be attempted next, the first first.
        var leases: [Lease] = []
        /// When something can be due; nil where nobody knows of anything.
        var next: Instant?
        var isStopped = false
        var failure: OutboxError?
    }

    private let state: Mutex<State>
    private let bell = Bell()
    /// The most senders.
    private let most: Int

    /// Looks at once.
    init(senders most: Int, at now: Instant) {
        self.most = most
        state = Mutex(State(next: now))
    }

    /// Whether no further attempt is to begin.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Whether nothing is under way or at hand.
    var isIdle: Bool { state.withLock { $0.running == 0 && $0.leases.isEmpty } }

    /// Whether there is room for more: at most so much is kept at hand as can be sent at once, and half as much again.
    var isShort: Bool { state.withLock { isShortage($0) } }

    private func isShortage(_ state: State) -> Bool { state.leases.count <= most / 2 }

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

    /// Keeps what was claimed.
    func keep(_ leases: [Lease]) {
        state.withLock { $0.leases += leases }
    }

    /// Takes what a further sender begins with; nil where there are as many as there may be, or nothing is at hand.
    func begin() -> Lease? {
        state.withLock { state in
            guard state.running < most, !state.isStopped, !state.leases.isEmpty else { return nil }
            state.running += 1
            return state.leases.removeFirst()
        }
    }

    /// Takes what a sender goes on with; nil where nothing is at hand.
    func proceed() -> Lease? {
        let (lease, isShort) = state.withLock { state -> (Lease?, Bool) in
            guard !state.isStopped, !state.leases.isEmpty else { return (nil, false) }
            return (state.leases.removeFirst(), isShortage(state))
        }
        if isShort { bell.ring() }
        return lease
    }

    /// Gives back all that is at hand.
    func takeRest() -> [Lease] {
        state.withLock { state in
            defer { state.leases = [] }
            return state.leases
        }
    }

    /// Counts the end of a sender.
    ///
    /// - Parameter failure: Why the outbox could not be worked with.
    func end(failure: OutboxError?) {
        state.withLock { state in
            state.running -= 1
            state.failure = failure ?? state.failure
        }
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

    /// Waits until a sender ends, something is due and there is room for it, or there is something else to look at.
    func wait(by clock: any SendingClock) async {
        let (next, forDue) = state.withLock { ($0.next, isShortage($0)) }
        let seconds = next.map { max(1, $0.secondsSince1970 - clock.now.secondsSince1970) }
        await bell.wait(atMost: forDue ? seconds : nil, by: clock)
    }
}
