import CloseoutCOpenSSL

/// A public key of one of the types in the closed list (docs/signatures.md), checked when it was read.
///
/// Two keys are equal if their SubjectPublicKeyInfo is.
///
/// `@unchecked Sendable`: nothing in it changes after `init`, and libcrypto allows any number of
/// threads to read one `EVP_PKEY`.
package final class PublicKey: @unchecked Sendable {
    /// What kind of key it is.
    package let type: KeyType
    /// Its size in bits, such as 256 for Ed25519 and P-256 or 3072 for an RSA modulus.
    package let bits: Int
    /// The SubjectPublicKeyInfo in DER, in the one spelling that there is for the key.
    package let spki: [UInt8]
    /// SHA-256 of ``spki``: the key's name in messages and policies.
    package let fingerprint: SHA256Digest
    /// The 32 bytes of an Ed25519 key; nil for the other types.
    package let rawEd25519: [UInt8]?

    let key: Owned<AsymmetricKey>

    /// Reads a SubjectPublicKeyInfo in DER and nothing but that.
    ///
    /// RSA keys from 1024 bits on are read, so that a policy can name the weak ones by ``bits``.
    ///
    /// - Throws: ``KeyError/notAKey(_:)`` for anything that is not strict DER or not on its curve,
    ///   ``KeyError/unsupported(_:)``, ``KeyError/isPrivate``, ``KeyError/weak(_:)``.
    package convenience init(spki: [UInt8]) throws(KeyError) {
        try self.init(spki: spki, leastExponent: Self.usualExponent)
    }

    /// The RSA exponent that nearly all keys have, and the least one where a format names no other.
    static let usualExponent: UInt64 = 65_537

    /// Reads a SubjectPublicKeyInfo in DER, with smaller exponents of RSA where old formats have them.
    init(spki: [UInt8], leastExponent: UInt64) throws(KeyError) {
        guard spki.count <= Self.sizeLimit else {
            throw .notAKey("longer than \(Self.sizeLimit) bytes")
        }
        let subject = try SubjectPublicKey(der: spki)
        let key = try Self.checkedKey(subject, leastExponent: leastExponent)
        fingerprint = try keyed(SHA256Digest.of(spki))
        bits = unsafe Int(EVP_PKEY_get_bits(key.pointer))
        type = subject.type
        rawEd25519 = subject.type == .ed25519 ? subject.key : nil
        self.spki = spki
        self.key = key
    }

    /// Reads a PEM text that is one `PUBLIC KEY` block and nothing else.
    ///
    /// - Throws: What ``init(spki:)`` throws, and ``KeyError/notAKey(_:)`` for any other text.
    package convenience init(pem: [UInt8]) throws(KeyError) {
        guard pem.count <= Self.sizeLimit, let block = PEM.onlyBlock(in: pem) else {
            if PrivateKey.isLikely(in: pem) { throw .isPrivate }
            throw .notAKey("not a PEM text with one block and nothing else")
        }
        if PrivateKeyForm(label: block.label) != nil { throw .isPrivate }
        guard block.label == "PUBLIC KEY", !block.hasHeaders else {
            throw .notAKey("a PEM block of the kind \(block.label.debugDescription)")
        }
        try self.init(spki: block.content)
    }

    /// Makes a key of the 32 bytes of an Ed25519 key.
    ///
    /// - Throws: ``KeyError/notAKey(_:)``, ``KeyError/weak(_:)``.
    package convenience init(ed25519 bytes: [UInt8]) throws(KeyError) {
        try self.init(spki: SubjectPublicKey.der(of: bytes, type: .ed25519))
    }

    /// The key as a PEM text.
    package var pem: [UInt8] { PEM.encoded(spki, label: "PUBLIC KEY") }

    /// The longest key in the closed list, ML-DSA-87, has less than 4,000 bytes as PEM.
    private static let sizeLimit = 8192

    private static func checkedKey(
        _ subject: SubjectPublicKey, leastExponent: UInt64
    ) throws(KeyError) -> Owned<AsymmetricKey> {
        guard subject.type != .rsa else { return try rsaKey(subject.key, leastExponent) }
        guard subject.key.count == subject.type.publicKeySize else {
            throw .notAKey("\(subject.key.count) bytes cannot be a key of \(subject.type.rawValue)")
        }
        switch subject.type {
        case .ed25519: try Ed25519Point.check(subject.key)
        case .p256, .p384, .p521:
            guard subject.key.first == 4 else { throw .notAKey("a point that is not uncompressed") }
        case .rsa, .mldsa44, .mldsa65, .mldsa87: break
        }
        return try Owned(publicBytes: subject.key, type: subject.type)
    }

    private static func rsaKey(
        _ der: [UInt8], _ leastExponent: UInt64
    ) throws(KeyError) -> Owned<AsymmetricKey> {
        var outer = DERReader(der[...])
        var fields = DERReader(outer.readLast(.sequence) ?? [])
        guard let modulus = fields.readPositiveInteger(),
            let exponent = fields.readPositiveInteger(), fields.isAtEnd
        else { throw .notAKey("not an RSAPublicKey in DER") }
        try checkRSA(modulus: modulus, exponent: exponent, leastExponent)
        return try Owned(modulus: modulus, exponent: exponent)
    }

    private static func checkRSA(
        modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>, _ leastExponent: UInt64
    ) throws(KeyError) {
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= 1024 else { throw .weak("an RSA modulus of \(bits) bits") }
        guard bits <= 8192 else { throw .unsupported("an RSA modulus of \(bits) bits") }
        guard modulus.last.map({ $0 & 1 }) == 1 else { throw .weak("an even RSA modulus") }
        guard exponent.count <= 8 else { throw .unsupported("an RSA exponent above 64 bits") }
        let value = exponent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value >= leastExponent, value & 1 == 1 else {
            throw .weak("the RSA exponent \(value)")
        }
    }
}

extension PublicKey: Hashable {
    package static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.spki == right.spki
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
    }
}
