// Closeout records: the kinds of evidence that a bundle holds, and what they amount to together.
//
// A record is a small JSON document that links to files of the bundle by digest. `EvidenceState` folds all records
// of a log, in its order, into what is in force: holds, acceptances, retention, deliveries. It is pure: no file,
// no clock.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let header = RecordHeader(
//         releaseName: "payments", releaseVersion: "1.4.0", seal: digest, at: now,
//         by: "alice", visibility: .public, salt: nil, links: [])
//     let hold = Record(
//         header: header,
//         body: .legalHold(
//             .place(
//                 LegalHold.Placement(
//                     matter: "case 7", custodian: "alice", reason: "subpoena"))))
