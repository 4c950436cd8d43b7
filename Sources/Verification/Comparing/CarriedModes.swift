import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests

/// The modes of the files that a bundle's folder carries in `artifacts/`, which a manifest need not
/// record (docs/command-line.md, "diff").
struct CarriedModes: Equatable, Sendable {
    /// The mode of each entry of the manifest, by index; nil for what is no regular file there.
    private let modes: [UInt16?]

    /// Looks at the files; nil for a bundle that carries none, and for a packed one, which has
    /// none but
    /// those that its manifest records.
    init?(of manifest: Manifest, in bundle: [UInt8]) {
        let path = Path.join(bundle, BundleLayout.artifacts)
        guard let root = try? Directory.open(path), var cursor = try? TreeCursor(root: root) else {
            return nil
        }
        var modes: [UInt16?] = []
        modes.reserveCapacity(manifest.count)
        for index in 0..<manifest.count {
            let entry = manifest.entry(at: index)
            let status = entry.flatMap { try? cursor.status($0.path.span) }
            modes.append(status?.kind == .regular ? status?.mode : nil)
        }
        self.modes = modes
    }

    /// The modes in which two bundles with one manifest differ, a line for each file.
    static func lines(
        _ first: CarriedModes?, _ second: CarriedModes?, _ manifest: Manifest?
    ) -> (removed: [String], added: [String]) {
        var (removed, added): ([String], [String]) = ([], [])
        guard let first, let second, let manifest, first != second else { return ([], []) }
        for index in 0..<min(first.modes.count, second.modes.count) {
            let (old, new) = (first.modes[index], second.modes[index])
            guard old != new, let entry = manifest.entry(at: index) else { continue }
            removed.append("\(printable(entry.path))  \(old.map(octal) ?? "-")")
            added.append("\(printable(entry.path))  \(new.map(octal) ?? "-")")
        }
        return (removed, added)
    }
}
