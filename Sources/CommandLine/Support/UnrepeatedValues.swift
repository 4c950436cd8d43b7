import CloseoutEncodings
import CloseoutFiles

/// Values of the command line and of variables that may be secrets, and that no message repeats
/// (docs/command-line.md, "Secrets").
///
/// A key, a PIN or a passphrase gets into a message where it was given in the place of a path or of
/// another word. `Console` writes every message through here, so that none can forget to.
struct UnrepeatedValues {
    /// A value in one of the ways in which a message may hold it, and what to say in its place.
    private var forms: [(text: [UInt8], place: String)] = []

    /// Those of this process.
    static let ofProcess = UnrepeatedValues(
        arguments: Machine.arguments,
        variables: variables.compactMap { name in
            Machine.environment(name).map { (name, String(decoding: $0, as: UTF8.self)) }
        })

    /// The variables whose values are words for the program.
    static let variables = [
        "CLOSEOUT_TRUST", "CLOSEOUT_LOG_KEY", "CLOSEOUT_LOCK_WAIT", "SOURCE_DATE_EPOCH", "TMPDIR",
    ]

    init(arguments: [String], variables: [(name: String, value: String)]) {
        var option: String?
        for (index, argument) in arguments.enumerated() {
            let isOption = argument.hasPrefix("-") && !PlausibleValue.holdsKeyText(argument)
            if isOption, let end = argument.firstIndex(of: "=") {
                let name = String(argument[..<end])
                add(String(argument[argument.index(after: end)...]), of: name, as: name)
            } else if isOption, !argument.hasPrefix("--"), argument.utf8.count > 2 {
                add(String(argument.dropFirst(2)), of: String(argument.prefix(2)), as: nil)
            } else if !isOption || PlausibleValue.namesPIN(argument) {
                add(argument, of: option ?? "argument \(index + 1)", as: option)
            }
            option = isOption && !argument.contains("=") ? argument : nil
        }
        for (name, value) in variables {
            add(value, of: name, as: name == "CLOSEOUT_LOG_KEY" ? "--log-key" : nil)
        }
        forms.sort { $0.text.count > $1.text.count }
    }

