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

/// What an attempt that failed leaves behind, as far as the next one depends on it.
package struct FailedAttempt: Hashable, Sendable {
    /// The id of its delivery.
    package let delivery: String
    /// The digest of the release's seal.
    package let seal: SHA256Digest
    /// How many attempts of the group counted before it.
    package let attempts: Int
    /// How many snoozes the group had before it.
    package let snoozes: Int
    /// When it began.
    package let began: Instant
    /// When it ended.
    package let ended: Instant
    /// The seconds after its end that the receiver asked for.
    package let retryAfter: Int64?
    /// When the group is given up.
    package let deadline: Instant

    package init(
        delivery: String, seal: SHA256Digest, attempts: Int, snoozes: Int, began: Instant,
        ended: Instant, retryAfter: Int64?, deadline: Instant
    ) {
        self.delivery = delivery
        self.seal = seal
        self.attempts = attempts
        self.snoozes = snoozes
        self.began = began
        self.ended = ended
        self.retryAfter = retryAfter
        self.deadline = deadline
    }
}

extension RetrySchedule {
    /// What follows an attempt that failed.
    package enum Step: Hashable, Sendable {
        /// Another attempt; the one before it counts.
        case retry(Instant)
        /// Another attempt when the receiver asks for it; the one before it does not count.
        case snooze(Instant)
        /// No further attempt.
        case end(DeathReason)
    }

    /// What follows an attempt that failed and may be repeated.
    ///
    /// The delay counts from the beginning of the attempt, which is the time that its record holds. What the receiver
    /// asks for counts from the end, when it was said, and wins where it is later.
    package func step(after attempt: FailedAttempt) throws(OpenSSLError) -> Step {
        let number = attempt.attempts + 1
        let delay = try delay(after: number, of: attempt.delivery, seal: attempt.seal)
        guard var next = attempt.began.adding(seconds: delay) else { return .end(.deadline) }
        var isSnooze = false
        if let seconds = attempt.retryAfter {
            let asked = min(max(seconds, 0), longestSnooze)
            guard let later = attempt.ended.adding(seconds: asked) else { return .end(.deadline) }
            if later > next {
                next = later
                isSnooze = attempt.snoozes < snoozes
            }
        }
        guard isSnooze || number < attempts else { return .end(.attempts) }
        guard next <= attempt.deadline else { return .end(.deadline) }
        return isSnooze ? .snooze(next) : .retry(next)
    }
}
