import CloseoutEncodings
import CloseoutOpenSSL

extension DeliveryState {
    /// Why the schedule of a plan is another than the one that follows from the seal, the ids of its deliveries and
    /// their last attempts (docs/records.md, "Schedule of a plan"); nil where it is not, and for plans of version 1.
    func scheduleFlaw(of plan: RetryPlan, _ header: RecordHeader) -> String? {
        guard plan.isScheduled else { return nil }
        var last: [[UInt8]: DeliveryRecord.Attempt] = [:]
        for digest in header.links(RetryPlan.link) {
            guard let id = key(of: digest)?.id, let attempt = lastAttempt(of: digest) else {
                continue
            }
            if let other = last[id], other.at >= attempt.at { continue }
            last[id] = attempt
        }
        for entry in plan.entries {
            guard let attempt = last[Array(entry.delivery.utf8)] else {
                return "no link leads to an attempt of \(entry.delivery)"
            }
            if let flaw = flaw(of: entry, after: attempt, header.seal) { return flaw }
        }
        return nil
    }

    private func flaw(
        of entry: RetryPlan.Entry, after last: DeliveryRecord.Attempt, _ seal: SHA256Digest
    ) -> String? {
        guard entry.lastAttempt == last.at else {
            return "the last attempt of \(entry.delivery) was at \(last.at)"
                + (entry.lastAttempt.map { ", not at \($0)" } ?? "")
        }
        guard entry.action == .retry else { return nil }
        guard
            let times = try? RetrySchedule.standard.attempts(
                after: last, of: entry.delivery, seal: seal, until: entry.resolveBy)
        else { return "libcrypto could not compute the schedule of \(entry.delivery)" }
        guard times != entry.nextAttempts else { return nil }
        let place = zip(times, entry.nextAttempts).prefix { $0 == $1 }.count
        let (right, found) = (
            place < times.count ? "\(times[place])" : "none",
            place < entry.nextAttempts.count ? "\(entry.nextAttempts[place])" : "none"
        )
        return "attempt \(place + 1) of \(entry.delivery) follows at \(right), and it says \(found)"
    }
}
