import CloseoutEncodings
import CloseoutOpenSSL

/// A signature of OpenSSH over a file, made for a namespace.
struct SSHSignature: KeyedSignature {
    let blob: SSHSignatureBlob
    let publicKey: PublicKey
    let algorithm: SignatureAlgorithm
    /// The signature in the form that libcrypto takes.
    let bytes: [UInt8]

    /// The algorithms by their names in SSH; `ssh-rsa`, which signs with SHA-1, is none of them.
    static let names: [[UInt8]: SignatureAlgorithm] = [
        Array("ssh-ed25519".utf8): .ed25519,
        Array("ecdsa-sha2-nistp256".utf8): .ecdsaP256SHA256,
        Array("ecdsa-sha2-nistp384".utf8): .ecdsaP384SHA384,
        Array("ecdsa-sha2-nistp521".utf8): .ecdsaP521SHA512,
        Array("rsa-sha2-256".utf8): .rsaPKCS1SHA256,
        Array("rsa-sha2-512".utf8): .rsaPKCS1SHA512,
    ]

    var hint: [UInt8]? { SSHPublicKey.fingerprint(blob.keyBytes) }

    var statedAlgorithm: SignatureAlgorithm? { algorithm }

    func relation(to key: PolicyKeyValue) -> KeyRelation {
        guard let signer = SSHSigner(key) else { return .other }
        return signer.publicKey == publicKey ? .named : .other
    }

    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck {
        guard let signer = SSHSigner(key), try isMade(by: signer.publicKey, over: content) else {
            return .invalid("the signature does not verify over the content")
        }
        guard signer.algorithms.contains(algorithm) else {
            let taken = signer.algorithms.map(\.rawValue).joined(separator: ", ")
            return .notAcceptable(
                NotAcceptable(
                    .algorithm,
                    "it is made with \(algorithm.rawValue), and the policy takes \(taken) of this key",
                    isByKey: true))
        }
        guard signer.namespaces.contains(blob.namespace) else {
            let allowed = signer.namespaces.map { printable($0) }.joined(separator: ", ")
            return .notAcceptable(
                NotAcceptable(
                    .key,
                    "it was made for the namespace \(printable(blob.namespace)), not for \(allowed)",
                    remedy: "sign for a namespace of the key: ssh-keygen -Y sign -n closeout",
                    isByKey: true))
        }
        return .verifies
    }

    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable? {
        guard key == publicKey, try isMade(by: key, over: content) else { return nil }
        guard case .spki(let own) = entry.material else { return .otherFormat(of: entry, "ssh") }
        return NotAcceptable(
            .algorithm,
            "key \(entry.id) made it with \(algorithm.rawValue), and the policy takes "
                + "\(own.algorithm.rawValue) of this key, which SSH does not have",
            remedy: "add the key to the policy as SSH writes it, in one line", isByKey: true)
    }

    func needs(of keys: [PolicyKey]) -> MessageNeeds { MessageNeeds(digests: [contentDigest]) }

    private var contentDigest: MessageDigest { MessageDigest(blob.hash) }

    /// Whether the key made it over the content, for whichever namespace.
    private func isMade(
        by key: PublicKey, over content: CheckedContent
    ) throws(OpenSSLError) -> Bool {
        let input = SSHSignatureBlob.signingInput(
            namespace: blob.namespace, hash: blob.hash,
            digest: try content.message.digest(contentDigest))
        return try key.accepts(bytes, over: input, algorithm: algorithm)
    }
}

extension SSHSignature {
    /// Reads an armoured signature file.
    ///
    /// - Throws: `SignatureError`.
    init(parsing file: [UInt8]) throws(SignatureError) {
        let blob = try SSHSignatureBlob(parsing: SSHArmor.decode(file))
        var keyReader = SSHReader(blob.keyBytes)
        if let name = keyReader.string() { try SSHRefusedName.check(keyType: name) }
        let publicKey: PublicKey
        do throws(KeyError) {
            publicKey = try SSHPublicKey.read(blob.keyBytes)
        } catch { throw .key(error) }
        guard let algorithm = Self.names[blob.algorithm], algorithm.keyType == publicKey.type
        else { throw .unknownAlgorithm(blob.algorithm) }
        guard let bytes = Self.usualBytes(blob.signature, publicKey) else {
            throw .wrongLength(blob.signature.count)
        }
        self.init(blob: blob, publicKey: publicKey, algorithm: algorithm, bytes: bytes)
    }

    /// The signature as libcrypto takes it: only for curves does SSH have a form of its own.
    private static func usualBytes(_ bytes: [UInt8], _ key: PublicKey) -> [UInt8]? {
        guard key.type.isCurveOfECDSA, let size = key.type.coordinateSize else {
            return SignatureLength.range(of: key).contains(bytes.count) ? bytes : nil
        }
        var reader = SSHReader(bytes)
        guard let r = reader.positiveInteger(), let s = reader.positiveInteger(), reader.isAtEnd,
            max(r.count, s.count) <= size
        else { return nil }
        func padded(_ number: [UInt8]) -> [UInt8] {
            [UInt8](repeating: 0, count: size - number.count) + number
        }
        return PublicKey.derSignature(fromP1363: padded(r) + padded(s), type: key.type)
    }
}

/// The names of keys and algorithms that OpenSSH has and that are not accepted here.
enum SSHRefusedName {
    private static let names = [
        "ssh-rsa", "ssh-dss", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
        "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", "ssh-ed448",
    ]

    /// Refuses the name of an algorithm or, but for `ssh-rsa`, of a type of key.
    ///
    /// - Throws: `SignatureError.unsupported`.
    static func check(algorithm name: [UInt8]) throws(SignatureError) {
        let isCertificate = name.suffix(20).elementsEqual("-cert-v01@openssh.com".utf8.suffix(20))
        guard isCertificate || names.contains(where: { $0.utf8.elementsEqual(name) }) else {
            return
        }
        throw .unsupported("\(printable(name)) is not accepted")
    }

    /// Refuses the name of a type of key; keys of `ssh-rsa` sign with other algorithms too.
    ///
    /// - Throws: `SignatureError.unsupported`.
    static func check(keyType name: [UInt8]) throws(SignatureError) {
        guard !name.elementsEqual("ssh-rsa".utf8) else { return }
        try check(algorithm: name)
    }
}

/// A key of the policy as a signer of SSH signatures.
private struct SSHSigner {
    let publicKey: PublicKey
    let namespaces: [[UInt8]]
    let algorithms: [SignatureAlgorithm]
}

extension SSHSigner {
    /// A key of OpenSSH, or a plain key, which signs for the usual namespaces.
    init?(_ key: PolicyKeyValue) {
        if case .ssh(let key) = key {
            self.init(
                publicKey: key.publicKey, namespaces: key.namespaces, algorithms: key.algorithms)
        } else if case .spki(let key) = key, SSHSignature.names.values.contains(key.algorithm) {
            self.init(
                publicKey: key.publicKey, namespaces: SSHKey.usualNamespaces,
                algorithms: [key.algorithm])
        } else {
            return nil
        }
    }
}
