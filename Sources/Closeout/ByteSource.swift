internal import CloseoutFiles
internal import CloseoutOpenSSL
internal import CloseoutSignatures

/// Gives the bytes that were signed, piece by piece: a download, a pipe, a blob of a store.
public protocol ByteSource {
    /// Gives the next bytes.
    ///
    /// - Parameter count: The most bytes that are wanted.
    /// - Returns: At least one byte and at most `count`; none behind the last.
    /// - Throws: Whatever keeps it from going on; the verification ends with
    ///   ``VerificationError/source(_:)``, in these words.
    mutating func read(atMost count: Int) throws -> [UInt8]
}

/// Bytes from a source of the caller, which come once.
struct PiecewiseBytes: CloseoutSignatures.ByteSource {
    private var source: any ByteSource

    init(_ source: any ByteSource) {
        self.source = source
    }

    var count: Int? { nil }

    func rewind() {}

    mutating func read(into buffer: inout [UInt8]) throws -> Int {
        if Task.isCancelled { throw VerificationError.cancelled }
        let piece: [UInt8]
        do { piece = try source.read(atMost: buffer.count) } catch {
            throw VerificationError.source("\(error)")
        }
        guard piece.count <= buffer.count else {
            throw VerificationError.source(
                "it gave \(piece.count) bytes where at most \(buffer.count) were wanted")
        }
        buffer.replaceSubrange(..<piece.count, with: piece)
        return piece.count
    }

    func region() throws -> any ByteRegion { throw ByteSourceError.isUsedUp }

    func confirmUnchanged() {}
}

/// Bytes that are wholly in memory.
struct HeldBytes: CloseoutSignatures.ByteSource {
    private struct Region: ByteRegion {
        let bytes: [UInt8]

        func withBytes(_ body: (borrowing Span<UInt8>) -> Void) { body(bytes.span) }
    }

    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var count: Int? { bytes.count }

    mutating func rewind() { offset = 0 }

    mutating func read(into buffer: inout [UInt8]) -> Int {
        let piece = bytes[offset..<min(bytes.count, offset + buffer.count)]
        buffer.replaceSubrange(..<piece.count, with: piece)
        offset += piece.count
        return piece.count
    }

    func region() -> any ByteRegion { Region(bytes: bytes) }

    func confirmUnchanged() {}
}
