package import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL

/// A bundle that is packed into one file, read in place (docs/pack.md).
///
/// All headers are read and checked when it is opened; what the files hold is checked by whoever
/// reads them.
final class PackedBundle: BundleSource {
    private struct Place {
        let kind: ArchiveMember.Kind
        let offset: Int
    }

    private let file: PositionedFile
    /// What is outside the artifacts, by the path below the top folder.
    private let places: [[UInt8]: Place]
    /// The paths in the order of the archive.
    private let order: [[UInt8]]
    /// The reader where it has just met the folder of the artifacts; nil where there is none.
    private let atArtifacts: ArchiveReader<PositionedFile>?

    /// Reads the headers of a packed bundle.
    ///
    /// - Throws: `BundleError.malformed` where it is not of the form of docs/pack.md, `.file`.
    init(_ file: PositionedFile) throws(BundleError) {
        do throws(ArchiveError) {
            var reader = ArchiveReader(file)
            var places: [[UInt8]: Place] = [:]
            var order: [[UInt8]] = []
            var atArtifacts: ArchiveReader<PositionedFile>?
            while let found = try reader.next() {
                if found.inner == BundleLayout.artifacts, found.member.kind == .directory {
                    atArtifacts = reader
                }
                if found.inner.isEmpty || atArtifacts != nil { continue }
                guard order.count < BundleLimits.directoryNames else {
                    throw .refused(offset: found.offset, reason: "there are too many files")
                }
                places[found.inner] = Place(kind: found.member.kind, offset: found.offset)
                order.append(found.inner)
            }
            self.file = file
            self.places = places
            self.order = order
            self.atArtifacts = atArtifacts
        } catch {
            throw BundleError(error, at: file.path)
        }
    }

    var path: [UInt8] { file.path }

    /// The shipped files, for one reading.
    var artifacts: PackedArtifacts? {
        atArtifacts.map { PackedArtifacts(file: file, reader: $0) }
    }

    func entries() -> [BundleEntry] {
        var entries = order.compactMap { path -> BundleEntry? in
            let parts = path.split(separator: slash)
            let isShown =
                parts.count == 1
                || parts.count == 2 && BundleLayout.folders.contains(Array(parts[0]))
            guard isShown, let place = places[path] else { return nil }
            return BundleEntry(path: path, kind: place.kind.fileKind)
        }
        if atArtifacts != nil {
            entries.append(BundleEntry(path: BundleLayout.artifacts, kind: .directory))
        }
        return entries
    }

    func give(
        _ path: [UInt8], limit: Int, to sink: inout some ByteSink & ~Copyable
    ) throws -> FileReading? {
        guard let place = places[path] else { return .missing }
        guard case .file(let size, _) = place.kind else { return .notRegular }
        guard size <= limit else { return .tooLarge(limit: limit) }
        try sink.begin(size: size)
        var done = 0
        while done < size {
            let piece: [UInt8]
            do throws(FileError) {
                piece = try file.read(
                    at: place.offset + done, count: min(size - done, FileReading.pieceSize))
            } catch {
                return .unreadable(error)
            }
            try sink.take(piece[...])
            done += piece.count
        }
        do throws(FileError) { try file.confirmUnchanged() } catch { return .unreadable(error) }
        return nil
    }
}

/// Whether a file begins as a packed bundle does: one that `closeout` reads in place of a folder
/// (docs/pack.md, "Recognising").
package func isPackedBundle(_ path: [UInt8]) -> Bool {
    guard let file = try? PositionedFile(opening: path),
        let head = try? file.read(at: 0, count: ArchiveFormat.blockSize)
    else { return false }
    return isHeadOfPackedBundle(head)
}

/// Whether the first 512 bytes of a file are those of a packed bundle.
package func isHeadOfPackedBundle(_ head: [UInt8]) -> Bool {
    head.count == ArchiveFormat.blockSize && head[257..<263].elementsEqual("ustar\0".utf8)
}

/// What a file is that was given for a bundle and is none, by how it begins; nil where that is unknown.
package func foreignFile(at path: [UInt8]) -> ForeignFile? {
    guard let file = try? PositionedFile(opening: path),
        let head = try? file.read(at: 0, count: ArchiveFormat.blockSize)
    else { return nil }
    return ForeignFile(of: head)
}

extension BundleError {
    /// Says of a packed bundle what is wrong with it.
    init(_ error: ArchiveError, at path: [UInt8]) {
        switch error {
        case .refused(let offset, let reason):
            self = .malformed(printable(path), reason: "at byte \(offset), \(reason)")
        case .file(let error): self = .file(error)
        }
    }
}
