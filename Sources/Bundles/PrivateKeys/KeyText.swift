/// Private keys as text, in a part of a file (docs/bundle.md, "Private keys"): armoured, as base64
/// of DER, and in the forms of PuTTY, in ASCII, UTF-8, UTF-16 and UTF-32.
///
/// UTF-16 and UTF-32 are read by leaving out the zero bytes around a letter that has one behind it, so
/// that their byte order is of no matter.
struct KeyText {
    /// How many bytes behind a letter tell what stands there.
    static let lookAhead = 2048
    /// How many bytes before a letter tell whether it begins a line.
    static let lookBehind = 512

    private let window: [UInt8]
    /// Whether the file ends where the window does.
    private let isLast: Bool

    init(_ window: [UInt8], isLast: Bool) {
        self.window = window
        self.isLast = isLast
    }

    /// Whether a private key stands around one of the letters from `start` on.
    ///
    /// Each form is looked for by one capital letter, which are rare in most files: the G of BEGIN,
    /// the L of base64 of `-----BEGIN`, the M of base64 of DER, the P of PuTTY, the X of base64 of
    /// `openssh-key-v1`.
    func holdsPrivateKey(from start: Int) -> Bool {
        guard start < window.count else { return false }
        let bytes = window.span
        for index in start..<bytes.count {
            let byte = bytes[index]
            guard byte &- UInt8(ascii: "G") <= UInt8(ascii: "X") - UInt8(ascii: "G") else {
                continue
            }
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch (byte, next) {
            case (UInt8(ascii: "G"), UInt8(ascii: "I")), (UInt8(ascii: "G"), 0):
                if holdsArmour(at: index) { return true }
            case (UInt8(ascii: "M"), UInt8(ascii: "B")...UInt8(ascii: "I")),
                (UInt8(ascii: "M"), 0):
                if holdsDER(at: index) { return true }
            case (UInt8(ascii: "L"), UInt8(ascii: "S")), (UInt8(ascii: "L"), 0):
                if holdsEncodedArmour(at: index) { return true }
            case (UInt8(ascii: "P"), UInt8(ascii: "u")), (UInt8(ascii: "P"), 0):
                if holdsPuTTY(at: index) { return true }
            case (UInt8(ascii: "X"), UInt8(ascii: "k")), (UInt8(ascii: "X"), 0):
                if holdsOpenSSH(at: index) { return true }
            default: break
            }
        }
        return false
    }

    /// A line such as `-----BEGIN PRIVATE KEY-----`, or a block of OpenPGP that holds a secret key.
    private func holdsArmour(at index: Int) -> Bool {
        guard follows("GIN ", at: index) else { return false }
        let before = behind(index)
        guard before.suffix(2).elementsEqual("BE".utf8) else { return false }
        guard
            let line = ArmourLine(
                before: before.dropLast(2), behind: ahead(of: index).dropFirst(4), isLast: isLast)
        else { return false }
        return line.isPrivateKey || line.isOpenPGPSecretKey
    }

    /// Base64 of a file that begins with an armour line, as Kubernetes keeps it.
    private func holdsEncodedArmour(at index: Int) -> Bool {
        let begin = Array("-----BEGIN ".utf8)
        let start = LenientBase64.decode(ahead(of: index, atMost: 96)[...], letters: 12)
        guard start.count < 9 || begin.starts(with: start) else { return false }
        let text = LenientBase64.decode(ahead(of: index)[...], letters: 172)
        guard text.starts(with: begin) else { return false }
        // The line's end is cut off where much follows; the label alone tells.
        return ArmourLine(
            before: begin.prefix(5), behind: text.dropFirst(begin.count), isLast: true)?
            .isPrivateKey ?? false
    }

    /// Base64 of an unencrypted private key in DER.
    private func holdsDER(at index: Int) -> Bool {
        // Twelve letters tell nearly always that it is none.
        let start = LenientBase64.decode(ahead(of: index, atMost: 96)[...], letters: 12)
        guard start.count < 9 || PrivateKeyDER.mayBegin(start) else { return false }
        return PrivateKeyDER.begins(LenientBase64.decode(ahead(of: index)[...], letters: 172))
    }

    /// `PuTTY-User-Key-File-3: `, with the version that it has.
    private func holdsPuTTY(at index: Int) -> Bool {
        let name = "PuTTY-User-Key-File-"
        guard follows(name, at: index) else { return false }
        let version = ahead(of: index).dropFirst(name.utf8.count)
        guard let digit = version.first, (0x30...0x39).contains(digit),
            version.dropFirst().first == UInt8(ascii: ":")
        else { return false }
        let start = LineStart(behind(index))
        return start.begins || start.isEscaped
    }

    /// Base64 of the first bytes of a private key of OpenSSH, without its armour.
    private func holdsOpenSSH(at index: Int) -> Bool {
        follows("Xktdj", at: index) && behind(index).suffix(13).elementsEqual("b3BlbnNzaC1rZ".utf8)
    }

    /// Whether a word stands at `index`, each letter with no more zero bytes behind it than UTF-32 has.
    private func follows(_ word: String, at index: Int) -> Bool {
        var place = index
        for letter in word.utf8 {
            let zeros = window[place...].prefix(4).prefix { $0 == 0 }.count
            guard place + zeros < window.count, window[place + zeros] == letter else {
                return false
            }
            place += zeros + 1
        }
        return true
    }

    /// Whether the letter at `index` is one of UTF-16 or UTF-32; else a zero byte is no part of text.
    private func isWide(_ index: Int) -> Bool {
        index + 1 < window.count && window[index + 1] == 0
    }

    /// The text that begins at `index`.
    private func ahead(of index: Int, atMost count: Int = lookAhead) -> [UInt8] {
        let text = window[index...].prefix(count)
        return isWide(index) ? text.filter { $0 != 0 } : Array(text)
    }

    /// The text before `index`, without byte order marks of UTF-16.
    private func behind(_ index: Int) -> [UInt8] {
        let text = window[max(0, index - Self.lookBehind)..<index]
        return isWide(index) ? text.filter { $0 != 0 && $0 < 0xFE } : Array(text)
    }
}

/// What stands before an armour line: whether that begins a line or a value.
struct LineStart {
    private let before: ArraySlice<UInt8>

    init(_ before: [UInt8]) {
        self.before = before.suffix(64)
    }

    /// Only blanks stand before it, or what begins a value, or the mark of UTF-8.
    var begins: Bool {
        guard let end = before.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return true }
        return Array("\n\r\"'=".utf8).contains(before[end])
            || before[...end].suffix(3).elementsEqual([0xEF, 0xBB, 0xBF])
    }

    /// It stands behind a line end that is written as an escape.
    var isEscaped: Bool {
        let text = Array(before.suffix(6))
        return [0x6E, 0x72].contains(text.last ?? 0) && text.dropLast().last == 0x5C
            || ["\\u000a", "\\u000d"].contains(String(decoding: text, as: UTF8.self).lowercased())
    }
}
