/// The statements inside a signature, of which the hashed ones are signed (RFC 9580, 5.2.3).
struct OpenPGPSubpackets {
    private var values: [UInt8: [[UInt8]]] = [:]
    /// The first type that demands to be understood and is not.
    private(set) var unknownCritical: UInt8?

    /// Whether any demands to be understood.
    private(set) var hasCritical = false

    /// The types of subpackets that are understood, if only to be passed over.
    enum Kind {
        static let creationTime: UInt8 = 2
        static let expirationTime: UInt8 = 3
        static let keyExpiration: UInt8 = 9
        static let issuerKeyID: UInt8 = 16
        static let keyFlags: UInt8 = 27
        static let revocationReason: UInt8 = 29
        static let embeddedSignature: UInt8 = 32
        static let issuerFingerprint: UInt8 = 33

        /// These say nothing that could make a signature count for less: exportability, preferences,
        /// designated revokers, key server matters, a policy's address, the signer's user id and
        /// features.
        static let harmless: Set<UInt8> = [4, 7, 11, 12, 21, 22, 23, 24, 25, 26, 28, 30, 34]
        static let read: Set<UInt8> = [2, 3, 9, 16, 27, 29, 32, 33]
    }

    /// Reads an area of subpackets to its end.
    init(_ area: [UInt8]) throws(OpenPGPError) {
        var reader = OpenPGPReader(area)
        while !reader.isAtEnd {
            var subpacket = OpenPGPReader(try reader.bytes(Self.length(&reader)))
            let first = try subpacket.byte()
            let type = first & 0x7F
            hasCritical = hasCritical || first & 0x80 != 0
            if first & 0x80 != 0, !Kind.read.union(Kind.harmless).contains(type) {
                unknownCritical = unknownCritical ?? type
            }
            values[type, default: []].append(subpacket.remainder())
        }
    }

    /// The types that are there.
    var types: Set<UInt8> { Set(values.keys) }

    /// All values of a type.
    func all(_ type: UInt8) -> [[UInt8]] { values[type] ?? [] }

    /// The value of a type that may appear once.
    func only(_ type: UInt8) throws(OpenPGPError) -> [UInt8]? {
        let all = all(type)
        guard all.count <= 1 else { throw .subpackets("type \(type) appears \(all.count) times") }
        return all.first
    }

    private static func length(_ reader: inout OpenPGPReader) throws(OpenPGPError) -> Int {
        let first = Int(try reader.byte())
        switch first {
        case ..<192: return first
        case 255: return try reader.integer(bytes: 4)
        default: return (first - 192) << 8 + Int(try reader.byte()) + 192
        }
    }
}
