import CloseoutCOpenSSL

/// Reads private keys in the form of OpenSSH, unencrypted (PROTOCOL.key of OpenSSH).
enum OpenSSHPrivateKey {
    /// With what every such key begins.
    static let magic = [UInt8]("openssh-key-v1\0".utf8)

    /// The key inside.
    ///
    /// - Throws: ``KeyError/unsupported(_:)`` for an encrypted key or another type;
    ///   ``KeyError/notAKey(_:)``.
    static func key(_ bytes: [UInt8]) throws(KeyError) -> Owned<AsymmetricKey> {
        var secret = try secretSection(of: bytes)
        defer { wipe(&secret) }
        return try key(inSection: secret)
    }

    private static var malformed: KeyError { .notAKey("not the bytes of an OpenSSH private key") }

    private static func secretSection(of bytes: [UInt8]) throws(KeyError) -> [UInt8] {
        var reader = SSHReader(bytes)
        guard reader.bytes(magic.count) == magic, let cipher = reader.string(),
            let derivation = reader.string(), reader.string() != nil, reader.number() == 1,
            reader.string() != nil, let section = reader.string(), reader.isAtEnd
        else { throw malformed }
        let none = [UInt8]("none".utf8)
        guard cipher == none, derivation == none else {
            throw .unsupported("the encryption of OpenSSH; ssh-keygen itself can sign with the key")
        }
        return section
    }

    private static func key(inSection section: [UInt8]) throws(KeyError) -> Owned<AsymmetricKey> {
        var reader = SSHReader(section)
        guard let check = reader.number(), check == reader.number(), let type = reader.string()
        else { throw malformed }
        switch String(decoding: type, as: UTF8.self) {
        case "ssh-ed25519":
            guard reader.string() != nil, let secret = reader.string(), secret.count == 64,
                isEnd(&reader)
            else { throw malformed }
            let seed = DER.element(.octetString, [UInt8](secret.prefix(32)))
            return try key(seed, type: .ed25519)
        case "ecdsa-sha2-nistp256": return try curveKey(&reader, .p256)
        case "ecdsa-sha2-nistp384": return try curveKey(&reader, .p384)
        case "ecdsa-sha2-nistp521": return try curveKey(&reader, .p521)
        case "ssh-rsa":
            guard let modulus = reader.positiveInteger(), let exponent = reader.positiveInteger(),
                let secret = reader.positiveInteger(),
                (0..<3).allSatisfy({ _ in reader.positiveInteger() != nil }), isEnd(&reader)
            else { throw malformed }
            return try Owned(modulus: modulus, exponent: exponent, secret: secret)
        case let name: throw .unsupported("an OpenSSH key of type \(name.debugDescription)")
        }
    }

    private static func curveKey(
        _ reader: inout SSHReader, _ type: KeyType
    ) throws(KeyError) -> Owned<AsymmetricKey> {
        guard reader.string() != nil, reader.string() != nil,
            let secret = reader.positiveInteger(), let size = type.coordinateSize,
            secret.count <= size, isEnd(&reader)
        else { throw malformed }
        let padded = [UInt8](repeating: 0, count: size - secret.count) + secret
        let fields = DER.integer([1]) + DER.element(.octetString, padded)
        return try key(DER.element(.sequence, fields), type: type)
    }

    /// The comment and the bytes 1, 2, 3 … that fill the last block.
    private static func isEnd(_ reader: inout SSHReader) -> Bool {
        guard reader.string() != nil else { return false }
        for expected in 1...UInt8(16) {
            if reader.isAtEnd { return true }
            guard reader.bytes(1) == [expected] else { return false }
        }
        return reader.isAtEnd
    }

    /// Reads the key by way of PKCS#8.
    private static func key(
        _ content: [UInt8], type: KeyType
    ) throws(KeyError) -> Owned<AsymmetricKey> {
        let fields =
            DER.integer([0]) + DER.element(.sequence, type.algorithmIdentifier)
            + DER.element(.octetString, content)
        var der = DER.element(.sequence, fields)
        defer { wipe(&der) }
        return try PrivateKey.pkcs8Key(der)
    }
}
