/// Private keys as text, in a part of a file (docs/bundle.md, "Private keys"): armoured, as base64
/// of DER, and in the forms of PuTTY, in ASCII, UTF-8, UTF-16 and UTF-32.
///
/// UTF-16 and UTF-32 are read by leaving out the zero bytes around a letter that has one behind it, so
/// that their byte order is of no matter.
struct KeyText {
    /// How many bytes after a letter decide what it is.
    static let lookAhead = 2048
    /// How many bytes before a letter decide whether it begins a line.
    static let lookBehind = 512

    private let window: [UInt8]
    /// Whether the file ends where the window does.
    private let isLast: Bool
    /// How many bytes were looked at behind letters by which keys are found.
    private(set) var lookedAt = 0

    init(_ window: [UInt8], isLast: Bool) {
        self.window = window
        self.isLast = isLast
    }

    /// The letters by which keys are found, as bits from `G` on; they are rare in most files.
    private static let capitals: UInt32 = "GLMPX".utf8.reduce(0) { $0 | 1 << UInt32($1 - 0x47) }

    /// Whether a private key is around one of the letters from `start` on.
    ///
    /// Each form is looked for by one capital letter: the G of BEGIN, the L of base64 of `-----BEGIN`,
    /// the M of base64 of DER, the P of PuTTY, the X of base64 of `openssh-key-v1`.
    mutating func holdsPrivateKey(from start: Int) -> Bool {
        guard start < window.count else { return false }
        let capitals = Self.capitals
        let window = window
        let bytes = window.span
        for index in start..<bytes.count {
            let offset = UInt32(bytes[index] &- 0x47)
            // One branch only: letters of base64 would have a second one guessed wrong.
            guard (capitals &>> offset) & (offset < 18 ? 1 : 0) == 1 else { continue }
            if holdsPrivateKey(at: index, bytes) { return true }
        }
        return false
    }

    private mutating func holdsPrivateKey(at index: Int, _ text: Span<UInt8>) -> Bool {
        let next = index + 1 < text.count ? text[index + 1] : 0
        let isWide = next == 0
        switch text[index] {
        case UInt8(ascii: "G"):
            return (isWide || next == UInt8(ascii: "I")) && holdsArmour(at: index, text)
        case UInt8(ascii: "L"):
            return (isWide || next == UInt8(ascii: "S")) && holdsEncodedArmour(at: index, text)
        case UInt8(ascii: "M"):
            return (isWide || (0x42...0x49).contains(next)) && holdsDER(at: index, text)
        case UInt8(ascii: "P"):
            return (isWide || next == UInt8(ascii: "u")) && holdsPuTTY(at: index, text)
        default:
            return (isWide || next == UInt8(ascii: "k")) && holdsOpenSSH(at: index, text)
        }
    }

    /// A line such as `-----BEGIN PRIVATE KEY-----`, or a block of OpenPGP that holds a secret key.
    private mutating func holdsArmour(at index: Int, _ text: Span<UInt8>) -> Bool {
        var units = ahead(of: index, text)
        guard follows("GIN ", &units, text) else { return false }
        defer { lookedAt += units.place - index }
        var before = TextBefore(index, text)
        guard before.next(text) == UInt8(ascii: "E"), before.next(text) == UInt8(ascii: "B") else {
            return false
        }
        _ = before.skip(UInt8(ascii: " "), most: 1, text)
        guard before.skip(UInt8(ascii: "-"), most: Self.lookBehind, text) >= 4,
            let line = ArmourLine(&units, text)
        else { return false }
        if line.isOfPrivateKey {
            if line.isEscaped(text) { return true }
            let endsLine = line.endsLine(text, isLast: isLast)
            if endsLine, LineStart(before.last64(text)).begins { return true }
        }
        return line.isOpenPGPSecretKey(&units, text)
    }

