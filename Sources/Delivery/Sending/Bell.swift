import Synchronization

/// Wakes one task that waits, from anywhere; who rings while nobody waits is heard by the next who does.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Wakes the task that waits.
    func ring() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.hasRung = true }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Waits until somebody rings or a time has passed.
    ///
    /// - Parameters:
    ///   - seconds: The longest time; nil to wait for the bell alone.
    ///   - clock: What measures it.
    func wait(atMost seconds: Int64?, by clock: any SendingClock) async {
        let timer = seconds.map { seconds in
            Task {
                try await clock.sleep(seconds: seconds)
                ring()
            }
        }
        await withCheckedContinuation { continuation in
            let hasRung = state.withLock { state in
                defer { state.hasRung = false }
                if !state.hasRung { state.waiting = continuation }
                return state.hasRung
            }
            if hasRung { continuation.resume() }
        }
        timer?.cancel()
    }
}
