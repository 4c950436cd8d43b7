/// The first bytes of an unencrypted private key in DER: PKCS #8 (RFC 5958), PKCS #1 (RFC 8017),
/// SEC 1 (RFC 5915).
enum PrivateKeyDER {
    /// The first bytes one by one, up to the tag behind the version: a SEQUENCE, an INTEGER.
    struct Beginning {
        private var count = 0
        /// Where the version is.
        private var version = 2

        /// Whether nothing is left to be checked byte by byte.
        var isWhole: Bool { count > version + 3 }

        /// Takes the next byte, and says whether a key can still begin so.
        mutating func take(_ byte: UInt8) -> Bool {
            defer { count += 1 }
            switch count {
            case 0: return byte == 0x30
            case 1:
                version = 2 + Int(max(byte, 0x80) - 0x80)
                return byte <= 0x83
            case version: return byte == 0x02
            case version + 1: return byte == 0x01
            case version + 2: return byte <= 1
            case version + 3: return byte == 0x30 || byte == 0x04 || byte == 0x02
            default: return true
            }
        }
    }

    /// Whether the bytes begin with SEQUENCE { INTEGER 0 or 1.
    private static func hasVersion(_ bytes: [UInt8]) -> Bool {
        guard let outer = Element(bytes, at: 0), outer.tag == 0x30 else { return false }
        let version = bytes.dropFirst(outer.start)
        return version.starts(with: [0x02, 0x01, 0x00]) || version.starts(with: [0x02, 0x01, 0x01])
    }

    /// Whether the bytes begin as one; where they are too few, they do not.
    static func begins(_ bytes: [UInt8]) -> Bool {
        guard hasVersion(bytes), let outer = Element(bytes, at: 0) else { return false }
        let version = bytes[outer.start + 2]
        guard let second = Element(bytes, at: outer.start + 3), second.end <= outer.end else {
            return false
        }
        switch second.tag {
        case 0x30: return isAlgorithm(second, of: bytes, within: outer)
        // A secret number, and then the curve, the public key or nothing.
        case 0x04:
            guard version == 1, (16...80).contains(second.length) else { return false }
            guard second.end < outer.end else { return true }
            return second.end < bytes.count && [0xA0, 0xA1].contains(bytes[second.end])
        // Of all its numbers the first, three of which at least are there in full length.
        case 0x02: return second.length >= 32 && outer.length >= 3 * second.length
        default: return false
        }
    }

    /// An algorithm with its identifier, and the key behind it.
    private static func isAlgorithm(
        _ algorithm: Element, of bytes: [UInt8], within outer: Element
    ) -> Bool {
        guard let name = Element(bytes, at: algorithm.start), name.tag == 0x06,
            (3...20).contains(name.length), name.end <= algorithm.end, name.start < bytes.count,
            [0x2A, 0x2B, 0x55, 0x60].contains(bytes[name.start])
        else { return false }
        // The parameters of DSA and of curves without a name are longer than what is looked at.
        guard let key = Element(bytes, at: algorithm.end) else {
            return algorithm.length > 64 && algorithm.end < outer.end
                && algorithm.end >= bytes.count && bytes.count > 64
        }
        return key.tag == 0x04 && key.end <= outer.end
    }

    /// The head of one value in DER.
    private struct Element {
        let tag: UInt8
        let length: Int
        /// Where its content begins.
        let start: Int

        var end: Int { start + length }

        init?(_ bytes: [UInt8], at place: Int) {
            guard place >= 0, place + 1 < bytes.count else { return nil }
            tag = bytes[place]
            let first = bytes[place + 1]
            guard first >= 0x80 else {
                length = Int(first)
                start = place + 2
                return
            }
            let count = Int(first & 0x7F)
            guard (1...3).contains(count), place + 1 + count < bytes.count else { return nil }
            length = bytes[(place + 2)..<(place + 2 + count)].reduce(0) { $0 << 8 | Int($1) }
            start = place + 2 + count
        }
    }
}
