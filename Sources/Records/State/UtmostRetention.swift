import CloseoutEncodings

/// The longest and the strictest retention that anybody ever approved (docs/records.md, "State").
///
/// It only grows: by any approval at its place in the log, whatever that is worth and whether or not
/// it was denied since.
struct UtmostRetention: Equatable, Sendable {
    /// The latest end.
    private var until: Instant?
    /// The events for which an approved request waits.
    private var awaited: Set<[UInt8]> = []
    /// The strictest mode.
    private(set) var mode = RetentionRequest.Mode.none

    /// Takes in a request that somebody approves.
    mutating func include(_ request: RetentionRequest) {
        until = [until, request.until].compactMap(\.self).max()
        mode = max(mode, request.mode ?? .none)
        guard request.until == nil, let basis = request.basis else { return }
        awaited.insert(Array(basis.event.utf8))
    }

    /// How a request falls short of the longest; nil where it does not.
    func shortening(by request: RetentionRequest) -> String? {
        guard let end = request.until else { return nil }
        if let until, end < until {
            return "it ends at \(end), before \(until), which was approved"
        }
        let occurred = request.basis.flatMap { $0.occurredAt == nil ? nil : Array($0.event.utf8) }
        guard !awaited.isEmpty, occurred.map({ !awaited.contains($0) }) ?? true else { return nil }
        return
            "it ends at \(end), and what was approved waits for an event of which it does not tell"
    }
}
