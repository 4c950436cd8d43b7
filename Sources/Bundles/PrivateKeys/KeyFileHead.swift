/// The first bytes of a file that may be a private key without armour
/// (docs/bundle.md, "Private keys").
struct KeyFileHead {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the bytes begin as a private key; where they are too few, they do not.
    var isPrivateKey: Bool {
        PrivateKeyDER.begins(bytes) || OpenPGPSecretKey.begins(bytes)
            || bytes.starts(with: Array("openssh-key-v1\0".utf8)) || isText
    }

    /// A key as text that is recognised by its beginning alone.
    private var isText: Bool {
        let isPlain = !bytes.contains { $0 == 0 || $0 >= 0xFE }
        var text = isPlain ? bytes : bytes.filter { $0 != 0 && $0 < 0xFE }
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        return Self.isSecretKeyWithComment(text)
            || OpenPGPSecretKey.begins(LenientBase64.decode(text, letters: 172))
    }

    /// Minisign, rsign and signify write the same comment over keys and signatures; what follows
    /// distinguishes them: secret keys have 104 bytes or more, public keys 42 and signatures 74.
    private static func isSecretKeyWithComment(_ text: [UInt8]) -> Bool {
        guard text.starts(with: Array("untrusted comment:".utf8)) else { return false }
        let lines = text.split(
            separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count > 1, lines[1].starts(with: Array("RW".utf8)) else { return false }
        return lines[1].filter { $0 != UInt8(ascii: "\r") }.count > 120
    }
}
