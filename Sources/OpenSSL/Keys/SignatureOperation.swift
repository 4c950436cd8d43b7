import COpenSSL

/// One signing or verifying of one message, set up for exactly one algorithm.
struct SignatureOperation: ~Copyable {
    /// What is done.
    enum Direction {
        case sign
        case verify
    }

    private let context: Owned<MessageDigestContext>

    /// Sets up a key for an algorithm of its type.
    init(
        _ direction: Direction, algorithm: SignatureAlgorithm, key: borrowing Owned<AsymmetricKey>
    ) throws(OpenSSLError) {
        let library = try Library.shared()
        let context = try unsafe Owned<MessageDigestContext>(
            owning: EVP_MD_CTX_new(), from: "EVP_MD_CTX_new")
        let digest = algorithm.digest?.libraryName
        var details: OpaquePointer?
        switch direction {
        case .sign:
            try unsafe require(
                EVP_DigestSignInit_ex(
                    context.pointer, &details, digest, library.context, nil, key.pointer, nil),
                "EVP_DigestSignInit_ex")
        case .verify:
            try unsafe require(
                EVP_DigestVerifyInit_ex(
                    context.pointer, &details, digest, library.context, nil, key.pointer, nil),
                "EVP_DigestVerifyInit_ex")
        }
        if let padding = algorithm.padding, let details = unsafe details {
            try unsafe Self.set(padding, on: details)
        }
        self.context = context
    }

    /// Whether the signature is right.
    consuming func verify(_ signature: [UInt8], over message: [UInt8]) throws(OpenSSLError) -> Bool
    {
        let result = unsafe EVP_DigestVerify(
            context.pointer, signature, signature.count, message, message.count)
        guard result >= 0 else { throw .taken(after: "EVP_DigestVerify") }
        OpenSSLError.clearQueue()
        return result == 1
    }

    /// The signature.
    consuming func sign(_ message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var size = 0
        try unsafe require(
            EVP_DigestSign(context.pointer, nil, &size, message, message.count), "EVP_DigestSign")
        var result: CInt = 0
        let signature = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            unsafe result = EVP_DigestSign(
                context.pointer, buffer.baseAddress, &size, message, message.count)
            count = result == 1 ? size : 0
        }
        try require(result, "EVP_DigestSign")
        return signature
    }

    /// MGF1 has the hash of the message unless another is set.
    private static func set(
        _ padding: RSAPadding, on details: OpaquePointer
    ) throws(OpenSSLError) {
        switch padding {
        case .pkcs1:
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PADDING),
                "EVP_PKEY_CTX_set_rsa_padding")
        case .pss:
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING),
                "EVP_PKEY_CTX_set_rsa_padding")
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_pss_saltlen(details, RSA_PSS_SALTLEN_DIGEST),
                "EVP_PKEY_CTX_set_rsa_pss_saltlen")
        }
    }
}
