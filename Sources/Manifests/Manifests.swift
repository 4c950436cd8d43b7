// The list of what is shipped: scan a tree, hash each file once, write the manifest, compare a tree with it.
//
// `freeze` walks and hashes with several workers and writes the manifest, the SHA256SUMS file and their totals in
// bounded memory. `compare` reads a tree again and reports every difference. The seal, which everybody signs, names
// the manifest by its digest.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let frozen = try await freeze(
//         .directory(dist), options: ManifestOptions(), into: target)
//     let files = frozen.totals.files
