internal import Synchronization

/// A value that comes later, once, and that many tasks can wait for; each stops waiting when it is cancelled.
package final class Pending<Value: Sendable>: Sendable {
    private enum State {
        case waiting([Int: CheckedContinuation<Value?, Never>], next: Int)
        case given(Value)
    }

    private let state = Mutex(State.waiting([:], next: 0))

    /// A value that nobody has given yet.
    package init() {}

    /// Gives the value; a second one is ignored.
    package func give(_ value: Value) {
        let waiting = state.withLock { state in
            guard case .waiting(let waiting, _) = state else {
                return [Int: CheckedContinuation<Value?, Never>]()
            }
            state = .given(value)
            return waiting
        }
        for continuation in waiting.values { continuation.resume(returning: value) }
    }

    /// Waits for the value.
    ///
    /// - Returns: the value; nil where the task was cancelled before it came.
    package func value() async -> Value? {
        let number = state.withLock { state in
            guard case .waiting(let waiting, let next) = state else { return 0 }
            state = .waiting(waiting, next: next + 1)
            return next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(number, $0) }
        } onCancel: {
            leave(number)
        }
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<Value?, Never>) {
        let answer: Value?? = state.withLock { state in
            switch state {
            case .given(let value): return .some(value)
            case .waiting(var waiting, let next):
                // The handler of a cancellation that comes later finds what is stored here.
                guard !Task.isCancelled else { return .some(nil) }
                waiting[number] = continuation
                state = .waiting(waiting, next: next)
                return nil
            }
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func leave(_ number: Int) {
        let continuation = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard case .waiting(var waiting, let next) = state else { return nil }
            let continuation = waiting.removeValue(forKey: number)
            state = .waiting(waiting, next: next)
            return continuation
        }
        continuation?.resume(returning: nil)
    }
}
