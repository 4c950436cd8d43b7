import Synchronization

/// What a signature covers, as a check asks for it: whoever checks need not have the bytes.
///
/// Most algorithms sign a digest, and ask for that alone:
///
///     let message = Message.bytes(content)
///     try key.accepts(signature, over: message, algorithm: .ecdsaP256SHA256)
package enum Message: Sendable {
    /// Bytes at hand.
    case bytes([UInt8])
    /// Bytes that were read in pieces, and are known by their digests.
    case streamed(StreamedMessage)

    /// A digest of the message.
    ///
    /// - Throws: Also where it is a streamed message's and was not computed.
    package func digest(_ wanted: MessageDigest) throws(OpenSSLError) -> [UInt8] {
        switch self {
        case .streamed(let message): return try message.digest(wanted)
        case .bytes(let bytes):
            let hasher = try MessageHasher([wanted])
            try hasher.update(bytes.span)
            return try hasher.finish()[wanted] ?? []
        }
    }

    /// Whether the message is exactly these bytes.
    package func equals(_ bytes: [UInt8]) throws(OpenSSLError) -> Bool {
        switch self {
        case .bytes(let own): return own == bytes
        case .streamed(let message):
            guard message.count == bytes.count else { return false }
            let digest = try message.digest(MessageDigest(.sha256))
            return try CloseoutOpenSSL.digest(.sha256, of: bytes) == digest
        }
    }

    /// Whether it is a set of attributes in DER, or cannot be distinguished from one by how it begins.
    var isLikelyAttributes: Bool {
        switch self {
        case .bytes(let bytes): SignedAttributes.areLikely(bytes)
        case .streamed(let message):
            SignedAttributes.areLikely(beginning: message.beginning, count: message.count)
        }
    }
}

/// Bytes that can be looked at all at once without being in the process's own memory.
package protocol ByteRegion: Sendable {
    /// Looks at all of them.
    func withBytes(_ body: (borrowing Span<UInt8>) -> Void)
}

/// A message that is too long to be held, and what has been found out of it.
///
/// What a check asks for and nobody has computed is noted, so that it can be made up for.
package final class StreamedMessage: Sendable {
    /// Its length in bytes.
    package let count: Int
    /// Its first bytes.
    let beginning: [UInt8]
    private let digests: [MessageDigest: [UInt8]]
    private let region: (any ByteRegion)?
    private let missed = Mutex(Missed())

    /// What was asked for in vain.
    package struct Missed: Sendable {
        /// Digests.
        package var digests: Set<MessageDigest> = []
        /// All of the bytes.
        package var bytes = false
    }

    /// What is known of a message.
    ///
    /// - Parameters:
    ///   - count: Its length in bytes.
    ///   - beginning: Its first bytes.
    ///   - digests: Its digests, as far as they were computed.
    ///   - region: All of its bytes, where they were asked for.
    package init(
        count: Int, beginning: [UInt8], digests: [MessageDigest: [UInt8]],
        region: (any ByteRegion)? = nil
    ) {
        self.count = count
        self.beginning = beginning
        self.digests = digests
        self.region = region
    }

    /// The same message, of which more is known.
    package func with(
        _ digests: [MessageDigest: [UInt8]], _ region: (any ByteRegion)?
    ) -> StreamedMessage {
        StreamedMessage(count: count, beginning: beginning, digests: digests, region: region)
    }

    /// What was asked for in vain until now.
    package var wanted: Missed { missed.withLock { $0 } }

    fileprivate func digest(_ digest: MessageDigest) throws(OpenSSLError) -> [UInt8] {
        if let known = digests[digest] { return known }
        missed.withLock { _ = $0.digests.insert(digest) }
        throw OpenSSLError(function: "MessageHasher", queue: ["a digest was not computed"])
    }

    /// Looks at all of the bytes.
    fileprivate func withBytes(
        _ body: (borrowing Span<UInt8>) throws(OpenSSLError) -> Bool
    ) throws(OpenSSLError) -> Bool {
        guard let region else {
            missed.withLock { $0.bytes = true }
            throw OpenSSLError(function: "ByteRegion", queue: ["the bytes are not at hand"])
        }
        var result = Result<Bool, OpenSSLError>.success(false)
        region.withBytes { bytes in
            do throws(OpenSSLError) { result = .success(try body(bytes)) } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }
}

extension PublicKey {
    /// Whether the signature is one of this key over the message, by exactly this algorithm.
    ///
    /// - Parameters:
    ///   - signature: The signature, in the form that its algorithm has.
    ///   - message: What it has to be over.
    ///   - form: What the signer made of the message; only algorithms with a digest take another form
    ///     than the message itself.
    ///   - algorithm: The algorithm.
    ///   - salt: The length of the salt that RSA-PSS must have.
    /// - Returns: Whether the key made it.
    /// - Throws: Only when it could not be computed.
    package func accepts(
        _ signature: [UInt8], over message: Message, in form: MessageForm = .itself,
        algorithm: SignatureAlgorithm, salt: PSSSalt = .hashLength
    ) throws(OpenSSLError) -> Bool {
        guard couldHaveMade(signature, algorithm, salt) else { return false }
        if let digest = algorithm.digest {
            return try accepts(
                signature, overDigest: message.digest(MessageDigest(digest, of: form)),
                algorithm: algorithm, salt: salt)
        }
        guard form == .itself else { return false }
        switch message {
        case .bytes(let bytes):
            return try accepts(signature, over: bytes, algorithm: algorithm, salt: salt)
        case .streamed(let message):
            return try message.withBytes { bytes throws(OpenSSLError) in
                try accepts(signature, over: bytes, algorithm: algorithm, salt: salt)
            }
        }
    }
}
