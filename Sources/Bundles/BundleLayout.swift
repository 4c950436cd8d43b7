/// The names that a bundle may hold (docs/bundle.md, "Layout").
package enum BundleLayout {
    /// The file that everybody signs.
    package static let seal = Array("seal.json".utf8)
    /// What was shipped.
    package static let manifest = Array("manifest.jsonl".utf8)
    /// What the manifest generates for `sha256sum -c`.
    package static let sums = Array("SHA256SUMS".utf8)
    /// What a person reads first.
    package static let readme = Array("README.txt".utf8)
    /// The append-only log.
    package static let log = Array("log.jsonl".utf8)
    /// The signed note over the log's size and root.
    package static let checkpoint = Array("checkpoint".utf8)
    /// A time-stamp token over all bytes of the checkpoint.
    package static let checkpointToken = Array("checkpoint.tsr".utf8)
    /// Which logged files whoever passed the bundle on kept back.
    package static let withheld = Array("withheld.json".utf8)
    /// The folder of shipped files in a packed bundle; the manifest rules there.
    package static let artifacts = Array("artifacts".utf8)

    /// The files that the log does not name: it, and what speaks about it.
    package static let unlogged = [log, checkpoint, checkpointToken, withheld]
    /// The folders that hold logged files.
    package static let folders = [
        "signatures", "timestamps", "certificates", "evidence", "attachments",
    ]
    .map { Array($0.utf8) }
    /// What every temporary name begins with, in a bundle and beside one.
    package static let temporaryPrefix = Array(".closeout-tmp-".utf8)

    /// The longest name inside a folder, in bytes.
    static let maximumNameLength = 128

    /// Says whether `path` may be in the log of a bundle.
    ///
    /// The grammar is `folder/[a-z0-9][a-z0-9._-]{0,127}` or one of the four fixed names.
    package static func mayBeLogged(_ path: [UInt8]) -> Bool {
        if [seal, manifest, sums, readme].contains(path) { return true }
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, folders.contains(Array(parts[0])) else { return false }
        return isName(parts[1])
    }

    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, name.count <= maximumNameLength else { return false }
        return isAlphanumeric(first)
            && name.allSatisfy { isAlphanumeric($0) || [0x2E, 0x5F, 0x2D].contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
