import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// A file or pipe as what signatures are over: it is read in pieces, and its size has no limit.
struct SignedFile: ByteSource {
    private var bytes: NamedBytes

    /// Opens what stands at a path that a user names.
    init(opening path: [UInt8]) throws(FileError) {
        bytes = try NamedBytes(opening: path)
    }

    var count: Int? { bytes.count }

    mutating func rewind() { bytes.rewind() }

    mutating func read(into buffer: inout [UInt8]) throws -> Int {
        try bytes.read(into: &buffer)
    }

    func region() throws -> any ByteRegion { MappedRegion(file: try bytes.mapped()) }

    func confirmUnchanged() throws { try bytes.confirmUnchanged() }
}

/// A file that the system shows as a whole.
private struct MappedRegion: ByteRegion {
    let file: MappedFile

    func withBytes(_ body: (borrowing Span<UInt8>) -> Void) { file.withBytes(body) }
}
