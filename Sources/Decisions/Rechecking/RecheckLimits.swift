import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// How much of a log may be verified again to recompute its decisions (docs/bundle.md, "Limits").
///
/// Each decision is recomputed on the log before it. The newest are first: what is not recomputed
/// is
/// unknown, and never counts as recomputed.
package struct RecheckLimits: Sendable {
    /// How many decisions are recomputed whatever log they have.
    private let decisions: Int
    /// How many entries the logs of all that are recomputed may have together beyond that.
    private let entries: Int
    /// How many were recomputed.
    package private(set) var recomputed = 0
    /// How many entries their logs have together.
    package private(set) var checked = 0
    /// The same of those that were made under earlier policies, for which signatures are verified
    /// anew.
    private var (recomputedAnew, verifiedAnew) = (0, 0)

    /// Begins with nothing recomputed.
    package init(decisions: Int = 4, entries: Int = BundleLimits.logLines) {
        self.decisions = decisions
        self.entries = entries
    }

    /// Takes a decision on a log of so many entries.
    ///
    /// - Parameters:
    ///   - size: The entries.
    ///   - isEarlier: Whether it was made under an earlier policy.
    /// - Returns: Whether it may still be recomputed.
    package mutating func take(_ size: Int, isEarlier: Bool = false) -> Bool {
        guard recomputed < decisions || checked + size <= entries else { return false }
        if isEarlier {
            guard recomputedAnew == 0 || verifiedAnew + size <= entries else { return false }
            recomputedAnew += 1
            verifiedAnew += size
        }
        recomputed += 1
        checked += size
        return true
    }

    /// Why a decision is not recomputed for which there is nothing left.
    package var exhaustion: String {
        "it is not recomputed: the \(recomputed) newer ones that are have \(grouped(checked)) log "
            + "entries together"
    }
}

/// What rechecks ask of a log, gathered once for all of them.
struct RecheckIndex {
    private let paths: [SHA256Digest: String]
    /// The places of the entries that are no signatures, ascending.
    private let others: [Int]
    /// Whether the shipped files were compared.
    let comparedArtifacts: Bool
    private let times: LatestTimes

    init(_ inspection: Inspection, _ decisions: [ResolvedRecord]) {
        let entries = inspection.contents.log.entries
        let wanted = Set(decisions.map(\.digest))
        paths = Dictionary(
            entries.filter { wanted.contains($0.digest) }.map { ($0.digest, printable($0.path)) },
            uniquingKeysWith: { first, _ in first })
        others = entries.filter { $0.kind != .signature }.map(\.sequence).sorted()
        comparedArtifacts = inspection.report.comparedArtifacts
        times = LatestTimes(inspection.report)
    }

    /// The path of a record.
    func path(of record: ResolvedRecord) -> String { paths[record.digest] ?? record.digest.hex }

    /// Whether there are only signatures from an entry on up to another.
    func holdsSignaturesOnly(from start: Int, before end: Int) -> Bool {
        let place = others.firstPlace { $0 >= start }
        return place == others.count || others[place] >= end
    }

    /// What shows that the first entries are of a later instant.
    func whatIsLater(than instant: Instant, first size: Int) -> String? {
        times.whatIsLater(than: instant, first: size)
    }
}

extension [Int] {
    /// The first place at which a condition holds that holds from there on; the count where none
    /// is.
    func firstPlace(where holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
