package import CloseoutRecords
package import CloseoutVerification

/// The state of retention, by the bundle and by what storage providers report
/// (docs/retention.md, "Health").
///
/// Pure: the verification time is the report's.
///
/// - Parameters:
///   - report: What a verification of the bundle found.
///   - log: The log that was verified.
///   - sources: The retention classes, and what providers reported, in any order.
/// - Returns: The report.
package func retentionHealth(
    _ report: Report, log: LogPrefix, by sources: RetentionSources = RetentionSources()
) -> RetentionHealth {
    var examination = HealthExamination(report, classes: sources.classes)
    examination.examineBundle()
    for item in sources.observations.sorted(by: { $0.digest < $1.digest }) {
        examination.examine(item, isDoubted: false)
    }
    for item in sources.doubted.sorted(by: { $0.digest < $1.digest }) {
        examination.examine(item, isDoubted: true)
    }
    return examination.health(log: log)
}
