/// A line such as `-----BEGIN PRIVATE KEY-----`, from behind its word BEGIN on.
///
/// No label overlaps another, so that what reading them costs does not grow with how many there are.
struct ArmourLine {
    private let label: [UInt8]
    /// What is behind the line.
    private let after: TextUnits

    /// Reads the line from behind the blank after the word BEGIN.
    init?(_ units: inout TextUnits, _ text: Span<UInt8>) {
        var label: [UInt8] = []
        while label.count < 128, let byte = units.peek(text), Self.isLabel(byte) {
            label.append(byte)
            units.place += 1
        }
        guard units.skip(UInt8(ascii: "-"), text) >= 4 else { return nil }
        self.label = label.last == UInt8(ascii: " ") ? label.dropLast() : label
        after = units
    }

    /// The label is one of a private key.
    var isOfPrivateKey: Bool {
        ["PRIVATE KEY", "PRIVATE KEY BLOCK"].contains { word in
            label.count >= word.utf8.count
                && label.suffix(word.utf8.count).elementsEqual(word.utf8)
        }
    }

    /// A line end follows as an escape: the key is in a string of JSON, or the like.
    func isEscaped(_ text: Span<UInt8>) -> Bool {
        var rest = after
        return TextEscapes.takeLineEnd(&rest, text)
    }

    /// The line ends here, or blanks follow.
    func endsLine(_ text: Span<UInt8>, isLast: Bool) -> Bool {
        var rest = after
        return rest.peek(text).map(TextEscapes.isBlank) ?? isLast
    }

    /// It is a block of OpenPGP, whatever it is called, and what it holds begins as a secret key.
    ///
    /// Takes the lines of its head from `rest`, which is what is behind the line.
    func isOpenPGPSecretKey(_ rest: inout TextUnits, _ text: Span<UInt8>) -> Bool {
        guard label.starts(with: "PGP ".utf8) else { return false }
        while Self.takeHeadLine(&rest, text) {}
        // Its first byte nearly always shows that it is none.
        var first = LenientBase64(rest)
        guard let tag = first.next(text), tag >= 0x80 else { return false }
        var body = LenientBase64(rest)
        return OpenPGPSecretKey.begins(body.bytes(text, letters: 120))
    }

    /// Takes a line of the head, which holds a colon or nothing; false at what is none.
    private static func takeHeadLine(_ rest: inout TextUnits, _ text: Span<UInt8>) -> Bool {
        var line = rest
        var (hasColon, isEmpty) = (false, true)
        while let byte = line.peek(text), !endsHead(byte) {
            hasColon = hasColon || byte == UInt8(ascii: ":")
            isEmpty = isEmpty && TextEscapes.isBlank(byte)
            line.place += 1
        }
        guard hasColon || isEmpty else { return false }
        rest = line
        guard rest.peek(text) != nil else { return false }
        if !TextEscapes.takeLineEnd(&rest, text) { rest.place += 1 }
        return true
    }

    private static func endsHead(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D || TextEscapes.begin(with: byte)
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x20
    }
}
