package import CloseoutEncodings
package import CloseoutFiles

/// What is at a path where a bundle may be, opened once (docs/bundle.md, "Reading").
package struct BundlePlace: ~Copyable, Sendable {
    /// What it is.
    package enum Kind: Equatable, Sendable {
        /// A folder, which may be a bundle.
        case folder
        /// A file that begins as a packed bundle does (docs/pack.md, "Recognising").
        case packed
        /// Anything else; where it is a file, what it begins like.
        case other(ForeignFile?)
    }

    /// What it is.
    package let kind: Kind
    private let place: NamedPlace

    /// Opens what is at the path.
    ///
    /// - Throws: `BundleError.notABundle` where there is nothing, `.file` where it cannot be read.
    package init(opening path: [UInt8]) throws(BundleError) {
        let place: NamedPlace
        do throws(FileError) { place = try NamedPlace(opening: path) } catch {
            guard error.isMissing else { throw .file(error) }
            throw .notABundle(
                path: path,
                reason: (try? fileStatus(path)) == nil
                    ? "there is no such folder" : "it is neither a folder nor a packed bundle")
        }
        if place.status.kind == .directory {
            kind = .folder
        } else {
            let head = try? place.head(ArchiveFormat.blockSize)
            kind =
                head.map(isHeadOfPackedBundle) ?? false
                ? .packed : .other(head.flatMap { ForeignFile(of: $0) })
        }
        self.place = place
    }

    /// The bundle, which is locked for reading until the reader ends.
    ///
    /// - Parameter wait: How long a lock of somebody who writes is waited for.
    /// - Returns: The reader.
    /// - Throws: `BundleError.notABundle` where it is none, `.malformed` where a packed one is not of its
    ///   form, `.file` where it cannot be read.
    package consuming func reader(
        waiting wait: LockWait
    ) async throws(BundleError) -> BundleReader {
        if kind == .packed { return try packed() }
        return BundleReader(try await BundleFolder(locking: try folder(), waiting: wait))
    }

    /// The packed bundle.
    ///
    /// - Throws: As `reader`.
    consuming func packed() throws(BundleError) -> BundleReader {
        guard kind == .packed else {
            throw .notABundle(path: place.path, reason: "there is no packed one")
        }
        let file: PositionedFile
        do throws(FileError) { file = try place.positioned() } catch { throw .file(error) }
        return BundleReader(try PackedBundle(file))
    }

    /// The folder, which nobody has locked yet.
    ///
    /// - Throws: `BundleError.packed` where it is a packed bundle, `.notABundle` where it is something else.
    consuming func folder() throws(BundleError) -> Directory {
        let path = place.path
        switch kind {
        case .folder: break
        case .packed: throw .packed(path: path)
        case .other(let foreign?): throw .notABundle(path: path, reason: "it is \(foreign)")
        case .other(nil):
            throw .notABundle(path: path, reason: "it is neither a folder nor a packed bundle")
        }
        do throws(FileError) { return try place.folder() } catch { throw .file(error) }
    }

    /// All bytes of what is no bundle.
    ///
    /// - Throws: `FileError` where it is larger than `limit`, or cannot be read.
    package consuming func read(limit: Int) throws(FileError) -> [UInt8] {
        try place.input(limit: limit).bytes
    }
}
