/// One packet: its type and its content (RFC 9580, 4.2).
struct OpenPGPPacket: Hashable {
    let tag: UInt8
    let body: [UInt8]

    /// The types of packets that matter here.
    enum Tag {
        static let signature: UInt8 = 2
        static let onePassSignature: UInt8 = 4
        static let secretKey: UInt8 = 5
        static let publicKey: UInt8 = 6
        static let secretSubkey: UInt8 = 7
        static let compressed: UInt8 = 8
        static let marker: UInt8 = 10
        static let literal: UInt8 = 11
        static let trust: UInt8 = 12
        static let userID: UInt8 = 13
        static let publicSubkey: UInt8 = 14
        static let userAttribute: UInt8 = 17
        static let padding: UInt8 = 21
    }

    /// The packet with a header of the new kind.
    var encoded: [UInt8] {
        let count = body.count
        let length: [UInt8] =
            switch count {
            case ..<192: [UInt8(count)]
            case ..<8384: twoBytes(count - 192 + 0xC000)
            default: [255] + fourBytes(count)
            }
        return [0xC0 | tag] + length + body
    }

    /// Reads packets up to the very last byte.
    ///
    /// - Throws: `OpenPGPError` for anything but whole packets of a stated length, and for too many.
    static func all(in bytes: [UInt8]) throws(OpenPGPError) -> [OpenPGPPacket] {
        var reader = OpenPGPReader(bytes)
        var packets: [OpenPGPPacket] = []
        while !reader.isAtEnd {
            guard packets.count < mostInFile else { throw .tooManyPackets }
            packets.append(try next(&reader))
        }
        return packets
    }

    /// More than the longest file of keys can have whose packets say something.
    static let mostInFile = 80_000

    private static func next(_ reader: inout OpenPGPReader) throws(OpenPGPError) -> OpenPGPPacket {
        let first = try reader.byte()
        guard first & 0x80 != 0 else { throw .notAPacket }
        let isNew = first & 0x40 != 0
        let tag = isNew ? first & 0x3F : first >> 2 & 0x0F
        if tag == Tag.compressed || tag == Tag.literal || tag == Tag.onePassSignature {
            throw .inlineMessage
        }
        let length = try isNew ? newLength(&reader) : oldLength(first & 3, &reader)
        return OpenPGPPacket(tag: tag, body: try reader.bytes(length))
    }

    private static func oldLength(
        _ kind: UInt8, _ reader: inout OpenPGPReader
    ) throws(OpenPGPError) -> Int {
        switch kind {
        case 0: try reader.integer(bytes: 1)
        case 1: try reader.integer(bytes: 2)
        case 2: try reader.integer(bytes: 4)
        default: throw .streamedPacket
        }
    }

    private static func newLength(_ reader: inout OpenPGPReader) throws(OpenPGPError) -> Int {
        let first = Int(try reader.byte())
        switch first {
        case ..<192: return first
        case ..<224: return (first - 192) << 8 + Int(try reader.byte()) + 192
        case 255: return try reader.integer(bytes: 4)
        default: throw .streamedPacket
        }
    }
}
