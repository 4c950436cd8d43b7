package import CloseoutFiles
package import CloseoutManifests

/// The shipped files inside a packed bundle, one after another (docs/pack.md, "Artifacts").
package struct PackedArtifacts: ArtifactStream {
    private let file: PositionedFile
    private var reader: ArchiveReader<PositionedFile>
    /// What of the present file has not been read.
    private var rest = 0..<0

    init(file: PositionedFile, reader: ArchiveReader<PositionedFile>) {
        self.file = file
        self.reader = reader
    }

    /// The next one, with its path below `artifacts/`; nil behind the last.
    ///
    /// - Throws: `FileError`, with `.changed` where the archive is no longer the one that was
    ///   opened.
    package mutating func next() throws(FileError) -> StreamedArtifact? {
        let found: ArchiveReader<PositionedFile>.Found?
        do throws(ArchiveError) {
            found = try reader.next()
        } catch {
            if case .file(let error) = error { throw error }
            throw FileError(.read, file.path, .changed)
        }
        guard let found else {
            try file.confirmUnchanged()
            return nil
        }
        rest = found.offset..<found.offset + found.member.size
        let path = Array(found.inner.dropFirst(BundleLayout.artifacts.count + 1))
        return StreamedArtifact(path: path, kind: found.member.kind)
    }

    /// The next bytes of the file that came last; empty behind the last of them.
    package mutating func read(count: Int) throws(FileError) -> [UInt8] {
        let piece = try file.read(at: rest.lowerBound, count: min(count, rest.count))
        rest = rest.lowerBound + piece.count..<rest.upperBound
        return piece
    }
}
