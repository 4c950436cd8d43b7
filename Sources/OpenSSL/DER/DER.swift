/// Writes the few DER elements that keys and signatures are made of.
enum DER {
    /// An element with its tag, length and content.
    static func element(_ tag: DERTag, _ content: [UInt8]) -> [UInt8] {
        element(tag.rawValue, content)
    }

    /// The same with a tag that no other place has a name for.
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    /// An INTEGER from a big-endian magnitude, which may have leading zeros.
    static func integer(_ magnitude: some Sequence<UInt8>) -> [UInt8] {
        let digits = [UInt8](magnitude.drop { $0 == 0 })
        guard let first = digits.first else { return element(.integer, [0]) }
        return element(.integer, first < 0x80 ? digits : [0] + digits)
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        let width = (count.bitWidth - count.leadingZeroBitCount + 7) / 8
        let digits = (0..<width).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        return [0x80 | UInt8(width)] + digits
    }
}
