import CloseoutEncodings
import CloseoutOpenSSL

/// What a log entry says that it is an entry of: its body, as it was logged.
///
/// Implements "Binding" of docs/sigstore.md.
struct SigstoreBody {
    /// Why an entry is not one of a signature.
    struct Mismatch: Error, Equatable, CustomStringConvertible {
        let reason: String
        /// Whether the entry is only of a kind that is not read.
        var isUnread = false
        /// Why libcrypto could not look; nil where it could.
        var cause: OpenSSLError?

        var description: String { reason }
    }

    let entry: SigstoreLogEntry
    let signature: KeylessSignature
    let certificate: Certificate

    /// The digest of the message that a verified entry names; nil where it follows from the key.
    private(set) var messageDigest: DigestAlgorithm?

    /// Compares an entry with a signature: the signature, the certificate and the digest, all three.
    ///
    /// - Returns: The digest of the message that the entry names; nil where it follows from the key.
    /// - Throws: ``Mismatch``.
    static func confirm(
        _ entry: SigstoreLogEntry, of signature: KeylessSignature, by certificate: Certificate,
        over content: CheckedContent
    ) throws(Mismatch) -> DigestAlgorithm? {
        var body = SigstoreBody(entry: entry, signature: signature, certificate: certificate)
        try body.confirm(over: content)
        return body.messageDigest
    }

    private mutating func confirm(over content: CheckedContent) throws(Mismatch) {
        guard let generation = entry.generation else {
            throw Mismatch(
                reason: "the entry is of the kind \(printable(entry.kind.name)) "
                    + "\(printable(entry.kind.version)), which is not read", isUnread: true)
        }
        if generation == .second {
            let expected = try secondGeneration(over: content)
            guard entry.body == expected else {
                throw Mismatch(
                    reason:
                        "the entry's body is not the one of this signature, certificate and digest")
            }
            return
        }
        guard let body = try? JSON(parsing: entry.body), let spec = body["spec"],
            body["kind"] == .string(entry.kind.name),
            body["apiVersion"] == .string(entry.kind.version)
        else { throw Mismatch(reason: "the entry's body is not of the kind that it states") }
        switch (String(decoding: entry.kind.name, as: UTF8.self), signature.content) {
        case ("hashedrekord", .message): try hashedRekord(spec, over: content)
        case ("dsse", .envelope(_, let payload)): try dsse(spec, payload)
        case ("intoto", .envelope(let type, let payload)): try inToto(spec, type, payload)
        default:
            throw Mismatch(reason: "the entry's kind does not fit what the bundle signs")
        }
    }
}

extension SigstoreBody {
    private static func computed(
        _ body: () throws(OpenSSLError) -> [UInt8]
    ) throws(Mismatch) -> [UInt8] {
        do { return try body() } catch {
            throw Mismatch(reason: "\(error)", isUnread: true, cause: error)
        }
    }
}

// MARK: The first generation

extension SigstoreBody {
    private mutating func hashedRekord(_ spec: JSON, over content: CheckedContent) throws(Mismatch)
    {
        let hash = spec["data"]?["hash"]
        guard let name = hash?["algorithm"]?.text,
            let algorithm = Self.digests.first(where: { $0.rawValue.utf8.elementsEqual(name) })
        else { throw Mismatch(reason: "the entry names no digest that is read", isUnread: true) }
        let digest = try Self.computed { () throws(OpenSSLError) in
            try content.message.digest(MessageDigest(algorithm))
        }
        guard hash?["value"]?.text == Hex.encode(digest) else {
            throw Mismatch(reason: "the entry is of another content")
        }
        try confirmSignature(spec["signature"]?["content"]?.base64)
        try confirmCertificate(spec["signature"]?["publicKey"]?["content"]?.base64)
        messageDigest = algorithm
    }

    private func dsse(_ spec: JSON, _ payload: [UInt8]) throws(Mismatch) {
        try confirmPayload(spec["payloadHash"], payload)
        guard case .array(let all)? = spec["signatures"], all.count == 1, let only = all.first
        else {
            throw Mismatch(reason: "the entry is not of exactly one signature")
        }
        try confirmSignature(only["signature"]?.base64)
        try confirmCertificate(only["verifier"]?.base64)
    }

    private func inToto(_ spec: JSON, _ type: [UInt8], _ payload: [UInt8]) throws(Mismatch) {
        let content = spec["content"]
        try confirmPayload(content?["payloadHash"], payload)
        guard content?["envelope"]?["payloadType"] == .string(type) else {
            throw Mismatch(reason: "the entry is of another payload type")
        }
        guard case .array(let all)? = content?["envelope"]?["signatures"], all.count == 1,
            let only = all.first
        else { throw Mismatch(reason: "the entry is not of exactly one signature") }
        // These are encoded twice.
        try confirmSignature(only["sig"]?.base64.flatMap(Base64.decode))
        try confirmCertificate(only["publicKey"]?.base64)
    }

