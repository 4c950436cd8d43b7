import CloseoutCOpenSSL

extension PublicKey {
    /// Whether the signature is one of this key over the message, by exactly this algorithm.
    ///
    /// A signature in any other spelling than the one of its algorithm is not accepted, nor is one
    /// under an algorithm that is not of the key's type.
    ///
    /// - Parameters:
    ///   - signature: The signature, in the form that its algorithm has.
    ///   - message: What it has to be over.
    ///   - algorithm: The algorithm.
    ///   - salt: The length of the salt that RSA-PSS must have.
    /// - Returns: Whether the key made it.
    /// - Throws: Only when it could not be computed; never because of what the signature holds.
    package func accepts(
        _ signature: [UInt8], over message: [UInt8], algorithm: SignatureAlgorithm,
        salt: PSSSalt = .hashLength
    ) throws(OpenSSLError) -> Bool {
        try accepts(signature, over: message.span, algorithm: algorithm, salt: salt)
    }

    /// The same over bytes that are looked at where they are.
    package func accepts(
        _ signature: [UInt8], over message: borrowing Span<UInt8>, algorithm: SignatureAlgorithm,
        salt: PSSSalt = .hashLength
    ) throws(OpenSSLError) -> Bool {
        guard couldHaveMade(signature, algorithm, salt) else { return false }
        let operation = try SignatureOperation(
            .verify, algorithm: algorithm, salt: salt, key: key)
        return try operation.verify(signature, over: message)
    }

    /// The same by the digest of the message, which the algorithm must have.
    ///
    /// - Returns: False also where the digest has not the length of the algorithm's.
    package func accepts(
        _ signature: [UInt8], overDigest digest: [UInt8], algorithm: SignatureAlgorithm,
        salt: PSSSalt = .hashLength
    ) throws(OpenSSLError) -> Bool {
        guard couldHaveMade(signature, algorithm, salt),
            let hash = algorithm.digest, digest.count == hash.size
        else { return false }
        let operation = try DigestVerification(
            hash, padding: algorithm.padding, salt: salt, key: key)
        return try operation.verify(signature, over: digest)
    }

    /// Whether the key made a signature with SHA-1: PKCS #1 v1.5, ECDSA in strict DER, or Ed25519 over
    /// the digest.
    ///
    /// It is no algorithm of the closed list. What is signed so can speak against a key; for one it
    /// speaks only where a policy says so.
    ///
    /// - Throws: Only when it could not be computed; never because of what the signature holds.
    package func acceptsSHA1(
        _ signature: [UInt8], over message: [UInt8]
    ) throws(OpenSSLError) -> Bool {
        if type == .ed25519 {
            return try accepts(signature, over: sha1Name(of: message), algorithm: .ed25519)
        }
        guard type == .rsa || type.coordinateSize != nil, isWellFormed(signature) else {
            return false
        }
        return try SignatureOperation(verifyingSHA1With: key).verify(signature, over: message.span)
    }

    /// The DER of an ECDSA signature that came as `r` and `s` side by side (IEEE P1363).
    ///
    /// - Returns: Nil unless the type is a curve and the length is twice that of its coordinates.
    package static func derSignature(fromP1363 bytes: [UInt8], type: KeyType) -> [UInt8]? {
        type.coordinateSize.flatMap {
            ECDSASignature.der(fromP1363: bytes, coordinateSize: $0)
        }
    }

    /// Whether a signature has the form that its algorithm gives it with this key.
    func couldHaveMade(
        _ signature: [UInt8], _ algorithm: SignatureAlgorithm, _ salt: PSSSalt
    ) -> Bool {
        guard algorithm.keyType == type, isWellFormed(signature) else { return false }
        if case .exactly(let length) = salt { return (0...(bits / 8)).contains(length) }
        return true
    }

    private func isWellFormed(_ signature: [UInt8]) -> Bool {
        if let size = type.coordinateSize {
            return ECDSASignature.isStrict(signature, coordinateSize: size)
        }
        return signature.count == type.signatureSize ?? (bits + 7) / 8
    }
}
