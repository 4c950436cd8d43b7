package import CloseoutFiles

/// Where the bytes of an archive come from.
package protocol ArchiveBytes: Sendable {
    /// How many bytes there are.
    var count: Int { get }
    /// The bytes from an offset on: as many as are asked for, or as there are.
    func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8]
}

extension [UInt8]: ArchiveBytes {
    /// The bytes from an offset on: as many as are asked for, or as there are.
    package func bytes(at offset: Int, count: Int) -> [UInt8] {
        Array(dropFirst(offset).prefix(count))
    }
}

extension PositionedFile: ArchiveBytes {
    /// How many bytes the file had when it was opened.
    package var count: Int { status.size }

    /// The bytes from an offset on: as many as are asked for, or as there are.
    package func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try read(at: offset, count: count)
    }
}

/// Reads small pieces out of larger ones, so that headers side by side take one call of the system.
struct ArchiveWindow<Bytes: ArchiveBytes>: Sendable {
    private static var length: Int { 64 * 1024 }

    let source: Bytes
    private var start = 0
    private var window: [UInt8] = []

    init(_ source: Bytes) {
        self.source = source
    }

    /// The bytes from an offset on; fewer than asked for only at the end.
    mutating func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        if offset < start || offset + count > start + window.count {
            window = try source.bytes(at: offset, count: max(Self.length, count))
            start = offset
        }
        return Array(window.dropFirst(offset - start).prefix(count))
    }
}
