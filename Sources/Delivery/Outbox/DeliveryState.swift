/// Where a delivery is on its way (docs/outbox.md, "States").
package enum DeliveryState: String, CaseIterable, Hashable, Sendable {
    /// Its next attempt has a time; a worker may hold it.
    case waiting
    /// An attempt has begun and not ended.
    case sending
    /// The receiver has it, as sure as its protocol lets it be.
    case settled
    /// It is not tried again by itself.
    case dead
    /// Nobody knows whether the receiver has it, and it must not have it twice: a person decides.
    case needsReview = "needs_review"
}

/// Why a delivery is dead.
package enum DeathReason: String, CaseIterable, Hashable, Sendable {
    /// The receiver will never take it as it is.
    case permanent
    /// All attempts of its group failed.
    case attempts
    /// Its next attempt would be after its deadline.
    case deadline
    /// The stored event is not the one that was queued.
    case damaged
}
