import CloseoutDelivery
import CloseoutOutbound
import Synchronization

/// By which ranges of the routes' owners addresses were allowed that were connected to.
final class Permissions: Sendable {
    private let ranges = Mutex<[String: Set<AddressRange>]>([:])

    /// Remembers what allowed the address of an attempt.
    func add(_ report: SendingReport) {
        guard case .finished(let attempt, let sent, _, _) = report,
            case .allowedByOwner(let range, _) = sent.permission
        else { return }
        _ = ranges.withLock { $0[attempt.lease.delivery, default: []].insert(range) }
    }

    /// The ranges for a delivery.
    subscript(delivery: String) -> Set<AddressRange> {
        ranges.withLock { $0[delivery, default: []] }
    }
}
