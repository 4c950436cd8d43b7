import CloseoutCommandLine
import CloseoutDelivery
import Synchronization

/// The line on a terminal that shows how far `deliver` has come.
final class SendingLine: Sendable {
    private struct State {
        var arrived = 0
        var failed = 0
        var underWay = 0
    }

    private let line: TerminalLine
    private let deliveries: Int
    private let state = Mutex(State())

    /// Makes a line, or nil where nobody looks.
    init?(console: Console, deliveries: Int) {
        guard let line = TerminalLine(console: console) else { return nil }
        self.line = line
        self.deliveries = deliveries
    }

    /// Draws what was reported.
    func add(_ report: SendingReport) {
        state.withLock { state in
            switch report {
            case .began: state.underWay += 1
            case .finished(_, _, let end, _):
                state.underWay -= 1
                if end.state == .settled { state.arrived += 1 } else { state.failed += 1 }
            case .overtaken: state.underWay -= 1
            case .changed, .trouble: return
            }
            line.draw(
                (deliveries == 1 ? "1 delivery: " : "\(deliveries) deliveries: ")
                    + "\(state.arrived) arrived, \(state.underWay) under way, "
                    + (state.failed == 1 ? "1 attempt failed" : "\(state.failed) attempts failed"))
        }
    }

    /// Takes the line away.
    func clear() { state.withLock { _ in line.clear() } }
}
