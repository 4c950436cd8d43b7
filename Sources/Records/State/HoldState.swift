import OpenSSL

/// One legal hold (docs/records.md, "State").
///
/// It holds from its entry on, also where it is only asserted: nobody loses evidence because a
/// signature is missing. But only one that counts keeps what has run out.
package struct HoldState: Equatable, Sendable {
    /// What is held for which matter.
    package let placement: LegalHold.Placement
    /// The record that placed it.
    package let record: StandingRecord
    /// The records that would release it, in log order, whatever they are worth.
    package private(set) var releases: [StandingRecord] = []

    init(_ placement: LegalHold.Placement, _ record: StandingRecord) {
        self.placement = placement
        self.record = record
    }

    /// The release that counts, if there is one.
    package var release: StandingRecord? { releases.first(where: \.standing.counts) }

    /// Whether it holds.
    package var isHeld: Bool { release == nil }

    /// Whether it keeps what the date of the retention no longer keeps.
    package var protects: Bool { isHeld && record.standing.counts }

    mutating func add(release: StandingRecord) {
        releases.append(release)
    }
}
