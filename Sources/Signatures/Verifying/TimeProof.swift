package import CloseoutEncodings

/// What proves that a signature existed at an instant.
///
/// Whoever makes one has tied it to that very signature. Claimed times never become one.
/// Implements "Time" of docs/trust-policy.md.
package struct TimeProof: Equatable, Sendable {
    /// The instant at which the signature existed, as the proof states it.
    package let instant: Instant
    /// The instant before which the proof was not made, as precise as it is.
    package let earliest: Instant
    /// The instant by which the signature existed, as precise as the proof is.
    package let latest: Instant
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
        /// A log or a time-stamp authority of the trusted root with this key id saw the signature.
        case sigstore(keyID: String)
    }

    /// States a proof that has been checked.
    ///
    /// - Parameters:
    ///   - instant: The instant that it states.
    ///   - bounds: What it may be instead, as precise as it is; nothing else by default.
    ///   - source: Where it comes from.
    ///   - operator: Who answers for it.
    ///   - end: When the certificates end that it was checked by.
    package init(
        instant: Instant, bounds: ClosedRange<Instant>? = nil, source: Source, operator: String,
        end: Instant? = nil
    ) {
        self.instant = instant
        earliest = bounds?.lowerBound ?? instant
        latest = bounds?.upperBound ?? instant
        self.source = source
        self.operator = `operator`
        self.end = end
    }
}

extension [TimeProof] {
    /// What they prove together of one signature: it existed by the first of the instants by which it
    /// did, and the first of them was not made before the first of the others.
    ///
    /// - Returns: The proof that bounds it best, with the bounds of all; nil for none.
    var combined: TimeProof? {
        let best = self.min { ($0.latest, $0.instant) < ($1.latest, $1.instant) }
        guard let best, let earliest = map(\.earliest).min() else { return nil }
        return TimeProof(
            instant: best.instant, bounds: Swift.min(earliest, best.latest)...best.latest,
            source: best.source, operator: best.operator, end: best.end)
    }
}

extension TimeProof: CustomStringConvertible {
    /// What proves the time, and who answers for it.
    package var origin: String {
        switch source {
        case .witness(let keyID): "witness \(keyID) (\(self.operator))"
        case .sigstore(let keyID): "Sigstore root \(keyID) (\(self.operator))"
        case .timestamp(let keyID): "time-stamp of \(keyID) (\(self.operator))"
        }
    }

    package var description: String { "\(instant), by \(origin)" }
}
