import CloseoutCZlib

/// Reads what gzip packed (RFC 1952), so that a search for secrets can look inside.
///
/// It is lenient where that finds more: what comes before an error counts.
enum GzipMember {
    /// The most bytes that one member is unpacked to.
    static let mostBytes = 64 << 20
    /// The bytes that every member begins with.
    static let mark: [UInt8] = [0x1F, 0x8B, 8]

    /// The most bytes that are unpacked at once.
    private static let step = 64 << 10

    /// What the member at the beginning of some bytes holds; nil where there is none.
    static func unpack(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.starts(with: mark), let count = UInt32(exactly: bytes.count) else { return nil }
        // The largest window, and the frame of gzip alone.
        let window = 15 + 16
        var stream = unsafe z_stream()
        guard
            unsafe inflateInit2_(
                &stream, Int32(window), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { _ = unsafe inflateEnd(&stream) }
        var input = Array(bytes)
        return unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = count
            var output: [UInt8] = []
            var status = Z_OK
            while status == Z_OK, output.count < mostBytes {
                let more = unsafe [UInt8](unsafeUninitializedCapacity: step) { room, filled in
                    unsafe stream.next_out = room.baseAddress
                    unsafe stream.avail_out = UInt32(step)
                    status = unsafe inflate(&stream, Z_NO_FLUSH)
                    filled = unsafe step - Int(stream.avail_out)
                }
                output += more
            }
            return output
        }
    }
}
