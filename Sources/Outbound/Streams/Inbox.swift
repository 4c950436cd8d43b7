internal import Synchronization

/// What a connection has received and nobody has read yet.
///
/// One task reads it; many may wait for its end.
final class Inbox: Sendable {
    /// The receiver ended the connection.
    struct Ended: Error, CustomStringConvertible {
        var description: String { "the receiver ended the connection" }
    }
    /// The receiver sent more than was asked for, or what is no line.
    struct Malformed: Error, CustomStringConvertible {
        var description: String { "the receiver sent what is no line" }
    }

    /// The most bytes that wait to be read.
    static let room = 65_536

    /// What is known of the connection.
    struct State {
        /// The bytes that were not read yet.
        var bytes: [UInt8] = []
        /// Whether TLS stands.
        var isSecure = false
        /// Why no more comes.
        fileprivate(set) var end: (any Error)?
        fileprivate var waiters: [CheckedContinuation<Void, Never>] = []
        /// How often something has changed.
        fileprivate var changes = 0
    }

    private let state = Mutex(State())

    /// Whether no more comes.
    var hasEnded: Bool { state.withLock { $0.end != nil } }

    /// Whether all that came was read.
    var isEmpty: Bool { state.withLock { $0.bytes.isEmpty } }

    /// Whether TLS stands.
    var isSecure: Bool { state.withLock { $0.isSecure } }

    /// Changes the state, and wakes those that wait.
    func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            state.changes += 1
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Notes that no more comes; the first reason counts.
    func end(_ reason: any Error) {
        change { if $0.end == nil { $0.end = reason } }
    }

    /// Waits until `body` gives a value.
    ///
    /// - Throws: what `body` throws; why no more comes, where it has given none until then; `CancellationError`.
    func wait<Value: Sendable>(
        for body: @Sendable (inout State) throws -> Value?
    ) async throws -> Value {
        while true {
            let (found, changes) = try state.withLock { state in
                if let value = try body(&state) { return (Optional(value), state.changes) }
                if let end = state.end { throw end }
                return (nil, state.changes)
            }
            if let found { return found }
            try Task.checkCancellation()
            await change(beyond: changes)
        }
    }

    /// Waits until something changes beside what the caller has seen.
    private func change(beyond seen: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    guard state.changes == seen, !Task.isCancelled else { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            change { _ in }
        }
    }
}
