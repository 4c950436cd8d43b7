import CloseoutEncodings

/// The text around the bytes of an SSH signature.
enum SSHArmor {
    private static let begin = Array("-----BEGIN SSH SIGNATURE-----".utf8)
    private static let end = Array("-----END SSH SIGNATURE-----".utf8)
    /// What `ssh-keygen` writes on a line.
    private static let lineLength = 70

    /// Whether a file begins like one.
    static func begins(_ file: [UInt8]) -> Bool {
        file.starts(with: begin)
    }

    /// Takes the bytes out of their text, which nothing may precede or follow.
    ///
    /// - Throws: `SignatureError.notText`, `trailingBytes`.
    static func decode(_ file: [UInt8]) throws(SignatureError) -> [UInt8] {
        guard let lines = FramingLines.trimmed(file[...]),
            lines.first?.elementsEqual(begin) == true,
            let last = lines.firstIndex(where: { $0.elementsEqual(end) })
        else { throw malformed }
        guard last == lines.count - 1 else { throw .trailingBytes }
        let body = lines[1..<last]
        guard !body.contains(where: \.isEmpty), let bytes = Base64.decode(Array(body.joined())),
            !bytes.isEmpty
        else { throw malformed }
        return bytes
    }

    private static var malformed: SignatureError {
        .notText(expected: "one block of lines from BEGIN to END SSH SIGNATURE")
    }

    /// Writes the text around the bytes.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let lineFeed = Array("\n".utf8)
        var text = begin + lineFeed
        var letters = Base64.encode(bytes)[...]
        while !letters.isEmpty {
            text += letters.prefix(lineLength) + lineFeed
            letters = letters.dropFirst(lineLength)
        }
        return text + end + lineFeed
    }
}
