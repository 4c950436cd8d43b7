import CloseoutEncodings
package import CloseoutOpenSSL

/// Reads and writes public keys in the form of SSH (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4).
package enum SSHPublicKey {
    private static let ed25519 = Array("ssh-ed25519".utf8)
    private static let rsa = Array("ssh-rsa".utf8)
    private static let curvePrefix = Array("ecdsa-sha2-".utf8)

    /// The name that the form has for keys of a type; `nil` where it has none.
    static func name(of type: KeyType) -> [UInt8]? {
        switch type {
        case .ed25519: ed25519
        case .rsa: rsa
        case .p256, .p384, .p521: curve(type).map { curvePrefix + $0 }
        case .mldsa44, .mldsa65, .mldsa87: nil
        }
    }

    private static func curve(_ type: KeyType) -> [UInt8]? {
        switch type {
        case .p256: Array("nistp256".utf8)
        case .p384: Array("nistp384".utf8)
        case .p521: Array("nistp521".utf8)
        default: nil
        }
    }

    /// Reads a key from its bytes, all of them.
    ///
    /// - Throws: `KeyError.unsupported` for other types, among them security keys (`sk-…`) and
    ///   certificates; `KeyError.notAKey`.
    static func read(_ bytes: [UInt8]) throws(KeyError) -> PublicKey {
        var reader = SSHReader(bytes)
        guard let name = reader.string() else { throw malformed }
        guard let type = KeyType.allCases.first(where: { self.name(of: $0) == name }) else {
            throw .unsupported("the SSH key type \(printable(name))")
        }
        let key: PublicKey
        switch type {
        case .ed25519:
            guard let bytes = reader.string(), bytes.count == 32 else { throw malformed }
            key = try PublicKey(ed25519: bytes)
        case .rsa:
            guard let exponent = reader.positiveInteger(), let modulus = reader.positiveInteger()
            else { throw malformed }
            key = try PublicKey(modulus: modulus, exponent: exponent)
        default:
            guard let curve = reader.string(), curve == self.curve(type),
                let point = reader.string()
            else { throw malformed }
            key = try PublicKey(point: point, type: type)
        }
        guard reader.isAtEnd else { throw malformed }
        return key
    }

    private static var malformed: KeyError { .notAKey("not the bytes of an SSH public key") }

    /// The bytes of a key; `nil` for types that SSH does not have.
    package static func bytes(of key: PublicKey) -> [UInt8]? {
        guard let name = name(of: key.type) else { return nil }
        let start = SSHWriter.string(name)
        if let raw = key.rawEd25519 { return start + SSHWriter.string(raw) }
        if let numbers = key.rsaNumbers {
            return start + SSHWriter.integer(numbers.exponent)
                + SSHWriter.integer(numbers.modulus)
        }
        guard let point = key.point, let curve = curve(key.type) else { return nil }
        return start + SSHWriter.string(curve) + SSHWriter.string(point)
    }

    /// The key as OpenSSH writes it into `.pub` files, one line without comment and line end.
    ///
    /// - Returns: `nil` for types that SSH does not have.
    package static func line(of key: PublicKey) -> [UInt8]? {
        guard let name = name(of: key.type), let bytes = bytes(of: key) else { return nil }
        return name + Array(" ".utf8) + Base64.encode(bytes)
    }

    /// What OpenSSH calls a key: `SHA256:` and the digest of its bytes.
    static func fingerprint(_ bytes: [UInt8]) -> [UInt8]? {
        guard let digest = try? SHA256Digest.of(bytes) else { return nil }
        return Array("SHA256:".utf8)
            + Base64.encode(digest.bytes).filter { $0 != UInt8(ascii: "=") }
    }
}
