internal import CloseoutEncodings
internal import CloseoutOpenSSL
internal import CloseoutSignatures

/// A public key.
///
/// Two keys are equal where they are the same key, however each was written down.
public struct PublicKey: Hashable, Sendable {
    let inner: CloseoutOpenSSL.PublicKey

    init(_ inner: CloseoutOpenSSL.PublicKey) {
        self.inner = inner
    }

    /// Reads a public key as SubjectPublicKeyInfo, in PEM or DER.
    ///
    /// - Throws: ``KeyError``.
    public init(parsing bytes: [UInt8]) throws(KeyError) {
        do { inner = try KeyFormat.publicKey(bytes) } catch { throw KeyError(error) }
    }

    /// The SHA-256 of its SubjectPublicKeyInfo in DER.
    public var fingerprint: SHA256Digest { SHA256Digest(inner.fingerprint) }

    /// The key as PEM.
    public var pem: [UInt8] { inner.pem }

    /// The kind of key: `ed25519`, `p256`, `p384`, `p521`, `rsa`, `ml-dsa-44`, `ml-dsa-65` or `ml-dsa-87`.
    public var kind: String { inner.type.rawValue }
}

/// A signature algorithm, by its name in trust policies: the type of key, the digest and the padding.
public struct SignatureAlgorithm: Hashable, Sendable, CustomStringConvertible {
    let inner: CloseoutOpenSSL.SignatureAlgorithm

    init(_ inner: CloseoutOpenSSL.SignatureAlgorithm) {
        self.inner = inner
    }

    /// Finds an algorithm by its name, such as `ecdsa-p256-sha256` (docs/signatures.md).
    ///
    /// - Returns: The algorithm; nil where there is none of the name.
    public init?(named name: String) {
        guard let inner = CloseoutOpenSSL.SignatureAlgorithm(rawValue: name) else { return nil }
        self.inner = inner
    }

    /// Finds the algorithm that a key signs with where nothing else is said: the one of its type, and
    /// ``rsaPSSSHA256`` for RSA.
    public init(impliedBy key: PublicKey) {
        inner = .implied(by: key.inner.type) ?? .rsaPSSSHA256
    }

    /// Ed25519, which signs a message and no digest.
    public static var ed25519: SignatureAlgorithm { SignatureAlgorithm(.ed25519) }
    /// ECDSA over P-256 with SHA-256.
    public static var ecdsaP256SHA256: SignatureAlgorithm { SignatureAlgorithm(.ecdsaP256SHA256) }
    /// ECDSA over P-384 with SHA-384.
    public static var ecdsaP384SHA384: SignatureAlgorithm { SignatureAlgorithm(.ecdsaP384SHA384) }
    /// RSA with PSS and SHA-256.
    public static var rsaPSSSHA256: SignatureAlgorithm { SignatureAlgorithm(.rsaPSSSHA256) }

    /// The name in trust policies.
    public var description: String { inner.rawValue }
}

/// Whom somebody trusts for what: the only source of trust (docs/trust-policy.md).
public struct TrustPolicy: Sendable {
    let inner: CloseoutSignatures.TrustPolicy
    /// Whether it was read from a policy file, and not made of one key.
    let isFile: Bool

    /// Reads a policy file.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - keyFile: Reads a key file that the policy names, by its path as the policy has it. Its digest
    ///     is the one that the policy pins, or the policy is refused. Without it, such a policy is
    ///     refused.
    /// - Throws: ``TrustError/policy(_:)``, which names the place in the policy.
    public init(
        parsing bytes: [UInt8], keyFile: ((_ path: String) throws -> [UInt8])? = nil
    ) throws(TrustError) {
        let read = keyFile ?? { _ in throw TrustError.policy("it names a file of keys") }
        let context = PolicyContext { (path: [UInt8], _) throws(KeyFileError) -> [UInt8] in
            do { return try read(String(decoding: path, as: UTF8.self)) } catch {
                throw KeyFileError("\(printable(path)): \(error)")
            }
        }
        do { inner = try CloseoutSignatures.TrustPolicy(parsing: bytes, in: context) } catch {
            throw .policy("\(error)")
        }
        isFile = true
    }

    /// Trusts the keys of one file for the release and its log, and nobody else.
    ///
    /// - Parameters:
    ///   - keyFile: A public key of any format that a policy can name: PEM or DER, minisign, signify,
    ///     SSH, OpenPGP, or a verifier key of a signed note.
    ///   - algorithm: The algorithm of its signatures; nil for the one that its type implies. RSA has
    ///     several, and one must be named.
    /// - Throws: ``TrustError/key(_:)``.
    public init(
        trusting keyFile: [UInt8], algorithm: SignatureAlgorithm? = nil
    ) throws(TrustError) {
        do { inner = try .single(keyFile, algorithm: algorithm?.inner) } catch {
            throw .key("\(error)")
        }
        isFile = false
    }

    /// Trusts one key for the release and its log, and nobody else.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - algorithm: The algorithm of its signatures; nil for the one that its type implies.
    /// - Returns: The policy.
    /// - Throws: ``TrustError/key(_:)``.
    public static func trusting(
        _ key: PublicKey, algorithm: SignatureAlgorithm? = nil
    ) throws(TrustError) -> TrustPolicy {
        try TrustPolicy(
            trusting: key.pem, algorithm: algorithm ?? SignatureAlgorithm(impliedBy: key))
    }

    /// The SHA-256 of the policy file, by which it is pinned.
    public var digest: SHA256Digest { SHA256Digest(inner.digest) }

    /// The number that grows with every change of the policy.
    public var version: Int64 { inner.version }

    /// The last instant at which the policy may be used; nil where it has no end.
    public var expires: Instant? { inner.expires.map { Instant($0) } }
}
