package import CloseoutFiles
package import CloseoutOpenSSL

/// What reading one file of a bundle gave, the one time that it was read.
package enum FileReading: Sendable {
    /// All its bytes, with their digest: what is hashed is what is parsed.
    case bytes([UInt8], SHA256Digest)
    /// The digest of a file too large to keep, its size, and whether a private key is in it.
    case hashed(SHA256Digest, size: Int, holdsPrivateKey: Bool)
    /// Nobody has looked at it yet.
    case unread
    /// There is no such file.
    case missing
    /// Something else than a regular file has that name.
    case notRegular
    /// It has more bytes than docs/bundle.md allows.
    case tooLarge(limit: Int)
    /// With it the files that are read whole would have more bytes together than this.
    case beyondTotal(limit: Int)
    /// The operating system refused.
    case unreadable(FileError)

    /// The same without its bytes.
    package var withoutBytes: FileReading {
        guard case .bytes(let bytes, let digest) = self else { return self }
        return .hashed(digest, size: bytes.count, holdsPrivateKey: holdsPrivateKey)
    }

    /// The same; without its bytes where they are not what the log says.
    func keptWhere(it entry: LogEntry) -> FileReading {
        digest == entry.digest && size == entry.size ? self : withoutBytes
    }

    /// The bytes, where they were kept.
    package var bytes: [UInt8]? {
        guard case .bytes(let bytes, _) = self else { return nil }
        return bytes
    }

    /// The digest, where the file could be read.
    package var digest: SHA256Digest? {
        switch self {
        case .bytes(_, let digest), .hashed(let digest, _, _): digest
        default: nil
        }
    }

    /// The number of bytes, where the file could be read.
    package var size: Int? {
        switch self {
        case .bytes(let bytes, _): bytes.count
        case .hashed(_, let size, _): size
        default: nil
        }
    }

    /// Whether a private key was found in it.
    package var holdsPrivateKey: Bool {
        switch self {
        case .bytes(let bytes, _): PrivateKeyScanner.finds(in: bytes)
        case .hashed(_, _, let found): found
        default: false
        }
    }
}

/// A file of a bundle that the log names, with its one reading.
package struct LoggedFile: Sendable {
    /// The line of the log that names it.
    package let entry: LogEntry
    /// What its one reading gave.
    package let reading: FileReading

    /// The bytes, where they are the ones that the log names: nothing else is ever parsed.
    package var trueBytes: [UInt8]? {
        guard case .bytes(let bytes, let digest) = reading,
            digest == entry.digest, bytes.count == entry.size
        else { return nil }
        return bytes
    }
}
