internal import CloseoutFiles
internal import CloseoutOpenSSL

/// Compares the contents of files and links with their entries.
struct EntryCheck: ~Copyable {
    private var reader: FileReader
    /// What of a file's mode is compared.
    private let modes: ModeRule

    init(modes: ModeRule, progress: Progress?) throws(ManifestError) {
        reader = try FileReader(progress: progress)
        self.modes = modes
    }

    /// Compares a link with its entry.
    mutating func differences(
        linkAt path: Span<UInt8>, in place: inout some EntryPlace & ~Copyable, target: [UInt8]
    ) -> [ArtifactDifference.Kind] {
        do throws(FileError) {
            let found = try place.readLink(path)
            return found == target ? [] : [.linkTarget(expected: target, found: found)]
        } catch {
            return [error.afterListing.asDifference]
        }
    }

    /// Compares a file with its entry.
    ///
    /// - Throws: `.openSSL` alone.
    mutating func differences(
        fileAt path: Span<UInt8>, in place: inout some EntryPlace & ~Copyable,
        mode: UInt16?, size: UInt64, digest: SHA256Digest
    ) throws(ManifestError) -> [ArtifactDifference.Kind] {
        let file: InputFile
        do throws(FileError) {
            file = try place.openFile(path)
        } catch {
            return [error.afterListing.asDifference]
        }
        return try differences(file, mode: mode, size: size, digest: digest)
    }

    private mutating func differences(
        _ file: consuming InputFile, mode: UInt16?, size: UInt64, digest: SHA256Digest
    ) throws(ManifestError) -> [ArtifactDifference.Kind] {
        let status = file.status
        var differences: [ArtifactDifference.Kind] = []
        if let mode, modes.differs(status.mode, from: mode) {
            differences.append(.mode(expected: mode, found: status.mode))
        }
        guard status.size == size else {
            return [.size(expected: size, found: UInt64(status.size))] + differences
        }
        do throws(ManifestError) {
            let found = try reader.read(file).digest
            if found != digest {
                differences.insert(.digest(expected: digest, found: found), at: 0)
            }
            return differences
        } catch {
            guard case .file(let error) = error else { throw error }
            return [error.asDifference]
        }
    }
}

/// Where the files and links of a manifest are found by their paths; errors name no path.
protocol EntryPlace: ~Copyable {
    mutating func openFile(_ path: Span<UInt8>) throws(FileError) -> InputFile
    mutating func readLink(_ path: Span<UInt8>) throws(FileError) -> [UInt8]
}

extension TreeCursor: EntryPlace {}

/// One file or link that is compared for every path.
struct SinglePlace: ~Copyable, EntryPlace {
    let directory: Directory
    let name: [UInt8]

    func openFile(_ path: Span<UInt8>) throws(FileError) -> InputFile {
        try directory.openFile(name)
    }

    func readLink(_ path: Span<UInt8>) throws(FileError) -> [UInt8] {
        try directory.readLink(name)
    }
}

extension FileError {
    /// What the failure to look at one file says of it.
    var asDifference: ArtifactDifference.Kind {
        switch cause {
        case .changed, .vanished: .changedWhileRead
        default: .unreadable(cause)
        }
    }
}
