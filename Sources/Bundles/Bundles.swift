// A bundle on disk: its layout, its append-only log, its checkpoint, packing.
//
// A bundle is read once, by `BundleReader`, into `BundleContents`: the bytes of those files alone that are what the
// log says. It is written by `BundleDraft`, which makes a new one, and by `BundleAppending`, which adds to one under
// its lock. A crash at any instant leaves the bundle as it was or as it was to be.
//
// Example (run by Tests/ArchitectureTests/ModuleExamples.swift):
//
//     let draft = try await BundleDraft(
//         freezing: .directory(dist), as: Release(name: "payments", version: "1.4.0"),
//         created: now, options: ManifestOptions(), beside: BundleTarget(bundle))
//     try draft.publish(at: BundleTarget(bundle))
