/// The first bytes of a file that may be a private key without armour
/// (docs/bundle.md, "Private keys").
struct KeyFileHead {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the bytes begin as a private key.
    var isPrivateKey: Bool {
        isDER || isSecretKeyWithComment || isOpenPGP || isPuTTY
    }

    /// Minisign, rsign and signify write the same comment over keys and signatures; what follows
    /// tells them apart: secret keys have 104 bytes or more, public keys 42 and signatures 74.
    private var isSecretKeyWithComment: Bool {
        guard bytes.starts(with: Array("untrusted comment:".utf8)) else { return false }
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count > 1, lines[1].starts(with: Array("RW".utf8)) else { return false }
        return lines[1].filter { $0 != UInt8(ascii: "\r") }.count > 120
    }

    /// SEQUENCE { INTEGER 0 or 1, … of PKCS #8 (RFC 5958), PKCS #1 (RFC 8017) and SEC 1 (RFC 5915).
    private var isDER: Bool {
        guard bytes.count > 16, bytes[0] == 0x30 else { return false }
        let header = bytes[1] < 0x80 ? 2 : 2 + Int(bytes[1] & 0x7F)
        guard header <= 5, bytes.count > header + 8 else { return false }
        let body = bytes[header...]
        let version =
            body.starts(with: [0x02, 0x01, 0x00]) || body.starts(with: [0x02, 0x01, 0x01])
        guard version else { return false }
        let next = body.dropFirst(3)
        guard let tag = next.first else { return false }
        if tag == 0x30 { return next.dropFirst(2).first == 0x06 || next.dropFirst(3).first == 0x06 }
        return tag == 0x04 && (next.dropFirst().first ?? 0) >= 16 || tag == 0x02 && header == 4
    }

    /// A secret-key packet (RFC 9580, section 5.5.3): tag 5, a version, a time, an algorithm.
    private var isOpenPGP: Bool {
        guard let tag = bytes.first else { return false }
        let header: Int
        switch tag {
        case 0x94: header = 2
        case 0x95: header = 3
        case 0xC5 where bytes.count > 1:
            header = bytes[1] < 192 ? 2 : bytes[1] < 224 ? 3 : 6
        default: return false
        }
        guard bytes.count > header + 5, [4, 5, 6].contains(bytes[header]) else { return false }
        let algorithms: [UInt8] = [1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28]
        return algorithms.contains(bytes[header + 5])
    }

    private var isPuTTY: Bool {
        bytes.starts(with: Array("PuTTY-User-Key-File-".utf8))
    }
}
