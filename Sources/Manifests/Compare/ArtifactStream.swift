package import CloseoutFiles

/// Something that was shipped, met in a stream.
package struct StreamedArtifact: Equatable, Sendable {
    /// What it is.
    package enum Kind: Equatable, Sendable {
        /// A folder.
        case directory
        /// A regular file of so many bytes, with `st_mode & 07777`.
        case file(size: Int, mode: UInt16)
        /// A symbolic link and where it points.
        case symlink(target: [UInt8])
    }

    /// Its path below the root.
    package let path: [UInt8]
    /// What it is.
    package let kind: Kind

    package init(path: [UInt8], kind: Kind) {
        self.path = path
        self.kind = kind
    }
}

/// Shipped files that come one after another, ascending by the bytes of their paths.
package protocol ArtifactStream {
    /// The next one; nil behind the last.
    mutating func next() throws(FileError) -> StreamedArtifact?
    /// The next bytes of the file that came last, at most so many; empty behind the last of them.
    mutating func read(count: Int) throws(FileError) -> [UInt8]
}

extension StreamedArtifact.Kind {
    /// What it is on a file system.
    package var fileKind: FileKind {
        switch self {
        case .directory: .directory
        case .file: .regular
        case .symlink: .symlink
        }
    }
}
