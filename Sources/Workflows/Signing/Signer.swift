import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutSignatures

/// What a key is given to sign.
package enum SignerInput: Equatable, Sendable {
    /// The message itself.
    case message
    /// The digest of the message, by the hash of the algorithm.
    case digest
}

/// A private key, wherever it lies: here, on a token, in a service.
package protocol KeySigner: Sendable {
    /// The public half, by which what it signs is verified before it is stored.
    var publicKey: PublicKey { get }
    /// How it usually signs.
    var algorithm: SignatureAlgorithm { get }
    /// What it takes.
    var input: SignerInput { get }

    /// Signs.
    ///
    /// - Parameters:
    ///   - input: The message or its digest, as `input` says.
    ///   - algorithm: How; one for keys of this type.
    /// - Returns: The bare signature in the form that X.509 gives it: DER for ECDSA, 64 bytes for Ed25519.
    /// - Throws: Why it does not sign; a workflow passes it on.
    func sign(_ input: [UInt8], with algorithm: SignatureAlgorithm) async throws -> [UInt8]
}

extension KeySigner {
    /// The bare signature over a message, which the key's public half accepts.
    ///
    /// - Throws: `WorkflowError` where the signer takes digests of an algorithm that has none, or its
    ///   signature does not verify; what the signer throws.
    package func signature(
        over message: [UInt8], with algorithm: SignatureAlgorithm
    ) async throws -> [UInt8] {
        var given = message
        if input == .digest {
            guard let digest = algorithm.digest else {
                throw WorkflowError.refused(
                    .usage, "\(algorithm.rawValue) signs messages, and this signer takes digests")
            }
            given = try CloseoutOpenSSL.digest(digest, of: message)
        }
        let signature = try await sign(given, with: algorithm)
        guard algorithm.keyType == publicKey.type,
            try publicKey.accepts(signature, over: message, algorithm: algorithm)
        else {
            throw WorkflowError.refused(
                .failed, "the signer's answer is no signature by its key",
                hint: "nothing was stored; the key's fingerprint is \(publicKey.fingerprint.hex)")
        }
        return signature
    }
}

/// What makes a whole signature file: a key in a format, a program, a tool.
package protocol Signer: Sendable {
    /// Signs content, the seal or a record.
    ///
    /// - Returns: The signature file, which is verified before it is stored.
    /// - Throws: Why it does not sign.
    func sign(_ content: SignedContent) async throws -> Attachment
}

/// A signer that makes DSSE envelopes by any key.
package struct EnvelopeSigner: Signer {
    private let key: any KeySigner
    /// How it signs.
    package let algorithm: SignatureAlgorithm
    /// The public half of its key.
    package var publicKey: PublicKey { key.publicKey }

    /// Signs with a key, wherever it lies, in its usual way or another.
    package init(_ key: any KeySigner, algorithm: SignatureAlgorithm? = nil) {
        self.key = key
        self.algorithm = algorithm ?? key.algorithm
    }

    /// Makes the envelope as a file.
    ///
    /// - Throws: What the key throws.
    package func sign(_ content: SignedContent) async throws -> Attachment {
        Attachment(
            path: Array("the signature".utf8), bytes: try await envelope(of: content),
            format: .dsse)
    }

    /// The envelope as a file.
    func envelope(of content: SignedContent) async throws -> [UInt8] {
        let input = DSSEEnvelope.signingInput(of: content)
        return DSSEEnvelope.holding(
            content, signature: try await key.signature(over: input, with: algorithm),
            by: key.publicKey
        ).encoded
    }
}
