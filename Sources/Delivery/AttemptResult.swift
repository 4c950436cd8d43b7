/// The result of one attempt to deliver, as the provider's rule says.
///
/// It holds no address, no token, no body and no text of anybody else: only cases, numbers and codes of our own.
package struct AttemptResult: Hashable, Sendable {
    /// Whether the receiver has it.
    package enum Outcome: Hashable, Sendable {
        /// The receiver has it, as sure as its protocol lets it be.
        case success(Assurance)
        /// It will never take it as it is; trying again does not help.
        case permanent
        /// It did not take it now.
        case transient
        /// It was sent, and nobody knows whether the receiver has it.
        case unknownOutcome
    }

    /// How sure a success is.
    package enum Assurance: String, CaseIterable, Hashable, Sendable {
        /// The receiver says that it has it.
        case delivered
        /// The receiver took it and will work on it.
        case acceptedUnconfirmed = "accepted_unconfirmed"
        /// It was sent over a protocol that never answers.
        case sentUnconfirmed = "sent_unconfirmed"
        /// The receiver had it from an earlier attempt.
        case duplicate
    }

    /// Whether the receiver has it.
    package let outcome: Outcome
    /// The status that it answered with, such as that of HTTP or SMTP; nil where it did not.
    package let status: Int?
    /// A stable code of our own for why, such as `http.status` or `connection-refused`; ASCII, at most 64 bytes.
    package let code: String
    /// How many seconds to wait at least, as the receiver says.
    package let retryAfter: Int64?
    /// Whether the credentials were refused, which stops the route at once.
    package let isCredentialFault: Bool

    package init(
        _ outcome: Outcome, status: Int? = nil, code: String, retryAfter: Int64? = nil,
        isCredentialFault: Bool = false
    ) {
        self.outcome = outcome
        self.status = status
        self.code = code
        self.retryAfter = retryAfter
        self.isCredentialFault = isCredentialFault
    }
}
