import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL

/// A bundle that is what its log says, file by file: nothing else is packed, unpacked or exported
/// (docs/pack.md, "What is packed").
struct WholeBundle {
    /// One of its files.
    struct File {
        /// Its path in the bundle.
        let path: [UInt8]
        /// Its line of the log; nil for what the log does not name.
        let entry: LogEntry?
        /// Its bytes, where the log does not name it.
        let bytes: [UInt8]

        /// How many bytes it has.
        var size: Int { entry?.size ?? bytes.count }
    }

    let reader: BundleReader
    let contents: BundleContents
    let seal: Seal
    /// All files that are there, ascending by path.
    let files: [File]

    /// Reads a bundle and compares it with its log.
    ///
    /// - Throws: `BundleError.untrue` for the first file that is not what the log says,
    ///   `.logInDoubt` where the log has a defect.
    init(_ reader: BundleReader) throws(BundleError) {
        let contents = try reader.contents()
        if let defect = contents.log.defects.first {
            throw .logInDoubt(reason: "\(defect.place) \(defect.reason)")
        }
        if let path = contents.unlisted.first?.path ?? contents.notRegular.first {
            throw .untrue(path: path, reason: "is not a file that the log names")
        }
        guard let bytes = contents.seal, let seal = try? Seal(parsing: bytes) else {
            throw .untrue(path: BundleLayout.seal, reason: "is not what the log says")
        }
        self.reader = reader
        self.contents = contents
        self.seal = seal
        files = try (Self.logged(contents) + Self.unlogged(contents)).sorted {
            $0.path.lexicographicallyPrecedes($1.path)
        }
    }

    /// The files that the log names, but those that were withheld.
    private static func logged(_ contents: BundleContents) throws(BundleError) -> [File] {
        let withheld = Set(
            try contents.withheld.bytes.map { bytes throws(BundleError) in
                try WithheldList(parsing: bytes).paths
            } ?? [])
        var files: [File] = []
        for file in contents.files {
            let entry = file.entry
            if withheld.contains(entry.path), case .missing = file.reading { continue }
            // Manifest and SHA256SUMS have not been read yet; copying compares them.
            let isRead = entry.kind != .manifest && entry.kind != .sums
            if isRead, file.reading.digest != entry.digest || file.reading.size != entry.size {
                throw .untrue(path: entry.path, reason: "is not what the log says")
            }
            files.append(File(path: entry.path, entry: entry, bytes: []))
        }
        return files
    }

    /// The log itself, and what speaks about it.
    private static func unlogged(_ contents: BundleContents) throws(BundleError) -> [File] {
        var files: [File] = []
        for (path, reading) in [
            (BundleLayout.log, contents.logReading), (BundleLayout.checkpoint, contents.checkpoint),
            (BundleLayout.checkpointToken, contents.checkpointToken),
            (BundleLayout.withheld, contents.withheld),
        ] {
            if case .missing = reading { continue }
            guard let bytes = reading.bytes else {
                throw .untrue(path: path, reason: "cannot be read")
            }
            files.append(File(path: path, entry: nil, bytes: bytes))
        }
        return files
    }

    /// Copies a file, and compares what is copied with its line of the log.
    ///
    /// - Throws: `BundleError.untrue` where it is not what the log says.
    func copy<Output: ByteOutput & ~Copyable>(
        _ file: File, to output: consuming Output
    ) throws -> Output {
        guard let entry = file.entry else {
            try output.write(file.bytes[...])
            return output
        }
        var copy = try CheckedCopy(to: output)
        let obstacle = try reader.source.give(file.path, limit: entry.size, to: &copy)
        let digest = try copy.finish()
        guard obstacle == nil, digest == entry.digest, copy.size == entry.size else {
            throw BundleError.untrue(path: file.path, reason: "is not what the log says")
        }
        return copy.output
    }

    /// Reads the manifest that the seal names.
    ///
    /// - Throws: `BundleError.untrue` where it is another, or not of its form.
    func manifest() async throws -> Manifest {
        let reading = try reader.readManifest(contents.log.first(.manifest))
        guard let bytes = reading.bytes, reading.digest == seal.manifestDigest else {
            throw BundleError.untrue(
                path: BundleLayout.manifest, reason: "is not the manifest that the seal names")
        }
        let read = try await Manifest.read(bytes)
        guard let manifest = read.manifest, read.defects.isEmpty else {
            throw BundleError.untrue(path: BundleLayout.manifest, reason: "is not of its form")
        }
        return manifest
    }
}

/// Takes bytes that are written.
protocol ByteOutput: ~Copyable {
    /// Writes all the bytes behind those written before.
    func write(_ piece: ArraySlice<UInt8>) throws
}

extension OutputFile: ByteOutput {
    func write(_ piece: ArraySlice<UInt8>) throws {
        try write(Array(piece))
    }
}

/// Writes bytes as they come, and computes their digest.
struct CheckedCopy<Output: ByteOutput & ~Copyable>: ~Copyable, ByteSink {
    let output: Output
    private(set) var size = 0
    private var context: DigestContext

    init(to output: consuming Output) throws(OpenSSLError) {
        let context = try DigestContext(.sha256)
        self.output = output
        self.context = context
    }

    mutating func begin(size: Int) {}

    mutating func take(_ piece: ArraySlice<UInt8>) throws {
        try context.update(piece.span)
        try output.write(piece)
        size += piece.count
    }

    /// The digest of all bytes.
    mutating func finish() throws(OpenSSLError) -> SHA256Digest {
        try context.finishSHA256()
    }
}
