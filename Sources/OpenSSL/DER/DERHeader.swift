/// The tag and the length with which an element begins whose content need not be at hand.
struct DERHeader {
    let tag: UInt8
    /// The bytes of the header itself.
    let size: Int
    /// The bytes of the content.
    let length: Int

    /// Reads the header at the front; nil where there is none.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let tag = bytes.first, let first = bytes.dropFirst().first else { return nil }
        let count = first < 0x80 ? 0 : Int(first & 0x7F)
        let digits = bytes.dropFirst(2).prefix(count)
        guard count < 8, digits.count == count else { return nil }
        self.tag = tag
        size = 2 + count
        length = first < 0x80 ? Int(first) : digits.reduce(0) { $0 << 8 | Int($1) }
    }
}
