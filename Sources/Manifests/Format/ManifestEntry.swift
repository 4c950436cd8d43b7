package import CloseoutOpenSSL

/// One path of a release, as one line of `manifest.jsonl` says it (docs/manifest.md, "Entries").
package struct ManifestEntry: Equatable, Sendable {
    /// What is at the path.
    package enum Kind: Equatable, Sendable {
        /// A regular file; the mode is nil in a manifest that ignores modes, the size is in bytes.
        case file(mode: UInt16?, size: UInt64, digest: SHA256Digest)
        /// A directory; what it holds has entries of its own.
        case directory
        /// A symbolic link and where it points.
        case symlink(target: [UInt8])
    }

    /// The path below the root: raw bytes of UTF-8, components joined by slashes.
    package let path: [UInt8]
    /// What is there.
    package let kind: Kind

    package init(path: [UInt8], kind: Kind) {
        self.path = path
        self.kind = kind
    }

    /// The last component of the path.
    package var name: [UInt8] {
        Array(path[((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...])
    }
}

/// The kinds of thing that a manifest can list, by their names in an entry's `type`.
package enum EntryType: String, Sendable {
    case file, directory, symlink
}

extension ManifestEntry.Kind {
    /// The kind without its details.
    package var type: EntryType {
        switch self {
        case .file: .file
        case .directory: .directory
        case .symlink: .symlink
        }
    }
}

/// How many of what a manifest lists, and how many bytes the files hold.
package struct ManifestTotals: Equatable, Sendable {
    /// The number of regular files.
    package var files = 0
    /// The number of directories, the root not counted.
    package var directories = 0
    /// The number of symbolic links.
    package var symlinks = 0
    /// The sizes of the files together.
    package var bytes: UInt64 = 0

    /// Counts nothing.
    package init() {}

    /// The number of entries.
    package var entries: Int { files + directories + symlinks }

    static func += (sum: inout ManifestTotals, other: ManifestTotals) {
        sum.files += other.files
        sum.directories += other.directories
        sum.symlinks += other.symlinks
        sum.add(bytes: other.bytes)
    }

    /// Adds the size of a file; a sum that no seal can hold stays the largest number.
    mutating func add(bytes count: UInt64) {
        let (sum, isTooLarge) = bytes.addingReportingOverflow(count)
        bytes = isTooLarge ? .max : sum
    }
}
