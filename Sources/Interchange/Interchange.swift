// Packages of other systems: reads them and compares what they claim with what can be recomputed.
//
// Today this is CAVRA's closeout package. Nothing in a package is believed: its claims are mapped to closeout
// records, and the same decision code verifies them in memory.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let package = try CavraPackage(parsing: bytes)
//     let result = try ImportResult(package, beside: [:], asOf: now, criteria: criteria)
