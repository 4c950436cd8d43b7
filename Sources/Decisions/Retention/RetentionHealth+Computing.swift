package import Records
package import Verification

/// How it stands with retention, by the bundle and by what storage providers report
/// (docs/retention.md, "Health").
///
/// Pure: T is the report's.
///
/// - Parameters:
///   - report: What a verification of the bundle found.
///   - log: The log that was verified.
///   - classes: The retention classes, where there is a table of them.
///   - observations: What providers reported.
/// - Returns: The report.
package func retentionHealth(
    _ report: Report, log: LogPrefix, classes: RetentionClasses? = nil,
    observations: [Observations] = []
) -> RetentionHealth {
    var examination = HealthExamination(report, classes: classes)
    examination.examineBundle()
    for observation in observations { examination.examine(observation) }
    return examination.health(log: log)
}
