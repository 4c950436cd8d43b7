/// The first bytes of binary OpenPGP that begin with a secret key or subkey (RFC 9580, 5.5.3).
enum OpenPGPSecretKey {
    /// Whether the bytes begin so; where they are too few, they do not.
    static func begins(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        // Marker packets may be before it.
        while rest.starts(with: [0xCA, 0x03, 0x50, 0x47, 0x50])
            || rest.starts(with: [0xA8, 0x03, 0x50, 0x47, 0x50])
        {
            rest = rest.dropFirst(5)
        }
        guard let header = headerLength(rest) else { return false }
        return isKey(Array(rest.dropFirst(header)))
    }

    /// How many bytes are before the body of a packet with tag 5 or 7; nil for all others.
    private static func headerLength(_ packet: ArraySlice<UInt8>) -> Int? {
        guard let tag = packet.first else { return nil }
        switch tag {
        case 0x94, 0x9C: return 2
        case 0x95, 0x9D: return 3
        case 0x96, 0x9E: return 5
        case 0x97, 0x9F: return 1
        case 0xC5, 0xC7:
            guard let length = packet.dropFirst().first else { return nil }
            return length < 192 ? 2 : length < 224 ? 3 : length < 255 ? 2 : 6
        default: return nil
        }
    }

    /// A version, a time, an algorithm, and the public numbers that this algorithm begins with.
    private static func isKey(_ body: [UInt8]) -> Bool {
        guard let version = body.first else { return false }
        guard (2...6).contains(version) else { return false }
        // The oldest have days of validity before the algorithm, the newest a length behind it.
        let place = version < 4 ? 7 : 5
        let start = version > 4 ? place + 5 : place + 1
        guard body.count > start + 3 else { return false }
        switch body[place] {
        case 1, 2, 3, 16, 17, 20: return isNumber(body, at: start)
        case 18, 19, 22:
            return (3...12).contains(body[start]) && [0x2A, 0x2B].contains(body[start + 1])
        case 25, 27: return isPoint(of: 32, in: body, at: start)
        case 26: return isPoint(of: 56, in: body, at: start)
        case 28: return isPoint(of: 57, in: body, at: start)
        default: return false
        }
    }

    /// A public key of so many bytes, as its length says where there is one, and behind it how the
    /// secret one is protected.
    private static func isPoint(of size: Int, in body: [UInt8], at start: Int) -> Bool {
        guard body[0] >= 4, start + size < body.count else { return false }
        let length = body[(start - 4)..<start].reduce(0) { $0 << 8 | Int($1) }
        guard body[0] == 4 || length == size else { return false }
        return body[start + size] <= 13 || body[start + size] >= 253
    }

    /// A number of 256 bits or more, with the count of bits that it has.
    private static func isNumber(_ body: [UInt8], at place: Int) -> Bool {
        let bits = Int(body[place]) << 8 | Int(body[place + 1])
        let first = body[place + 2]
        return (256...16_384).contains(bits) && first.leadingZeroBitCount == 7 - (bits - 1) % 8
    }
}
