import Files
import OpenSSL

/// Where the files of a bundle lie that is open for reading: in a folder, or packed into one file.
protocol BundleSource: Sendable {
    /// The path by which the bundle was opened.
    var path: [UInt8] { get }

    /// What stands at the top, and one level below in the folders that a bundle has.
    func entries() throws(FileError) -> [BundleEntry]

    /// Gives all bytes of a regular file to a sink, once and piece by piece.
    ///
    /// - Returns: nil when all were given, else why they were not.
    /// - Throws: What the sink throws.
    func give(
        _ path: [UInt8], limit: Int, to sink: inout some ByteSink & ~Copyable
    ) throws -> FileReading?
}

/// A path of a bundle, and what stands there.
struct BundleEntry: Equatable {
    let path: [UInt8]
    let kind: FileKind
}

/// Takes the bytes of one file.
protocol ByteSink: ~Copyable {
    /// Is told how many bytes come, before the first.
    mutating func begin(size: Int) throws
    /// Takes the next bytes.
    mutating func take(_ piece: ArraySlice<UInt8>) throws
}

/// Keeps all bytes.
struct KeptBytes: ByteSink {
    private(set) var bytes: [UInt8] = []

    mutating func begin(size: Int) { bytes.reserveCapacity(size) }

    mutating func take(_ piece: ArraySlice<UInt8>) { bytes += piece }
}

/// Keeps the digest, and whether a private key is among the bytes.
struct HashedBytes: ~Copyable, ByteSink {
    private var context: DigestContext
    private var scanner = PrivateKeyScanner()
    private var size = 0

    init() throws(OpenSSLError) {
        context = try DigestContext(.sha256)
    }

    mutating func begin(size: Int) {}

    mutating func take(_ piece: ArraySlice<UInt8>) throws {
        try context.update(piece.span)
        scanner.scan(piece)
        size += piece.count
    }

    /// What came of it.
    mutating func reading() throws(OpenSSLError) -> FileReading {
        .hashed(try context.finishSHA256(), size: size, holdsPrivateKey: scanner.found)
    }
}

extension FileReading {
    /// How many bytes are read at once.
    static let pieceSize = 256 * 1024

    /// What a failure to open or read a file says of it.
    init(_ error: FileError) {
        switch error.cause {
        case .notRegular: self = .notRegular
        case .tooLarge(let limit): self = .tooLarge(limit: limit)
        default: self = error.isMissing ? .missing : .unreadable(error)
        }
    }
}
