import CloseoutCOpenSSL

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
        _ direction: Direction, algorithm: SignatureAlgorithm, salt: PSSSalt = .hashLength,
        key: borrowing Owned<AsymmetricKey>
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
            try unsafe padding.set(salt, on: details)
        }
        self.context = context
    }

    /// Sets up a key to verify with SHA-1, which no algorithm of the closed list has; RSA then has the
    /// padding of PKCS #1 v1.5.
    init(verifyingSHA1With key: borrowing Owned<AsymmetricKey>) throws(OpenSSLError) {
        let library = try Library.shared()
        let context = try unsafe Owned<MessageDigestContext>(
            owning: EVP_MD_CTX_new(), from: "EVP_MD_CTX_new")
        try unsafe require(
            EVP_DigestVerifyInit_ex(
                context.pointer, nil, "SHA1", library.context, nil, key.pointer, nil),
            "EVP_DigestVerifyInit_ex")
        self.context = context
    }

    /// Whether the signature is right.
    ///
    /// After the set-up has succeeded, 0 and negative values both mean that it is not: libcrypto
    /// returns -1 for numbers that no signer makes. Only a want of memory says nothing about it.
    consuming func verify(
        _ signature: [UInt8], over message: borrowing Span<UInt8>
    ) throws(OpenSSLError) -> Bool {
        let result = unsafe message.withUnsafeBufferPointer { message in
            unsafe EVP_DigestVerify(
                context.pointer, signature, signature.count, message.baseAddress, message.count)
        }
        guard result != 1 else { return true }
        try OpenSSLError.throwIfOutOfMemory(after: "EVP_DigestVerify")
        return false
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
}

extension RSAPadding {
    /// Sets the padding of an operation.
    ///
    /// MGF1 has the hash of the message unless another is set.
    func set(_ salt: PSSSalt, on details: OpaquePointer) throws(OpenSSLError) {
        switch self {
        case .pkcs1:
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PADDING),
                "EVP_PKEY_CTX_set_rsa_padding")
        case .pss:
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING),
                "EVP_PKEY_CTX_set_rsa_padding")
            let length: CInt =
                switch salt {
                case .hashLength: RSA_PSS_SALTLEN_DIGEST
                case .exactly(let length): CInt(clamping: length)
                case .any: RSA_PSS_SALTLEN_AUTO
                }
            try unsafe require(
                EVP_PKEY_CTX_set_rsa_pss_saltlen(details, length),
                "EVP_PKEY_CTX_set_rsa_pss_saltlen")
        }
    }
}
