/// Reads DER element by element and takes only what DER allows: one spelling for each value.
///
/// Every function returns nil for anything else, and then the whole input is to be refused.
struct DERReader {
    private var rest: ArraySlice<UInt8>

    /// A reader at the first element.
    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// Whether nothing is left to read.
    var isAtEnd: Bool { rest.isEmpty }

    /// The bytes that are left.
    var remainder: ArraySlice<UInt8> { rest }

    /// The content of the next element, which must have this tag.
    mutating func read(_ tag: DERTag) -> ArraySlice<UInt8>? {
        guard let element = readAny(), element.tag == tag.rawValue else { return nil }
        return element.content
    }

    /// The content of the next element, which must have this tag and be the last.
    mutating func readLast(_ tag: DERTag) -> ArraySlice<UInt8>? {
        guard let content = read(tag), isAtEnd else { return nil }
        return content
    }

    /// The big-endian magnitude of the next element, an INTEGER above zero, without leading zeros.
    mutating func readPositiveInteger() -> ArraySlice<UInt8>? {
        guard let content = read(.integer), let first = content.first, first < 0x80 else {
            return nil
        }
        guard first == 0 else { return content }
        let magnitude = content.dropFirst()
        // A leading zero is there only to keep the sign bit clear.
        guard let second = magnitude.first, second >= 0x80 else { return nil }
        return magnitude
    }

    /// The tags of the elements that are left, up to three; elements that are not DER end the list.
    func leadingTags() -> [DERTag?] {
        var reader = self
        var tags: [DERTag?] = []
        while tags.count < 3, let element = reader.readAny() {
            tags.append(DERTag(rawValue: element.tag))
        }
        return tags
    }

    /// The content of the next element if it has this tag; another one stays where it is.
    mutating func readOptional(_ tag: DERTag) -> ArraySlice<UInt8>? {
        rest.first == tag.rawValue ? read(tag) : nil
    }

    /// The next element whole, with its tag and length, if it has this tag.
    mutating func readWhole(_ tag: DERTag) -> ArraySlice<UInt8>? {
        let whole = rest
        guard read(tag) != nil else { return nil }
        return whole.prefix(whole.count - rest.count)
    }

    /// The next element, whatever its tag.
    mutating func readAny() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = rest.popFirst(), let count = readLength(), count <= rest.count
        else { return nil }
        defer { rest = rest.dropFirst(count) }
        return (tag, rest.prefix(count))
    }

    /// Lengths from 128 on are a count of bytes and that many bytes, no more than needed.
    private mutating func readLength() -> Int? {
        guard let first = rest.popFirst() else { return nil }
        guard first >= 0x80 else { return Int(first) }
        let count = Int(first & 0x7F)
        guard (1...4).contains(count), count <= rest.count else { return nil }
        let length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(count)
        let least = count == 1 ? 0x80 : 1 << (8 * (count - 1))
        return length >= least ? length : nil
    }
}

/// The tags that keys, signatures and what is around them are made of.
enum DERTag: UInt8 {
    case boolean = 0x01
    case integer = 0x02
    case bitString = 0x03
    case octetString = 0x04
    case null = 0x05
    case objectIdentifier = 0x06
    case utf8String = 0x0C
    case generalizedTime = 0x18
    case sequence = 0x30
    case set = 0x31
    /// `[0]` and `[1]` over something primitive.
    case primitive0 = 0x80
    case primitive1 = 0x81
    /// `[0]` to `[3]` over something constructed.
    case constructed0 = 0xA0
    case constructed1 = 0xA1
    case constructed2 = 0xA2
    case constructed3 = 0xA3
}
