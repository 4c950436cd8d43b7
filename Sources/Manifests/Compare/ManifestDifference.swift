/// A path on which two manifests differ (docs/command-line.md, "diff").
package struct ManifestDifference: Equatable, Sendable {
    /// The path below the root.
    package let path: [UInt8]
    /// What the first manifest lists there; nil where it has no such path.
    package let first: ManifestEntry.Kind?
    /// What the second manifest lists there; nil where it has no such path.
    package let second: ManifestEntry.Kind?

    /// Compares two manifests, entry by entry.
    ///
    /// - Returns: all differences, ascending by path.
    package static func all(_ first: Manifest, _ second: Manifest) -> [ManifestDifference] {
        var differences: [ManifestDifference] = []
        var (left, right) = (0, 0)
        while true {
            let (one, other) = (first.entry(at: left), second.entry(at: right))
            guard
                let path = [one?.path, other?.path].compactMap(\.self)
                    .min(by: { $0.lexicographicallyPrecedes($1) })
            else { return differences }
            let before = one?.path == path ? one?.kind : nil
            let after = other?.path == path ? other?.kind : nil
            if before != after {
                differences.append(ManifestDifference(path: path, first: before, second: after))
            }
            if before != nil { left += 1 }
            if after != nil { right += 1 }
        }
    }
}
