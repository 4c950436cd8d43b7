/// Does something in a given time: it is cancelled where that runs out, and waited for.
///
/// - Parameters:
///   - limit: The time.
///   - otherwise: What never comes to pass.
///   - body: What is done; it ends soon after it is cancelled.
/// - Returns: what it gave, and whether its time had run out.
func within<Value: Sendable>(
    _ limit: Duration, else otherwise: Value, _ body: @escaping @Sendable () async -> Value
) async -> (Value, isExpired: Bool) {
    await withTaskGroup(of: Event<Value>.self) { group in
        group.addTask { .ended(await body()) }
        group.addTask {
            do {
                try await Task.sleep(for: limit)
                return .expired
            } catch {
                return .stopped
            }
        }
        var isExpired = false
        while let event = await group.next() {
            switch event {
            case .ended(let value):
                group.cancelAll()
                return (value, isExpired)
            case .expired:
                isExpired = true
                group.cancelAll()
            case .stopped: continue
            }
        }
        return (otherwise, isExpired)
    }
}

/// What happens first.
private enum Event<Value: Sendable>: Sendable {
    case ended(Value)
    case expired
    case stopped
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
