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

    /// The letters by which keys are found, as bits from `G` on; they are rare in most files.
    private static let capitals: UInt32 = "GLMPX".utf8.reduce(0) { $0 | 1 << UInt32($1 - 0x47) }

    /// Whether a private key stands around one of the letters from `start` on.
    ///
    /// Each form is looked for by one capital letter: the G of BEGIN, the L of base64 of `-----BEGIN`,
    /// the M of base64 of DER, the P of PuTTY, the X of base64 of `openssh-key-v1`.
    func holdsPrivateKey(from start: Int) -> Bool {
        guard start < window.count else { return false }
        let capitals = Self.capitals
        let bytes = window.span
        for index in start..<bytes.count {
            let offset = UInt32(bytes[index] &- 0x47)
            // One branch only: letters of base64 would have a second one guessed wrong.
            guard (capitals &>> offset) & (offset < 18 ? 1 : 0) == 1 else { continue }
            if holdsPrivateKey(at: index) { return true }
        }
        return false
    }

    private func holdsPrivateKey(at index: Int) -> Bool {
        let next = index + 1 < window.count ? window[index + 1] : 0
        let isWide = next == 0
        switch window[index] {
        case UInt8(ascii: "G"):
            guard isWide || next == UInt8(ascii: "I") else { return false }
            return follows("GIN ", at: index) && holdsArmour(at: index)
        case UInt8(ascii: "L"):
            return (isWide || next == UInt8(ascii: "S")) && holdsEncodedArmour(at: index)
        case UInt8(ascii: "M"):
            return (isWide || (0x42...0x49).contains(next)) && holdsDER(at: index)
        case UInt8(ascii: "P"):
            guard isWide || next == UInt8(ascii: "u") else { return false }
            return follows("PuTTY-User-Key-File-", at: index) && holdsPuTTY(at: index)
        default:
            guard isWide || next == UInt8(ascii: "k") else { return false }
            return follows("Xktdj", at: index) && holdsOpenSSH(at: index)
        }
    }

    /// A line such as `-----BEGIN PRIVATE KEY-----`, or a block of OpenPGP that holds a secret key.
    private func holdsArmour(at index: Int) -> Bool {
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
        // Seven dashes and letters of `-----BEGIN `.
        guard firstBytes(at: index).map({ $0 == 0x2D2D_2D2D_2D42_45 }) ?? true else { return false }
        let begin = Array("-----BEGIN ".utf8)
        let text = LenientBase64.decode(ahead(of: index), letters: 172)
        guard text.starts(with: begin) else { return false }
        // The line's end is cut off where much follows; the label alone tells.
        return ArmourLine(
            before: begin.prefix(5), behind: text.dropFirst(begin.count), isLast: true)?
            .isPrivateKey ?? false
    }

    /// Base64 of an unencrypted private key in DER.
    private func holdsDER(at index: Int) -> Bool {
        // Its first bytes tell nearly always that it is none.
        guard firstBytes(at: index).map(PrivateKeyDER.mayBegin) ?? true else { return false }
        return PrivateKeyDER.begins(LenientBase64.decode(ahead(of: index), letters: 172))
    }

    /// `PuTTY-User-Key-File-3: `, with the version that it has.
    private func holdsPuTTY(at index: Int) -> Bool {
        let version = ahead(of: index).dropFirst("PuTTY-User-Key-File-".utf8.count)
        guard let digit = version.first, (0x30...0x39).contains(digit),
            version.dropFirst().first == UInt8(ascii: ":")
        else { return false }
        let start = LineStart(behind(index))
        return start.begins || start.isEscaped
    }

    /// Base64 of the first bytes of a private key of OpenSSH, without its armour.
    private func holdsOpenSSH(at index: Int) -> Bool {
        behind(index).suffix(13).elementsEqual("b3BlbnNzaC1rZ".utf8)
    }

    /// The seven bytes that base64 begins with at `index`, as a number; nil where only a closer look
    /// tells, and 0 where there are not as many.
    private func firstBytes(at index: Int) -> UInt64? {
        var (bits, count, place): (UInt64, Int, Int) = (0, 0, index)
        let step = isWide(index) ? 3 : 0
        while count < 10 {
            guard place < window.count else { return 0 }
            let byte = window[place]
            if let value = LenientBase64.value(of: byte) {
                bits = bits << 6 | UInt64(value)
                count += 1
            } else if byte == UInt8(ascii: "\\") {
                return nil
            } else if !LenientBase64.isPassedOver(byte) {
                return 0
            }
            place = skippingZeros(place + 1, step)
        }
        return bits >> 4
    }

    /// Whether a word stands at `index`, each letter with no more zero bytes behind it than UTF-32 has.
    private func follows(_ word: String, at index: Int) -> Bool {
        let step = isWide(index) ? 3 : 0
        var place = index
        for letter in word.utf8 {
            guard place < window.count, window[place] == letter else { return false }
            place = skippingZeros(place + 1, step)
        }
        return true
    }

    /// The first place from `place` on that is no zero byte, behind so many at the most.
    private func skippingZeros(_ place: Int, _ most: Int) -> Int {
        var place = place
        let end = min(place + most, window.count)
        while place < end, window[place] == 0 { place += 1 }
        return place
    }

    /// Whether the letter at `index` is one of UTF-16 or UTF-32; else a zero byte is no part of text.
    private func isWide(_ index: Int) -> Bool {
        index + 1 < window.count && window[index + 1] == 0
    }

    /// The text that begins at `index`.
    private func ahead(of index: Int) -> [UInt8] {
        let text = window[index...].prefix(Self.lookAhead)
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
