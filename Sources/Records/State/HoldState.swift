import CloseoutEncodings
import CloseoutOpenSSL

/// One legal hold (docs/records.md, "State").
///
/// It holds from its entry on, also where it is only asserted: nobody loses evidence because a
/// signature is missing. But only one that counts keeps what has run out.
package struct HoldState: Equatable, Sendable {
    /// What is held for which matter.
    package let placement: LegalHold.Placement
    /// The record that placed it.
    package let record: ResolvedRecord
    /// The records that would release it, in log order, whatever they are worth.
    package private(set) var releases: [ResolvedRecord] = []
    /// The release that counts and is of the same matter, if there is one.
    package private(set) var release: ResolvedRecord?

    init(_ placement: LegalHold.Placement, _ record: ResolvedRecord) {
        self.placement = placement
        self.record = record
    }

    /// Whether it holds.
    package var isHeld: Bool { release == nil }

    /// Whether it keeps what the date of the retention no longer keeps.
    package var protects: Bool { isHeld && record.status.counts }

    /// Why a record does not release it, in one sentence without a full stop; nil where it does.
    package func flaw(of release: ResolvedRecord) -> String? {
        if let shortfall = release.status.shortfall { return shortfall.reason }
        guard case .legalHold(.release(let said)) = release.body else { return "it is no release" }
        guard !said.matter.utf8.elementsEqual(placement.matter.utf8) else { return nil }
        return "it is of another matter, \(printable(said.matter))"
    }

    mutating func add(release: ResolvedRecord) {
        releases.append(release)
        if self.release == nil, flaw(of: release) == nil { self.release = release }
    }
}
