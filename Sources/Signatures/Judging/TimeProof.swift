package import Encodings

/// What proves that a signature existed at an instant.
///
/// Whoever makes one has tied it to that very signature. Claimed times never become one.
/// Implements "Time" of docs/trust-policy.md.
package struct TimeProof: Equatable, Sendable {
    /// The instant at which the signature existed.
    package let instant: Instant
    /// Where the proof comes from.
    package let source: Source
    /// Who answers for the proof; it dates no signature of its own.
    package let `operator`: String
    /// When the certificates end that the proof was checked by; nil where none end.
    package let end: Instant?

    /// The kinds of proof.
    package enum Source: Equatable, Sendable {
        /// A witness with this key id cosigned a checkpoint that commits the signature.
        case witness(keyID: String)
        /// A time-stamp authority below the anchor with this key id saw the signature, or a
        /// checkpoint that commits it.
        case timestamp(keyID: String)
    }

    /// States a proof that has been checked.
    package init(instant: Instant, source: Source, operator: String, end: Instant? = nil) {
        self.instant = instant
        self.source = source
        self.operator = `operator`
        self.end = end
    }
}

extension TimeProof: CustomStringConvertible {
    /// What proves the time, and who answers for it.
    package var origin: String {
        switch source {
        case .witness(let keyID): "witness \(keyID) (\(self.operator))"
        case .timestamp(let keyID): "time-stamp of \(keyID) (\(self.operator))"
        }
    }

    package var description: String { "\(instant), by \(origin)" }
}
