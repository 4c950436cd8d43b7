import CloseoutFiles

/// Where the files of a bundle lie that is open for reading: in a folder, or packed into one file.
protocol BundleSource: Sendable {
    /// The path by which the bundle was opened.
    var path: [UInt8] { get }

    /// What is at the top, and one level below in the folders that a bundle has.
    func entries() throws(FileError) -> [BundleEntry]

    /// Gives all bytes of a regular file to a sink, once and piece by piece.
    ///
    /// - Returns: nil when all were given, else why they were not.
    /// - Throws: What the sink throws.
    func give(
        _ path: [UInt8], limit: Int, to sink: inout some ByteSink & ~Copyable
    ) throws -> FileReading?

    /// Lets go of the lock, where there is one.
    func unlock()
}

extension BundleSource {
    func unlock() {}
}

/// A path of a bundle, and what is there.
struct BundleEntry: Equatable {
    let path: [UInt8]
    let kind: FileKind
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
