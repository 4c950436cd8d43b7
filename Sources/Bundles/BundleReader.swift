package import CloseoutFiles
import CloseoutOpenSSL

/// A bundle that is open for reading: a folder, or one that is packed into a file
/// (docs/bundle.md, "Reading"; docs/pack.md).
package struct BundleReader: Sendable {
    let source: any BundleSource

    /// Opens the bundle at `path`, and locks it for reading until this value ends.
    ///
    /// - Parameters:
    ///   - path: A folder, or a packed bundle.
    ///   - wait: How long a lock of somebody who writes is waited for.
    /// - Throws: `BundleError.notABundle` where there is neither, `.malformed` where a packed one
    ///   is not of its form, `.file` where it cannot be read.
    package init(opening path: [UInt8], waiting wait: LockWait) async throws(BundleError) {
        self = try await BundlePlace(opening: path).reader(waiting: wait)
    }

    /// Opens the bundle at `path`, as the other one does, unless somebody writes to it: then it is refused
    /// at once.
    package init(opening path: [UInt8]) throws(BundleError) {
        let place = try BundlePlace(opening: path)
        self =
            place.kind == .packed
            ? try place.packed() : BundleReader(try BundleFolder(locking: try place.folder()))
    }

    /// Reads a bundle that is open.
    init(_ source: any BundleSource) {
        self.source = source
    }

    /// The path by which the bundle was opened.
    package var path: [UInt8] { source.path }

    /// Lets go of the lock, so that others can append to the bundle; attachments can still be read, each of which is
    /// compared with its digest.
    package func unlock() { source.unlock() }

    /// The same bundle as an outsider sees it: what `export public` keeps back is not there.
    ///
    /// - Throws: `BundleError` where it cannot be read.
    package func publicView() async throws(BundleError) -> BundleReader {
        let contents = try await contentsConcurrently()
        return try reportingBundleErrors {
            let withheld = try PublicView(contents).withheld
            return withheld.isEmpty ? self : BundleReader(PublicSource(source, without: withheld))
        }
    }

    /// Where the files really lie.
    private var place: any BundleSource { (source as? PublicSource)?.whole ?? source }

    /// Whether it is packed.
    package var isPacked: Bool { place is PackedBundle }

    /// Whether a file lies inside the bundle's folder, whatever links lead there.
    ///
    /// - Throws: `FileError` where that cannot be found out.
    package func holds(_ file: [UInt8]) throws(FileError) -> Bool {
        guard let folder = place as? BundleFolder else { return false }
        return try folder.holds(file)
    }

    /// The shipped files of a packed bundle, for one reading; nil where it has none, and for a folder.
    package var packedArtifacts: PackedArtifacts? { (place as? PackedBundle)?.artifacts }

    /// Where the shipped files lie that the bundle carries, for messages too.
    package var artifactsPath: [UInt8] { Path.join(path, BundleLayout.artifacts) }

    /// The bytes of `seal.json`, which nothing is held against; nil where it cannot be read.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    package func readSeal() throws(BundleError) -> [UInt8]? {
        try read(BundleLayout.seal, limit: BundleLimits.seal).bytes
    }

    /// Reads one file by its path in the bundle, once, and keeps its bytes.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    func read(_ path: [UInt8], limit: Int) throws(BundleError) -> FileReading {
        try reportingBundleErrors {
            var sink = KeptBytes()
            if let obstacle = try source.give(path, limit: limit, to: &sink) { return obstacle }
            return .bytes(sink.bytes, try SHA256Digest.of(sink.bytes))
        }
    }

    /// Reads one file by its path, once and piece by piece, and keeps its digest only.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    func hash(_ path: [UInt8], limit: Int) throws(BundleError) -> FileReading {
        try reportingBundleErrors {
            var sink = try HashedBytes()
            if let obstacle = try source.give(path, limit: limit, to: &sink) { return obstacle }
            return try sink.reading()
        }
    }
}
