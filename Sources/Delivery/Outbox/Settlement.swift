import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// What an attempt makes of its delivery (docs/outbox.md, "States").
enum Settlement: Hashable, Sendable {
    case settled
    case retry(Instant)
    case snooze(Instant)
    case needsReview
    case dead(DeathReason)

    var state: DeliveryState {
        switch self {
        case .settled: .settled
        case .retry, .snooze: .waiting
        case .needsReview: .needsReview
        case .dead: .dead
        }
    }

    /// When the delivery is tried again.
    var next: Instant? {
        switch self {
        case .retry(let next), .snooze(let next): next
        case .settled, .needsReview, .dead: nil
        }
    }

    var isSnooze: Bool {
        if case .snooze = self { true } else { false }
    }

    var reason: DeathReason? {
        if case .dead(let reason) = self { reason } else { nil }
    }

    /// The change that must not go unnoticed, where it is one.
    func kind(delivery: String) -> OutboxChange.Kind? {
        switch self {
        case .settled, .retry, .snooze: nil
        case .needsReview: .needsReview(delivery: delivery)
        case .dead(let reason): .dead(delivery: delivery, reason)
        }
    }
}

extension RetrySchedule {
    /// What an attempt makes of its delivery.
    ///
    /// Refused credentials are the route's fault and not the delivery's, which is tried again when the route is.
    func settlement(
        of attempt: FailedAttempt, _ result: AttemptResult, isIdempotent: Bool
    ) throws(OpenSSLError) -> Settlement {
        switch result.outcome {
        case .success: return .settled
        case .permanent where !result.isCredentialFault: return .dead(.permanent)
        case .unknownOutcome where !isIdempotent: return .needsReview
        case .permanent, .transient, .unknownOutcome:
            switch try step(after: attempt) {
            case .retry(let next): return .retry(next)
            case .snooze(let next): return .snooze(next)
            case .end(let reason): return .dead(reason)
            }
        }
    }
}

extension AttemptResult.Outcome {
    /// The word for it in the table of attempts.
    var name: String {
        switch self {
        case .success: "success"
        case .permanent: "permanent"
        case .transient: "transient"
        case .unknownOutcome: "unknown_outcome"
        }
    }

    var assurance: AttemptResult.Assurance? {
        if case .success(let assurance) = self { assurance } else { nil }
    }
}
