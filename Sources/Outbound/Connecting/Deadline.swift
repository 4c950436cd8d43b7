import NIOCore
import NIOPosix
import Synchronization

/// Does something in a given time: it is cancelled where that runs out, and waited for.
///
/// - Parameters:
///   - limit: The time.
///   - body: What is done; it ends soon after it is cancelled.
/// - Returns: what it gave, and whether its time had run out.
func within<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async -> Value
) async -> (Value, isExpired: Bool) {
    let work = Task { await body() }
    let number = Deadlines.shared.add(work.cancel, in: TimeAmount(limit))
    let value = await withTaskCancellationHandler {
        await work.value
    } onCancel: {
        work.cancel()
    }
    return (value, isExpired: !Deadlines.shared.remove(number))
}

/// What is cancelled when its time has run out.
///
/// One timer of an event loop is set for all, at the earliest of their ends: a request that ends in time, as nearly all
/// do, wakes no thread for its timer. A task that sleeps would keep its memory until its time comes, also where it is
/// cancelled (findings/).
private final class Deadlines: Sendable {
    static let shared = Deadlines()

    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: (end: NIODeadline, cancel: @Sendable () -> Void)] = [:]
        /// The earliest time for which a timer is set.
        var timer: NIODeadline?
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.any()
    private let state = Mutex(State())

    /// Cancels something after a time, unless it is removed before.
    func add(_ cancel: @escaping @Sendable () -> Void, in limit: TimeAmount) -> UInt64 {
        let end = NIODeadline.now() + limit
        let (number, isFirst) = state.withLock { state in
            defer { state.next += 1 }
            state.waiting[state.next] = (end, cancel)
            let isFirst = state.timer.map { end < $0 } ?? true
            if isFirst { state.timer = end }
            return (state.next, isFirst)
        }
        if isFirst { setTimer(end) }
        return number
    }

    /// Whether it was removed before its time had run out.
    func remove(_ number: UInt64) -> Bool {
        state.withLock { $0.waiting.removeValue(forKey: number) != nil }
    }

    private func setTimer(_ end: NIODeadline) {
        loop.scheduleTask(deadline: end) { self.expire(end) }
    }

    /// Cancels all whose time has run out, and sets the timer for the others.
    private func expire(_ timer: NIODeadline) {
        let now = max(NIODeadline.now(), timer)
        let (late, next) = state.withLock { state in
            let late = state.waiting.filter { $0.value.end <= now }
            for number in late.keys { state.waiting.removeValue(forKey: number) }
            // A timer for an earlier end looks at the others itself.
            guard state.timer == timer else { return (late, NIODeadline?.none) }
            state.timer = state.waiting.values.map(\.end).min()
            return (late, state.timer)
        }
        for entry in late.values { entry.cancel() }
        if let next { setTimer(next) }
    }
}

extension OutboundFailure {
    /// The failure of what was cancelled because its time had run out.
    ///
    /// What ended by itself at the same instant keeps its failure.
    ///
    /// - Parameter stage: What was waited for if nothing had been sent.
    /// - Returns: the failure with the time as its reason.
    func expired(at stage: Stage) -> OutboundFailure {
        switch self {
        case .cancelled: .timedOut(stage)
        case .noResponse(.cancelled): .noResponse(.timedOut)
        case .bodyInterrupted(let head, .cancelled): .bodyInterrupted(head, .timedOut)
        default: self
        }
    }

    /// Whether another address of the same name may do better.
    var isOfConnection: Bool {
        switch self {
        case .connectionRefused, .unreachable, .connectionFailed, .timedOut(.connection): true
        default: false
        }
    }
}
