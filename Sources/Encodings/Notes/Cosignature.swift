/// The inside of a cosignature/v1: when a witness saw a checkpoint, and its signature over both.
///
/// Eight bytes of seconds since 1970, big-endian, then 64 bytes of Ed25519.
struct Cosignature {
    let time: Instant
    let signature: [UInt8]

    /// Splits the bytes of a signature line; nil for another length and times past the year 9999.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 72 else { return nil }
        let seconds = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let seconds = Int64(exactly: seconds), let time = Instant(secondsSince1970: seconds)
        else { return nil }
        self.time = time
        signature = Array(bytes.dropFirst(8))
    }

    /// The bytes of a signature line; the time is not before 1970.
    static func encode(_ signature: [UInt8], at time: Instant) -> [UInt8] {
        let seconds = UInt64(clamping: time.secondsSince1970)
        return stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: seconds >> $0) }
            + signature
    }

    /// What is signed: a header, the time and the note's text.
    static func message(_ text: [UInt8], at time: Instant) -> [UInt8] {
        Array("cosignature/v1\ntime \(time.secondsSince1970)\n".utf8) + text
    }
}
