package import CloseoutEncodings
package import CloseoutOpenSSL

/// When a delivery is tried again, the same on every machine (docs/outbox.md, "Schedule").
///
/// It reads no clock and draws no random number: who knows the seal's digest, the delivery's id and the times of its
/// attempts computes the same seconds.
package struct RetrySchedule: Hashable, Sendable {
    /// The seconds below which the first delay is drawn; each later one doubles them.
    package let base: Int64
    /// The seconds that the bound of a delay never exceeds.
    package let cap: Int64
    /// The shortest delay in seconds.
    package let floor: Int64
    /// The most attempts of a group that count.
    package let attempts: Int
    /// The seconds after its queueing beyond which a delivery is not tried again.
    package let deadline: Int64
    /// The most snoozes of a group.
    package let snoozes: Int
    /// The most seconds that a receiver can ask for.
    package let longestSnooze: Int64

    package init(
        base: Int64, cap: Int64, floor: Int64, attempts: Int, deadline: Int64, snoozes: Int,
        longestSnooze: Int64
    ) {
        self.base = base
        self.cap = cap
        self.floor = floor
        self.attempts = attempts
        self.deadline = deadline
        self.snoozes = snoozes
        self.longestSnooze = longestSnooze
    }

    /// The schedule of every outbox: at most 10 attempts within 72 hours.
    package static let standard = RetrySchedule(
        base: 30, cap: 6 * 3600, floor: 1, attempts: 10, deadline: 72 * 3600, snoozes: 5,
        longestSnooze: 24 * 3600)

    /// The seconds below which the delay after an attempt of a group is drawn; the first is number 1.
    package func bound(after number: Int) -> Int64 {
        var bound = base
        for _ in 1..<max(number, 1) where bound < cap { bound *= 2 }
        return min(bound, cap)
    }

    /// The seconds between an attempt of a group, the first of which is number 1, and the next.
    ///
    /// The digest of the release's seal is the key of the draw.
    package func delay(
        after number: Int, of delivery: String, seal: SHA256Digest
    ) throws(OpenSSLError) -> Int64 {
        let message = Array(delivery.utf8) + [0] + Array(String(number).utf8)
        let code = try HMAC.sha256(key: seal.bytes, over: message)
        let draw = code.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let seconds = draw.multipliedFullWidth(by: UInt64(bound(after: number))).high
        return max(floor, Int64(seconds))
    }
}

extension RetrySchedule {
    /// The attempts of a new group that a plan has after one that failed (docs/records.md, "Schedule of a plan").
    ///
    /// - Parameters:
    ///   - last: The last attempt that failed.
    ///   - delivery: The id of the delivery.
    ///   - seal: The digest of the release's seal.
    ///   - end: The last instant at which one may begin.
    /// - Returns: Their times, which ascend strictly.
    /// - Throws: `OpenSSLError` where they cannot be computed.
    package func attempts(
        after last: DeliveryRecord.Attempt, of delivery: String, seal: SHA256Digest,
        until end: Instant
    ) throws(OpenSSLError) -> [Instant] {
        guard let deadline = last.at.adding(seconds: deadline) else { return [] }
        var times: [Instant] = []
        var time = last.at
        for number in 1...attempts {
            let delay = try delay(after: number, of: delivery, seal: seal)
            guard var next = time.adding(seconds: delay) else { break }
            if number == 1, let asked = last.details?.retryAfter,
                let later = last.details?.ended?.adding(seconds: min(asked, longestSnooze))
            {
                next = max(next, later)
            }
            guard next <= deadline, next <= end else { break }
            times.append(next)
            time = next
        }
        return times
    }
}
