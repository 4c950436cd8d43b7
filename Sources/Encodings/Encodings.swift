// Bytes to values and back: strict JSON and its canonical form, hex, base64, instants, Merkle trees, signed
// notes, addresses with what they are for.
//
// All input is hostile. Every reader has limits of size, depth and count, refuses trailing data and duplicate
// members, and compares bytes, never text. What was read can be written again to the same bytes.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let json = try JSON(parsing: Array(#"{"release":"payments"}"#.utf8))
//     let instant = Instant(parsing: Array("2026-05-01T12:00:00Z".utf8))
//     let text = printable(Array("a name\nof two lines".utf8))
