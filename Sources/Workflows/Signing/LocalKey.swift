package import CloseoutBundles
package import CloseoutOpenSSL
package import CloseoutSignatures

/// A private key in this process.
package final class LocalKey: KeySigner {
    /// The key itself.
    package let privateKey: PrivateKey
    /// How it signs by default.
    package let algorithm: SignatureAlgorithm
    /// The public half.
    package var publicKey: PublicKey { privateKey.publicKey }
    /// It hashes messages itself.
    package var input: SignerInput { .message }

    /// Takes over a key.
    ///
    /// It signs as keys of its type usually do, RSA with PSS and SHA-256, unless a signer says otherwise.
    package init(_ key: consuming PrivateKey) {
        algorithm = SignatureAlgorithm.implied(by: key.publicKey.type) ?? .rsaPSSSHA256
        privateKey = key
    }

    /// Signs a message.
    ///
    /// - Throws: `KeyError` where the key cannot sign by the algorithm.
    package func sign(
        _ input: [UInt8], with algorithm: SignatureAlgorithm
    ) async throws -> [UInt8] {
        try privateKey.sign(input, algorithm: algorithm)
    }
}

/// A key of this process that signs in any format that is written here.
package struct FormatSigner: Signer {
    /// The key.
    package let key: LocalKey
    /// The format.
    package let format: SignatureFormat
    /// How it signs.
    package let algorithm: SignatureAlgorithm
    /// For the format `cms` the key's certificate and those above it; else none.
    package let certificates: [Certificate]

    /// Signs in a format.
    package init(
        key: LocalKey, format: SignatureFormat, algorithm: SignatureAlgorithm? = nil,
        certificates: [Certificate] = []
    ) {
        self.key = key
        self.format = format
        self.algorithm = algorithm ?? key.algorithm
        self.certificates = certificates
    }

    /// Makes the signature file.
    ///
    /// - Throws: As `signature(over:)`.
    package func sign(_ content: SignedContent) async throws -> Attachment {
        Attachment(
            path: Array("the signature".utf8), bytes: try signature(over: content), format: format)
    }

    /// The signature file.
    ///
    /// - Throws: `KeyError` where the key cannot sign so; `WorkflowError` for a format that is not
    ///   written here.
    package func signature(over content: SignedContent) throws -> [UInt8] {
        let bytes =
            format == .cms
            ? try SignatureFormat.signCMS(
                content, with: key.privateKey, certificates: certificates, algorithm: algorithm)
            : try format.sign(content, with: key.privateKey, algorithm: algorithm)
        guard let bytes else {
            throw WorkflowError.refused(
                .internal, "the format \(format.name) is not written here")
        }
        return bytes
    }

    /// A signature over a seal as a file for the bundle.
    package func sealSignature(_ seal: [UInt8]) throws -> NewFile {
        NewFile(
            kind: .signature, mediaType: .signature(format),
            bytes: try signature(over: .seal(seal)))
    }
}
