/// Finds private keys in bytes that come in pieces (docs/bundle.md, "Private keys").
///
/// Armour lines are found anywhere, all other keys at the beginning only.
package struct PrivateKeyScanner: Sendable {
    /// Whether a private key has been seen in what was scanned so far.
    package private(set) var found = false

    private var carry: [UInt8] = []
    private var head: [UInt8] = []

    /// How many of the last bytes stay, so that no piece's end breaks an armour line.
    private static let longestLine = 256
    /// How many bytes `finds(in:)` scans at once.
    private static let pieceSize = 256 * 1024
    /// How many of the first bytes tell a file that is a key; a comment may have 1,024.
    private static let longestHead = 2048

    /// Begins before the first piece.
    package init() {}

    /// Says whether all of `bytes` hold a private key.
    package static func finds(in bytes: [UInt8]) -> Bool {
        var scanner = PrivateKeyScanner()
        // In pieces, because each is copied and a manifest may be large.
        for start in stride(from: 0, to: bytes.count, by: pieceSize) where !scanner.found {
            scanner.scan(bytes[start..<min(start + pieceSize, bytes.count)])
        }
        return scanner.found
    }

    /// Scans the next piece; pieces may break anywhere.
    package mutating func scan(_ piece: ArraySlice<UInt8>) {
        guard !found, !piece.isEmpty else { return }
        if head.count < Self.longestHead {
            head += piece.prefix(Self.longestHead - head.count)
            found = KeyFileHead(head).isPrivateKey
        }
        let window = carry + piece
        found = found || Self.holdsArmour(window)
        carry = Array(window.suffix(Self.longestLine))
    }

    /// Looks for the word in every armour line; as its six bytes differ, each sixth byte tells.
    private static func holdsArmour(_ window: [UInt8]) -> Bool {
        let bytes = window.span
        for index in stride(from: 5, to: bytes.count, by: 6) {
            guard let start = offset(inBegin: bytes[index]).map({ index - $0 }) else { continue }
            if isBegin(bytes, at: start),
                ArmourLine(in: window, at: start)?.isPrivateKey ?? false
            {
                return true
            }
        }
        return false
    }

    private static func isBegin(_ bytes: Span<UInt8>, at start: Int) -> Bool {
        guard start + 6 <= bytes.count else { return false }
        for place in 0..<6 where offset(inBegin: bytes[start + place]) != place { return false }
        return true
    }

    /// Where a byte stands in `BEGIN `; nil for all others.
    private static func offset(inBegin byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "B"): 0
        case UInt8(ascii: "E"): 1
        case UInt8(ascii: "G"): 2
        case UInt8(ascii: "I"): 3
        case UInt8(ascii: "N"): 4
        case UInt8(ascii: " "): 5
        default: nil
        }
    }
}

/// A line such as `-----BEGIN PRIVATE KEY-----`, found by its word BEGIN.
private struct ArmourLine {
    private let label: ArraySlice<UInt8>
    private let before: ArraySlice<UInt8>
    private let after: ArraySlice<UInt8>

    init?(in window: [UInt8], at index: Int) {
        let dash = UInt8(ascii: "-")
        var start = index
        if start > 0, window[start - 1] == UInt8(ascii: " ") { start -= 1 }
        let opening = window[..<start].reversed().prefix { $0 == dash }.count
        let rest = window[(index + 6)...].prefix(128)
        label = rest.prefix { Self.isLabel($0) }
        let closing = rest.dropFirst(label.count).prefix { $0 == dash }.count
        guard opening >= 4, closing >= 4 else { return nil }
        before = window[..<(start - opening)].suffix(64)
        after = rest.dropFirst(label.count + closing).prefix(2)
    }

    /// The label is one of a private key, and the line is no part of a sentence.
    var isPrivateKey: Bool {
        let trimmed = label.last == UInt8(ascii: " ") ? label.dropLast() : label
        let isKey = ["PRIVATE KEY", "PRIVATE KEY BLOCK"].contains { word in
            trimmed.count >= word.utf8.count
                && trimmed.suffix(word.utf8.count).elementsEqual(word.utf8)
        }
        return isKey && (isEscaped || beginsLine && endsLine)
    }

    /// `\n` or `\r` as an escape follows: the key is in a string of JSON.
    private var isEscaped: Bool {
        after.elementsEqual(Array("\\n".utf8)) || after.elementsEqual(Array("\\r".utf8))
    }

    private var endsLine: Bool {
        guard let next = after.first else { return true }
        return [0x0A, 0x0D, 0x20, 0x09].contains(next)
    }

    /// Only blanks stand before it, or what begins a value.
    private var beginsLine: Bool {
        let last = before.last { $0 != 0x20 && $0 != 0x09 }
        guard let last else { return true }
        return Array("\n\r\"'=".utf8).contains(last)
    }

    private static func isLabel(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x20
    }
}
