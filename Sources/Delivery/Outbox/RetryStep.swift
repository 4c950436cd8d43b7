package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords

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
