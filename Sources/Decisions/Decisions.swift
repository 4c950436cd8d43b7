// Whether a release is ready: criteria, retention health, the decision, and the recheck of recorded decisions.
//
// Everything here is a pure function of a report. A criterion that cannot be established is unknown, and an
// accepted risk covers only what it names, as long as it lasts.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let criteria = try Profile.artifactsOnly.criteria()
//     let health = retentionHealth(report, log: LogPrefix(size: 0, root: digest))
//     let decision = decide(report, health: health, criteria: criteria)
