internal import CloseoutFiles
internal import CloseoutOpenSSL

/// What is recorded of a regular file.
struct FileMetadata: Sendable {
    let digest: SHA256Digest
    let size: UInt64
    /// The permission bits: `st_mode & 07777`.
    let mode: UInt16
}

/// Reads files for their digests, one after another, with nothing allocated between files that are no
/// larger than those before.
struct FileReader: ~Copyable {
    private var digest: DigestContext
    private var buffer: [UInt8] = []
    private let progress: Progress?

    init(progress: Progress?) throws(ManifestError) {
        digest = try reporting(openSSL: try DigestContext(.sha256))
        self.progress = progress
    }

    /// Reads a file that a walk has listed.
    ///
    /// - Throws: `.file` without a path; what is no longer what the walk saw has vanished or
    ///   changed.
    mutating func read(
        _ opener: inout ArtifactOpener, _ path: Span<UInt8>
    ) throws(ManifestError) -> FileMetadata {
        let file: InputFile
        do throws(FileError) {
            file = try opener.open(path)
        } catch {
            throw .file(error.afterListing)
        }
        return try read(file)
    }

    /// Reads an open file to its end.
    ///
    /// - Throws: `.file` without a path when it cannot be read or changed meanwhile.
    mutating func read(_ file: consuming InputFile) throws(ManifestError) -> FileMetadata {
        let status = file.status
        makeRoom(for: status.size)
        while true {
            let count: Int
            do throws(FileError) { count = try file.read(into: &buffer) } catch {
                // What was read of this file must not count for the next one.
                try reporting(openSSL: try digest.begin())
                throw .file(error)
            }
            if count == 0 { break }
            try reporting(openSSL: try Self.add(buffer, count, to: &digest))
            progress?.add(bytes: count)
        }
        progress?.addFile()
        let digest = try reporting(openSSL: try self.digest.finishSHA256())
        return FileMetadata(digest: digest, size: UInt64(status.size), mode: status.mode)
    }

    /// Lets a file be read at once, or in pieces of the size that is fastest; the buffer has to be cleared,
    /// so it is not larger than the files need.
    private mutating func makeRoom(for size: Int) {
        let most = 256 << 10
        let wanted = size < most ? size + 1 : most
        guard buffer.count < wanted else { return }
        buffer = [UInt8](repeating: 0, count: min(most, max(wanted, 2 * buffer.count)))
    }

    private static func add(
        _ buffer: [UInt8], _ count: Int, to digest: inout DigestContext
    ) throws(OpenSSLError) {
        try digest.update(buffer.span.extracting(0..<count))
    }
}

extension FileError {
    /// The failure to open what a listing has just named as a regular file.
    var afterListing: FileError {
        if isMissing { return FileError(operation, path, .vanished) }
        if case .notRegular = cause { return FileError(operation, path, .changed) }
        return isLink ? FileError(operation, path, .changed) : self
    }
}

extension ManifestError {
    /// The same failure with the path, where it is one of a file.
    func at(_ path: [UInt8]) -> ManifestError {
        if case .file(let error) = self { .file(error.at(path)) } else { self }
    }
}