    private func confirmPayload(_ hash: JSON?, _ payload: [UInt8]) throws(Mismatch) {
        let digest = try Self.computed { () throws(OpenSSLError) in
            try SHA256Digest.of(payload).bytes
        }
        guard hash?["algorithm"] == "sha256", hash?["value"]?.text == Hex.encode(digest)
        else { throw Mismatch(reason: "the entry is of another payload") }
    }

    private func confirmSignature(_ found: [UInt8]?) throws(Mismatch) {
        guard found == signature.signature else {
            throw Mismatch(reason: "the entry is of another signature")
        }
    }

    private func confirmCertificate(_ pem: [UInt8]?) throws(Mismatch) {
        guard let pem, let found = try? Certificate(parsing: pem), found == certificate else {
            throw Mismatch(reason: "the entry is of another certificate")
        }
    }
}

// MARK: The second generation

extension SigstoreBody {
    /// The one body that an entry of this signature can have.
    private func secondGeneration(over content: CheckedContent) throws(Mismatch) -> [UInt8] {
        guard let key = certificate.publicKey, let algorithm = Self.algorithm(of: key),
            let hash = algorithm.digest, let hashName = hash.sigstoreName,
            let keyName = Self.keyName(of: key)
        else {
            throw Mismatch(
                reason: "logs of the second generation have Ed25519ph for such keys, which is not "
                    + "supported", isUnread: true)
        }
        let digest = try Self.computed { () throws(OpenSSLError) in
            switch signature.content {
            case .message: return try content.message.digest(MessageDigest(hash))
            case .envelope(let type, let payload):
                return try hash.digest(
                    of: DSSEEnvelope.signingInput(payloadType: type, payload: payload))
            }
        }
        let certificate: JSON = ["rawBytes": .string(Base64.encode(signature.leaf))]
        let data: JSON = ["algorithm": JSON(hashName), "digest": .string(Base64.encode(digest))]
        let verifier: JSON = ["keyDetails": JSON(keyName), "x509Certificate": certificate]
        let signed: JSON = [
            "content": .string(Base64.encode(signature.signature)), "verifier": verifier,
        ]
        let body: JSON = [
            "apiVersion": "0.0.2", "kind": "hashedrekord",
            "spec": ["hashedRekordV002": ["data": data, "signature": signed]],
        ]
        return body.canonicalBytes
    }

    private static func keyName(of key: PublicKey) -> String? {
        switch (key.type, key.bits) {
        case (.p256, _): "PKIX_ECDSA_P256_SHA_256"
        case (.p384, _): "PKIX_ECDSA_P384_SHA_384"
        case (.p521, _): "PKIX_ECDSA_P521_SHA_512"
        case (.rsa, 2048), (.rsa, 3072), (.rsa, 4096): "PKIX_RSA_PKCS1V15_\(key.bits)_SHA256"
        default: nil
        }
    }
}

// MARK: Algorithms

extension SigstoreBody {
    /// The digests of messages that entries can name.
    private static let digests: [DigestAlgorithm] = [.sha256, .sha384, .sha512]

    /// The algorithm that a signer's key has where no entry names another digest.
    static func algorithm(of key: PublicKey) -> SignatureAlgorithm? {
        switch key.type {
        case .ed25519, .p256, .p384, .p521: .implied(by: key.type)
        case .rsa: .rsaPKCS1SHA256
        default: nil
        }
    }

    /// The algorithm of a signer's key with the digest that an entry names.
    static func algorithm(of key: PublicKey, _ digest: DigestAlgorithm?) -> SignatureAlgorithm? {
        guard let usual = algorithm(of: key), let digest, digest != usual.digest else {
            return algorithm(of: key)
        }
        switch (key.type, digest) {
        case (.p256, _), (.p384, _), (.p521, _): return .ecdsa(key.type, digest)
        case (.rsa, .sha384): return .rsaPKCS1SHA384
        case (.rsa, .sha512): return .rsaPKCS1SHA512
        default: return nil
        }
    }

    /// The digest of the message that an entry of the first generation names, believed or not.
    static func statedDigest(of entry: SigstoreLogEntry) -> DigestAlgorithm? {
        guard entry.kind.isOne("hashedrekord", "0.0.1"),
            let body = try? JSON(parsing: entry.body),
            let name = body["spec"]?["data"]?["hash"]?["algorithm"]?.text
        else { return nil }
        return digests.first { $0.rawValue.utf8.elementsEqual(name) }
    }
}

extension JSON {
    fileprivate var text: [UInt8]? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate var base64: [UInt8]? { text.flatMap(Base64.decode) }
}
