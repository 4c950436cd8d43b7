import Synchronization

/// Streams of server-sent events to browsers: what there is at once, and then each change.
final class EventStreams: Sendable {
    private struct State {
        var hasEnded = false
        var watchers: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// An event named `state`.
    ///
    /// - Parameters:
    ///   - version: Its id, which grows with each change.
    ///   - words: What it says, without line ends.
    /// - Returns: Its bytes.
    static func event(_ version: Int, _ words: String) -> [UInt8] {
        Array("retry: 3000\nid: \(version)\nevent: state\ndata: \(words)\n\n".utf8)
    }

    /// Sends an event to all.
    func send(_ event: [UInt8]) {
        for watcher in state.withLock({ Array($0.watchers.values) }) { watcher.yield(event) }
    }

    /// Begins a stream, which ends with the console or after a time.
    ///
    /// - Parameters:
    ///   - time: How long it lasts.
    ///   - first: The event to begin with.
    /// - Returns: The stream.
    func open(for time: Duration, _ first: () -> [UInt8]) -> AsyncStream<[UInt8]> {
        let (events, watcher) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingNewest(4))
        let id: Int? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.next += 1
            state.watchers[state.next] = watcher
            watcher.yield(first())
            return state.next
        }
        guard let id else {
            watcher.finish()
            return events
        }
        let ending = Task {
            try? await Task.sleep(for: time)
            watcher.finish()
        }
        watcher.onTermination = { [weak self] _ in
            ending.cancel()
            self?.state.withLock { $0.watchers[id] = nil }
        }
        return events
    }

    /// Ends all streams, and those that would begin.
    func end() {
        let watchers = state.withLock { state in
            state.hasEnded = true
            defer { state.watchers = [:] }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.finish() }
    }
}
