import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Messages that are known by their digests")
struct MessageTests {
    private static let message =
        bytes("one\r\ntwo\n\n\r\r\nthree\rfour\r\n\r") + [0, 0xFF, 0x0A, 0x0D]

    private static func hashed(
        _ digests: Set<MessageDigest>, of message: [UInt8], inPiecesOf size: Int
    ) throws -> [MessageDigest: [UInt8]] {
        let hasher = try MessageHasher(digests)
        for start in stride(from: 0, to: message.count, by: size) {
            try hasher.update(message[start..<min(start + size, message.count)].span)
        }
        return try hasher.finish()
    }

    private static func streamed(_ message: [UInt8], _ algorithms: [DigestAlgorithm]) throws
        -> Message
    {
        let digests = Set(algorithms.map { MessageDigest($0) })
        return .streamed(
            StreamedMessage(
                count: message.count, beginning: Array(message.prefix(4)),
                digests: try hashed(digests, of: message, inPiecesOf: 3)))
    }

    @Test("take the signatures that cover them, and no others", arguments: availableAlgorithms)
    func agreement(algorithm: SignatureAlgorithm) throws {
        guard let digest = algorithm.digest else { return }
        let key = try samplePrivateKey(algorithm.keyType)
        let signature = try key.sign(Self.message, algorithm: algorithm)
        let known = try Self.streamed(Self.message, [.sha256, .sha384, .sha512])
        let other = try Self.streamed(Self.message + [0], [.sha256, .sha384, .sha512])
        for tried in SignatureAlgorithm.allCases where tried.digest != nil {
            for salt in [PSSSalt.hashLength, .any, .exactly(digest.size), .exactly(20)] {
                let accepted = try key.publicKey.accepts(
                    signature, over: Self.message, algorithm: tried, salt: salt)
                #expect(
                    try key.publicKey.accepts(signature, over: known, algorithm: tried, salt: salt)
                        == accepted)
                #expect(
                    try !key.publicKey.accepts(signature, over: other, algorithm: tried, salt: salt)
                )
            }
            for place in [0, 3, signature.count / 2, signature.count - 1] {
                #expect(
                    try !key.publicKey.accepts(
                        flipping(signature, at: place), over: known, algorithm: tried))
            }
        }
    }

    @Test("have the digests of text in lines that end in CR LF, whatever the pieces")
    func forms() throws {
        // Every return before a line feed belongs to the line's end.
        let text = bytes("one\r\ntwo\r\n\r\n\r\nthree\rfour\r\n\r") + [0, 0xFF, 0x0D, 0x0A, 0x0D]
        let mail = bytes("Content-Type: text/plain\r\n\r\n") + text
        let wanted: Set = [
            MessageDigest(.sha256), MessageDigest(.sha256, of: .text),
            MessageDigest(.sha256, of: .mail), MessageDigest(.sha512, followedBy: [1, 2]),
            MessageDigest(.sha512, followedBy: [1]),
        ]
        for size in 1...Self.message.count {
            let found = try Self.hashed(wanted, of: Self.message, inPiecesOf: size)
            #expect(found.count == wanted.count)
            #expect(try found[MessageDigest(.sha256)] == digest(.sha256, of: Self.message))
            #expect(
                try found[MessageDigest(.sha256, of: .text)] == digest(.sha256, of: text))
            #expect(
                try found[MessageDigest(.sha256, of: .mail)] == digest(.sha256, of: mail))
            for suffix: [UInt8] in [[1, 2], [1]] {
                #expect(
                    try found[MessageDigest(.sha512, followedBy: suffix)]
                        == digest(.sha512, of: Self.message + suffix))
            }
        }
    }

    @Test("take a long run of returns in little memory, and as it is")
    func returns() throws {
        let run = [UInt8](repeating: 0x0D, count: 200_000)
        let wanted: Set = [MessageDigest(.sha256, of: .text)]
        for (message, text) in [(run, run), (run + [0x0A], [0x0D, 0x0A])] {
            let found = try Self.hashed(wanted, of: message, inPiecesOf: 65_536)
            #expect(found.first?.value == (try digest(.sha256, of: text)))
        }
    }

    @Test("say that a digest was not computed, and never that a signature is wrong")
    func missing() throws {
        let key = try samplePrivateKey(.p256)
        let signature = try key.sign(Self.message, algorithm: .ecdsaP256SHA256)
        let known = StreamedMessage(count: 4, beginning: [], digests: [:])
        #expect(throws: OpenSSLError.self) {
            try key.publicKey.accepts(
                signature, over: .streamed(known), algorithm: .ecdsaP256SHA256)
        }
        #expect(known.wanted.digests == [MessageDigest(.sha256)])
        let edwards = try samplePrivateKey(.ed25519)
        let own = try edwards.sign(Self.message, algorithm: .ed25519)
        #expect(!known.wanted.bytes)
        #expect(throws: OpenSSLError.self) {
            try edwards.publicKey.accepts(own, over: .streamed(known), algorithm: .ed25519)
        }
        #expect(known.wanted.bytes)
    }
}

extension SignerInfo {
    /// The verdict over bytes at hand, which has to be that over the same bytes when they are streamed.
    func verdict(
        by certificate: Certificate, over content: [UInt8]
    ) throws -> SignerVerdict {
        let verdict = try verdict(by: certificate, over: .bytes(content))
        let digests = [DigestAlgorithm.sha256, .sha384, .sha512].flatMap { algorithm in
            MessageForm.allCases.map { MessageDigest(algorithm, of: $0) }
        }
        let hasher = try MessageHasher(Set(digests))
        try hasher.update(content.span)
        let streamed = StreamedMessage(
            count: content.count, beginning: Array(content.prefix(30)),
            digests: try hasher.finish(), region: Region(bytes: content))
        #expect(try self.verdict(by: certificate, over: .streamed(streamed)) == verdict)
        return verdict
    }
}

private struct Region: ByteRegion {
    let bytes: [UInt8]

    func withBytes(_ body: (borrowing Span<UInt8>) -> Void) { body(bytes.span) }
}
