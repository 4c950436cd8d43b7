package import CloseoutEncodings

/// One thing that happened while deliveries were sent, for a log and for figures.
///
/// It holds names and ids of our own, cases, numbers and instants; no address, no token, no text of anybody else.
package enum SendingReport: Sendable {
    /// An attempt is written down as begun.
    case began(BegunAttempt)
    /// An attempt ended, and what it makes of its delivery is written down.
    case finished(BegunAttempt, SentMessage, FinishedAttempt, at: Instant)
    /// An attempt ended after somebody else had taken its delivery over: its outcome stays unknown.
    case overtaken(BegunAttempt, SentMessage, at: Instant)
    /// A circuit changed, or a delivery was given up or needs a person.
    case changed(OutboxChange)
    /// The outbox could not be worked with; a worker that goes on tries again.
    case trouble(route: String, OutboxError, at: Instant)
}
