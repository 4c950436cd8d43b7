/// The bytes of a text in a part of a file, one after the other and without a copy; in UTF-16 and
/// UTF-32 without the zero bytes.
struct TextUnits {
    /// Where the next one is looked for.
    var place: Int
    /// Where the part ends.
    let end: Int
    /// Whether zero bytes are no part of the text.
    let isWide: Bool

    /// The next byte, which stays the next one; nil at the end.
    mutating func peek(_ text: Span<UInt8>) -> UInt8? {
        if isWide { while place < end, text[place] == 0 { place += 1 } }
        return place < end ? text[place] : nil
    }

    /// Takes the next byte; nil at the end.
    mutating func next(_ text: Span<UInt8>) -> UInt8? {
        guard let byte = peek(text) else { return nil }
        place += 1
        return byte
    }

    /// Passes over a byte that is there any number of times, and says how often.
    mutating func skip(_ byte: UInt8, _ text: Span<UInt8>) -> Int {
        var count = 0
        while peek(text) == byte {
            place += 1
            count += 1
        }
        return count
    }
}

/// The bytes of a text before a place, from the last one back; in UTF-16 and UTF-32 without the zero
/// bytes and the byte order marks.
struct TextBefore {
    /// Before which the next one is.
    private var place: Int
    private let start: Int
    private let isWide: Bool

    /// Begins before the letter at `index`.
    init(_ index: Int, _ text: Span<UInt8>) {
        place = index
        start = max(0, index - KeyText.lookBehind)
        isWide = index + 1 < text.count && text[index + 1] == 0
    }

    /// The next byte, which stays the next one; nil at the start.
    private mutating func peek(_ text: Span<UInt8>) -> UInt8? {
        if isWide {
            while place > start, text[place - 1] == 0 || text[place - 1] >= 0xFE { place -= 1 }
        }
        return place > start ? text[place - 1] : nil
    }

    /// Takes the next byte; nil at the start.
    mutating func next(_ text: Span<UInt8>) -> UInt8? {
        guard let byte = peek(text) else { return nil }
        place -= 1
        return byte
    }

    /// Passes over a byte that is there up to so many times, and says how often.
    mutating func skip(_ byte: UInt8, most: Int, _ text: Span<UInt8>) -> Int {
        var count = 0
        while count < most, peek(text) == byte {
            place -= 1
            count += 1
        }
        return count
    }

    /// The last 64 bytes, in their order.
    func last64(_ text: Span<UInt8>) -> [UInt8] {
        var rest = self
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        while bytes.count < 64, let byte = rest.next(text) { bytes.append(byte) }
        return bytes.reversed()
    }
}
