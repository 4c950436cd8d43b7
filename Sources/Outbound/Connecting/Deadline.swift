import NIOCore
import NIOPosix
import Synchronization

/// Does something in a given time: it is cancelled where that runs out, and waited for.
///
/// The timer is one of an event loop, since a task that sleeps keeps its memory until its time comes, also where it is
/// cancelled (findings/).
///
/// - Parameters:
///   - limit: The time.
///   - body: What is done; it ends soon after it is cancelled.
/// - Returns: what it gave, and whether its time had run out.
func within<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async -> Value
) async -> (Value, isExpired: Bool) {
    let isExpired = Atomic(false)
    let work = Task { await body() }
    let timer = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: TimeAmount(limit)) {
        isExpired.store(true, ordering: .releasing)
        work.cancel()
    }
    let value = await withTaskCancellationHandler {
        await work.value
    } onCancel: {
        work.cancel()
    }
    timer.cancel()
    return (value, isExpired.load(ordering: .acquiring))
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
