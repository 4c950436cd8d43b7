package import CloseoutFiles
package import CloseoutOpenSSL

/// One way in which what is there differs from what the manifest lists (docs/checks.md, family
/// `artifact`).
package struct ArtifactDifference: Equatable, Sendable {
    /// The difference.
    package enum Kind: Equatable, Sendable {
        /// What is listed is not there.
        case missing(EntryType)
        /// What is there is not listed.
        case unexpected(FileKind)
        /// Something of another kind is there.
        case type(expected: EntryType, found: FileKind)
        /// The file has another number of bytes, and was not read.
        case size(expected: UInt64, found: UInt64)
        /// The file has other contents of the same size.
        case digest(expected: SHA256Digest, found: SHA256Digest)
        /// The file has another mode; `found` is `st_mode & 07777`.
        case mode(expected: UInt16, found: UInt16)
        /// The link points elsewhere.
        case linkTarget(expected: [UInt8], found: [UInt8])
        /// An exclude of the manifest hides it; nothing is known of it, nor of what lies below it.
        case excluded
        /// It could not be looked at; nothing is known of what lies below it.
        case unreadable(FileError.Cause)
        /// It changed or vanished while it was looked at.
        case changedWhileRead
        /// Its name is not UTF-8, and so it is not listed.
        case notUTF8
        /// Its path is longer than any that a manifest lists.
        case pathTooLong
    }

    /// The path below the root.
    package let path: [UInt8]
    /// The difference.
    package let kind: Kind

    package init(path: [UInt8], kind: Kind) {
        self.path = path
        self.kind = kind
    }
}
