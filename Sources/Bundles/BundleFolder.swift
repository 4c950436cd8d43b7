import Files
import OpenSSL

/// A bundle that is a folder, open for reading (docs/bundle.md, "Reading").
///
/// It holds a shared lock where the medium allows one, and never writes.
package struct BundleFolder: ~Copyable {
    let root: Directory

    /// Opens the bundle at `path`.
    ///
    /// - Throws: `BundleError.notABundle` where there is no folder, `.file` where it cannot be read.
    package init(opening path: [UInt8]) throws(BundleError) {
        root = try openBundleFolder(path)
        // A medium that cannot lock is read all the same: nothing is written here.
        _ = try? root.lock(.shared, waiting: true)
    }

    /// Reads one file by its path in the bundle, once, and keeps its bytes.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    func read(_ path: [UInt8], limit: Int) throws(BundleError) -> FileReading {
        try tellingBundleErrors {
            do {
                let place = Self.place(of: path)
                let bytes = try directory(place.folder).read(place.name, limit: limit)
                return .bytes(bytes, try SHA256Digest.of(bytes))
            } catch let error as FileError {
                return Self.reading(error)
            }
        }
    }

    /// Reads one file by its path, once and piece by piece, and keeps its digest only.
    ///
    /// - Throws: `BundleError.failed` where a digest cannot be computed.
    func hash(_ path: [UInt8], limit: Int) throws(BundleError) -> FileReading {
        try tellingBundleErrors {
            do {
                let place = Self.place(of: path)
                var file = try directory(place.folder).openFile(place.name)
                guard file.status.size <= limit else { return .tooLarge(limit: limit) }
                return try Self.hash(&file)
            } catch let error as FileError {
                return Self.reading(error)
            }
        }
    }

    private static func hash(_ file: inout InputFile) throws -> FileReading {
        var context = try DigestContext(.sha256)
        var scanner = PrivateKeyScanner()
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        var size = 0
        while case let count = try file.read(into: &buffer), count > 0 {
            let piece = buffer[..<count]
            try context.update(piece.span)
            scanner.scan(piece)
            size += count
        }
        return .hashed(
            try context.finishSHA256(), size: size, holdsPrivateKey: scanner.found)
    }

    /// A path of the bundle, taken apart: the folder is nil at the top.
    private static func place(of path: [UInt8]) -> (folder: [UInt8]?, name: [UInt8]) {
        let parts = path.split(separator: UInt8(ascii: "/"), maxSplits: 1).map { Array($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : (nil, path)
    }

    /// A folder of the bundle, opened without following links.
    private func directory(_ folder: [UInt8]?) throws(FileError) -> Directory {
        guard let folder else { return try root.duplicate() }
        return try root.open(folder)
    }

    private static func reading(_ error: FileError) -> FileReading {
        switch error.cause {
        case .notRegular: .notRegular
        case .tooLarge(let limit): .tooLarge(limit: limit)
        default: error.isMissing ? .missing : .unreadable(error)
        }
    }
}

/// Opens the folder of a bundle.
///
/// - Throws: `BundleError.notABundle` where there is none.
func openBundleFolder(_ path: [UInt8]) throws(BundleError) -> Directory {
    do {
        return try Directory.open(path)
    } catch {
        guard error.isMissing else { throw .file(error) }
        throw .notABundle(path: path, reason: "there is no such folder")
    }
}
