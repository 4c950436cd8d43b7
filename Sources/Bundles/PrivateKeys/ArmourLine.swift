/// A line such as `-----BEGIN PRIVATE KEY-----`, found by its word BEGIN, with what stands around it.
struct ArmourLine {
    private let label: ArraySlice<UInt8>
    private let before: [UInt8]
    private let after: ArraySlice<UInt8>
    private let isLast: Bool

    /// Reads the line.
    ///
    /// - Parameters:
    ///   - before: What stands before the word BEGIN.
    ///   - behind: What stands behind the blank after it.
    ///   - isLast: Whether the file ends where `behind` does.
    init?(before: ArraySlice<UInt8>, behind: ArraySlice<UInt8>, isLast: Bool) {
        let dash = UInt8(ascii: "-")
        var start = before.endIndex
        if before.last == UInt8(ascii: " ") { start -= 1 }
        let opening = before[..<start].reversed().prefix { $0 == dash }.count
        label = behind.prefix(128).prefix { Self.isLabel($0) }
        let rest = behind.dropFirst(label.count)
        let closing = rest.prefix { $0 == dash }.count
        guard opening >= 4, closing >= 4 else { return nil }
        self.before = Array(before[..<(start - opening)])
        after = rest.dropFirst(closing)
        self.isLast = isLast
    }

    /// The label is one of a private key, and the line is no part of a sentence.
    var isPrivateKey: Bool {
        let isKey = ["PRIVATE KEY", "PRIVATE KEY BLOCK"].contains { word in
            trimmed.count >= word.utf8.count
                && trimmed.suffix(word.utf8.count).elementsEqual(word.utf8)
        }
        return isKey && (isEscaped || LineStart(before).begins && endsLine)
    }

    /// It is a block of OpenPGP, whatever it is called, and what it holds begins as a secret key.
    var isOpenPGPSecretKey: Bool {
        guard trimmed.starts(with: Array("PGP ".utf8)) else { return false }
        // The lines of its head hold a colon or nothing.
        var rest = after
        while !rest.isEmpty {
            let line = rest.prefix {
                $0 != 0x0A && $0 != 0x0D && $0 != 0x5C && $0 != 0x26 && $0 != 0x25
            }
            let isHead =
                line.contains(UInt8(ascii: ":")) || line.allSatisfy { TextEscapes.isBlank($0) }
            guard isHead else { break }
            rest = rest.dropFirst(line.count)
            rest = rest.dropFirst(TextEscapes.lineEnd(rest) ?? 1)
        }
        return OpenPGPSecretKey.begins(LenientBase64.decode(Array(rest), letters: 120))
    }

    private var trimmed: ArraySlice<UInt8> {
        label.last == UInt8(ascii: " ") ? label.dropLast() : label
    }

    /// A line end follows as an escape: the key is in a string of JSON, or the like.
    private var isEscaped: Bool { TextEscapes.beginsWithLineEnd(after) }

    private var endsLine: Bool {
        guard let next = after.first else { return isLast }
        return [0x0A, 0x0D, 0x20, 0x09].contains(next)
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x20
    }
}