    /// A message with what to say in the place of each such value.
    func removed(from message: String) -> String {
        guard !forms.isEmpty else { return message }
        var bytes = Array(message.utf8)
        for form in forms {
            Self.replace(
                form.text, in: &bytes, by: Array(form.place.utf8),
                onlyAsWord: form.text.count < Self.shortestText)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func add(_ value: String, of place: String, as option: String?) {
        guard PlausibleValue.mayBeSecret(value, of: option) else { return }
        let named = place.hasPrefix("argument ") ? place : "the value of \(place)"
        let instead = "\(named) (not repeated: it may be a secret)"
        for text in Self.texts(of: value) {
            // A message of the parser begins so.
            forms.append((Array("the value '\(text)'".utf8), instead))
            forms.append((Array("'\(text)'".utf8), instead))
            forms.append((Array(text.utf8), instead))
        }
    }

    /// What a message may hold of a value: itself, behind the word that says of what kind it is, and
    /// pieces, as of a path.
    private static func texts(of value: String) -> Set<String> {
        var texts: Set<String> = [value]
        for prefix in ["env:", "file:", "fd:", "exec:", "pkcs11:"] where value.hasPrefix(prefix) {
            texts.insert(String(value.dropFirst(prefix.count)))
        }
        let pieces = value.split { $0.isNewline || "/?&;=, ".contains($0) }
        texts.formUnion(pieces.filter { $0.utf8.count >= 16 }.map(String.init))
        for lines in value.split(whereSeparator: \.isNewline) where lines.utf8.count >= 16 {
            texts.insert(String(lines))
        }
        texts.formUnion(PlausibleValue.pins(in: value))
        return texts.union(texts.map { printable($0) }).union(texts.map { shellQuoted($0) })
    }

    /// Shorter texts are in words of the message by chance.
    private static let shortestText = 8

    private static func replace(
        _ text: [UInt8], in bytes: inout [UInt8], by other: [UInt8], onlyAsWord: Bool
    ) {
        guard let first = text.first, text.count <= bytes.count else { return }
        func isWord(_ range: Range<Int>) -> Bool {
            let around = bytes[..<range.lowerBound].suffix(1) + bytes[range.upperBound...].prefix(1)
            return around.allSatisfy { !PlausibleValue.isWordByte($0) }
        }
        var index = 0
        while index + text.count <= bytes.count {
            if bytes[index] == first, bytes[index...].starts(with: text),
                !onlyAsWord || isWord(index..<index + text.count)
            {
                bytes.replaceSubrange(index..<index + text.count, with: other)
                index += other.count
            } else {
                index += 1
            }
        }
    }
}

/// Knows a value that can be the path of a file, or a plain word, from one that may be a secret.
enum PlausibleValue {
    /// The most bytes of a path.
    private static let longestPath = 4096
    /// Fewer characters than any key has.
    private static let shortestKey = 40
    /// Options that name a private key or a passphrase, where digits alone may be one.
    private static let secretOptions: Set<String> = [
        "--key", "--log-key", "--report-key", "--trust-key", "--public", "--passphrase",
    ]

    /// Whether no message may repeat a value.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - option: The option that it is given to, if one is known.
    /// - Returns: Whether it may be a secret.
    static func mayBeSecret(_ value: String, of option: String?) -> Bool {
        if option == "--passphrase" {
            let isPlace = ["env:", "file:", "fd:"].contains { value.hasPrefix($0) }
            return !isPlace || mayBeSecret(value, of: "--key")
        }
        let isSecretOption = option.map(secretOptions.contains) ?? false
        if value.utf8.count > longestPath || holdsKeyText(value) || namesPIN(value) { return true }
        if value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return true
        }
        if isSecretOption, holds(value, "BEGIN") { return true }
        if isAddressForPath(value, of: option) { return true }
        let word = value.split(separator: ":").last.map(String.init) ?? value
        guard !isPlace(word) else { return false }
        // A key that was copied from several lines holds blanks, or line ends as they are escaped.
        let joined = word.replacing("\\n", with: "").filter { $0 != " " }
        return looksLikeKey(word, digitsToo: isSecretOption)
            || joined != word && looksLikeKey(joined, digitsToo: isSecretOption)
    }

    /// Whether a value is the address of a receiver where a path belongs: many are as good as a password.
    private static func isAddressForPath(_ value: String, of option: String?) -> Bool {
        guard option != "--key-reference", option != "--reference" else { return false }
        let start = value.prefix(8).lowercased()
        return start == "https://" || start.hasPrefix("http://")
    }

    /// Whether a value in the place of a path is none, but a secret.
    static func isNoPath(_ value: String) -> Bool {
        holds(value, "-----BEGIN") && holds(value, "PRIVATE") || namesPIN(value)
            || looksLikeKey(value, digitsToo: false) && !isPlace(value)
    }

    /// Whether a value holds the text of a key, as `-----BEGIN PRIVATE KEY-----`, a JSON Web Key or a
    /// key of `age`.
    static func holdsKeyText(_ value: String) -> Bool {
        value.utf8.starts(with: "-----BEGIN".utf8) || holds(value, "BEGIN ")
            || holds(value, "SECRET-KEY-") || holds(value, "PuTTY-User-Key")
            || holds(value, "{") && holds(value, "\"")
    }

    /// Whether the bytes of a text, which is ASCII, are among those of a value.
    private static func holds(_ value: String, _ text: String) -> Bool {
        let (bytes, wanted) = (Array(value.utf8), Array(text.utf8))
        return bytes.indices.contains { bytes[$0...].starts(with: wanted) }
    }

    /// Whether a byte is part of a word.
    static func isWordByte(_ byte: UInt8) -> Bool {
        isSmall(byte) || isCapital(byte) || isDigit(byte)
    }

    /// Whether a value holds a PIN, as a PKCS #11 URI can.
    static func namesPIN(_ value: String) -> Bool { holds(value.lowercased(), "pin-value") }

    /// The PINs that a value holds.
    static func pins(in value: String) -> [String] {
        guard namesPIN(value) else { return [] }
        return value.split { "?&;".contains($0) }.filter { namesPIN(String($0)) }.compactMap {
            $0.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init)
        }
    }

    /// Whether a word is long, has only what base64 writes, and mixes that as by chance; or, where a key is named, has only hexadecimal digits.
    private static func looksLikeKey(_ word: String, digitsToo: Bool) -> Bool {
        let bytes = Array(word.utf8)
        guard bytes.count >= shortestKey else { return false }
        if bytes.allSatisfy({ Hex.decode([$0, $0]) != nil }) { return digitsToo }
        let isCoded = bytes.allSatisfy { isWordByte($0) || "+/=_-".utf8.contains($0) }
        return isCoded && isMixed(bytes.filter(isWordByte)[...])
    }

    /// Whether small letters, capitals and digits come in turn, as by chance, and not in words.
    private static func isMixed(_ piece: ArraySlice<UInt8>) -> Bool {
        func kind(_ byte: UInt8) -> Int {
            isSmall(byte) ? 0 : isCapital(byte) ? 1 : isDigit(byte) ? 2 : 3
        }
        let changes = zip(piece, piece.dropFirst()).count { first, second in
            kind(first) != kind(second) && kind(first) < 3 && kind(second) < 3
        }
        return changes * 3 >= piece.count
    }

    /// Whether there is such a file, or a folder in which it would lie.
    private static func isPlace(_ word: String) -> Bool {
        let path = Array(word.utf8)
        if (try? fileStatus(path)) != nil { return true }
        let folder = Path.split(path).directory
        return folder != [UInt8(ascii: "/")] && path.contains(UInt8(ascii: "/"))
            && (try? fileStatus(folder)) != nil
    }

    private static func isSmall(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte }
    private static func isCapital(_ byte: UInt8) -> Bool { 0x41...0x5A ~= byte }
    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