    /// Base64 of a file that begins with an armour line, as Kubernetes keeps it.
    private mutating func holdsEncodedArmour(at index: Int, _ text: Span<UInt8>) -> Bool {
        var base64 = LenientBase64(ahead(of: index, text))
        defer { lookedAt += base64.units.place - index }
        for byte in "-----BEGIN ".utf8 {
            guard base64.next(text) == byte else { return false }
        }
        let rest = base64.bytes(text, letters: 172)
        // The line's end is cut off where much follows; the label alone decides.
        var units = TextUnits(place: 0, end: rest.count, isWide: false)
        guard let line = ArmourLine(&units, rest.span), line.isOfPrivateKey else { return false }
        return line.isEscaped(rest.span) || line.endsLine(rest.span, isLast: true)
    }

    /// Base64 of an unencrypted private key in DER.
    private mutating func holdsDER(at index: Int, _ text: Span<UInt8>) -> Bool {
        var base64 = LenientBase64(ahead(of: index, text))
        defer { lookedAt += base64.units.place - index }
        // Its first bytes nearly always show that it is none.
        var beginning = PrivateKeyDER.Beginning()
        while !beginning.isWhole {
            guard let byte = base64.next(text), beginning.take(byte) else { return false }
        }
        base64 = LenientBase64(ahead(of: index, text))
        return PrivateKeyDER.begins(base64.bytes(text, letters: 172))
    }

    /// `PuTTY-User-Key-File-3: `, with the version that it has.
    private mutating func holdsPuTTY(at index: Int, _ text: Span<UInt8>) -> Bool {
        var units = ahead(of: index, text)
        defer { lookedAt += units.place - index }
        guard follows("PuTTY-User-Key-File-", &units, text),
            let digit = units.next(text), (0x30...0x39).contains(digit),
            units.next(text) == UInt8(ascii: ":")
        else { return false }
        let start = LineStart(TextBefore(index, text).last64(text))
        return start.begins || start.isEscaped
    }

    /// Base64 of the first bytes of a private key of OpenSSH, without its armour.
    private mutating func holdsOpenSSH(at index: Int, _ text: Span<UInt8>) -> Bool {
        var units = ahead(of: index, text)
        defer { lookedAt += units.place - index }
        guard follows("Xktdj", &units, text) else { return false }
        var before = TextBefore(index, text)
        return "b3BlbnNzaC1rZ".utf8.reversed().allSatisfy { before.next(text) == $0 }
    }

    /// Whether a word is next, each letter with no more zero bytes behind it than UTF-32 has.
    private func follows(_ word: String, _ units: inout TextUnits, _ text: Span<UInt8>) -> Bool {
        for letter in word.utf8 {
            let start = units.place
            guard units.next(text) == letter, units.place <= start + 4 else { return false }
        }
        return true
    }

    /// The text that begins at `index`.
    ///
    /// In UTF-16 and UTF-32 a zero byte follows the letter; else it is no part of text.
    private func ahead(of index: Int, _ text: Span<UInt8>) -> TextUnits {
        let isWide = index + 1 < text.count && text[index + 1] == 0
        return TextUnits(
            place: index, end: min(index + Self.lookAhead, text.count), isWide: isWide)
    }
}

/// What is before an armour line: whether that begins a line or a value.
struct LineStart {
    private let before: [UInt8]

    init(_ before: [UInt8]) {
        self.before = before
    }

    /// Only blanks are before it, or what begins a value, or the mark of UTF-8.
    var begins: Bool {
        guard let end = before.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return true }
        return Array("\n\r\"'=".utf8).contains(before[end])
            || before[...end].suffix(3).elementsEqual([0xEF, 0xBB, 0xBF])
    }

    /// It is after a line end that is written as an escape.
    var isEscaped: Bool {
        let text = Array(before.suffix(6))
        return [0x6E, 0x72].contains(text.last ?? 0) && text.dropLast().last == 0x5C
            || ["\\u000a", "\\u000d"].contains(String(decoding: text, as: UTF8.self).lowercased())
    }
}
