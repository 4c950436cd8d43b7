package import Encodings
import Records
package import Verification

extension Report {
    /// What shows that the log is of a later instant than somebody says to have judged it at
    /// (docs/criteria.md, "Close").
    ///
    /// What is only asserted may be later by what a wrong clock explains.
    ///
    /// - Parameters:
    ///   - instant: The instant of judgement.
    ///   - size: How many entries of the log are looked at.
    /// - Returns: What it is, in words; nil where there is nothing.
    package func whatIsLater(than instant: Instant, first size: Int = .max) -> String? {
        let proven = provenTimes.filter { $0.sequence < size }.map(\.instant).max()
        if let proven, proven > instant { return "its log is proven to be of \(proven)" }
        guard let latest = instant.adding(seconds: HealthExamination.tolerance) else { return nil }
        if let created = release?.created, created > latest {
            return "its seal was created at \(created)"
        }
        let records = evidence?.records.filter { $0.signed.sequence < size } ?? []
        guard let last = records.map(\.header.at).max(), last > latest else { return nil }
        return "a record of its log is of \(last)"
    }
}
