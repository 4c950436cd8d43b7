package import CloseoutFiles
package import CloseoutOpenSSL
import CloseoutSignatures

/// A file or pipe as what signatures are over: it is read in pieces, and its size has no limit.
package struct SignedFile: ByteSource {
    private var bytes: NamedBytes

    /// Opens what stands at a path that a user names.
    package init(opening path: [UInt8]) throws(FileError) {
        bytes = try NamedBytes(opening: path)
    }

    /// How many bytes a file has; `nil` for a pipe.
    package var count: Int? { bytes.count }

    /// Goes back to the first byte of a file.
    package mutating func rewind() { bytes.rewind() }

    /// Reads the next bytes into the beginning of the buffer.
    package mutating func read(into buffer: inout [UInt8]) throws -> Int {
        try bytes.read(into: &buffer)
    }

    /// The file as the system shows it as a whole.
    package func region() throws -> any ByteRegion { MappedRegion(file: try bytes.mapped()) }

    /// Confirms that the file is still what was opened.
    package func confirmUnchanged() throws { try bytes.confirmUnchanged() }
}

/// A file that the system shows as a whole.
private struct MappedRegion: ByteRegion {
    let file: MappedFile

    func withBytes(_ body: (borrowing Span<UInt8>) -> Void) { file.withBytes(body) }
}
