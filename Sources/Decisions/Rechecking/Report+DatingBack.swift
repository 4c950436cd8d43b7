package import CloseoutEncodings
import CloseoutRecords
package import CloseoutVerification

extension Report {
    /// What shows that the log is of a later instant than somebody says to have judged it at
    /// (docs/criteria.md, "Close").
    ///
    /// What is only asserted may be later by what a wrong clock explains.
    ///
    /// - Parameters:
    ///   - instant: The verification time.
    ///   - size: How many entries of the log are looked at.
    /// - Returns: What it is, in words; nil where there is nothing.
    package func whatIsLater(than instant: Instant, first size: Int = .max) -> String? {
        LatestTimes(self).whatIsLater(than: instant, first: size)
    }
}

/// The latest instants that are proven or claimed up to each entry of a log, found in steps of its
/// height.
struct LatestTimes {
    private let created: Instant?
    private var proven = Maxima()
    private var claimed = Maxima()

    init(_ report: Report) {
        created = report.release?.created
        for time in report.provenTimes { proven.add(time.instant, at: time.sequence) }
        for record in report.evidence?.records ?? [] {
            claimed.add(record.header.at, at: record.signed.sequence)
        }
    }

    func whatIsLater(than instant: Instant, first size: Int) -> String? {
        if let proven = proven.latest(before: size), proven > instant {
            return "its log is proven to be of \(proven)"
        }
        guard let latest = instant.adding(seconds: HealthExamination.tolerance) else { return nil }
        if let created, created > latest { return "its seal was created at \(created)" }
        guard let last = claimed.latest(before: size), last > latest else { return nil }
        return "a record of its log is of \(last)"
    }

    /// The greatest of what was added in ascending order, up to each place.
    private struct Maxima {
        private var places: [Int] = []
        private var greatest: [Instant] = []

        mutating func add(_ instant: Instant, at place: Int) {
            // Out of order, as in a log with a defect, it counts from where its neighbour does.
            places.append(max(place, places.last ?? place))
            greatest.append(max(instant, greatest.last ?? instant))
        }

        func latest(before place: Int) -> Instant? {
            let end = places.firstPlace { $0 >= place }
            return end > 0 ? greatest[end - 1] : nil
        }
    }
}
