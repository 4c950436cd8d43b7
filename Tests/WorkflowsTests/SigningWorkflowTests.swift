import CloseoutBundles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows
import Synchronization
import Testing

@Suite("Signing and attaching on an opened bundle")
struct SigningWorkflowTests {
    @Test("a signed bundle verifies, and the session knows the bundle as it is on the storage")
    func sign() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let receipt = try await session.sign(
                with: FormatSigner(key: place.release, format: .dsse), try place.options())
            #expect(receipt.stored.count == 1)
            let known = try session.contents(hashingAttachments: true)
            _ = consume session
            let read = try BundleReader(opening: place.bundle).contents()
            #expect(known.log.leaves == read.log.leaves)
            #expect(known.files.map(\.reading.digest) == read.files.map(\.reading.digest))
            #expect(known.checkpoint.bytes == read.checkpoint.bytes)
            #expect(try await place.verify().verdict == .verified)
        }
    }

    @Test("a session goes on after a workflow, and nothing but appends changes the bundle")
    func several() async throws {
        try await Workplace.make { place in
            let options = try place.options(by: "Al")
            var session = try await place.open()
            _ = try await session.sign(
                with: FormatSigner(key: place.release, format: .dsse), options)
            let report = try place.file(#"{"tests":1}"#, named: "report.json")
            let added = try await session.add([report], options)
            #expect(try await session.add([report], options).stored == added.stored)
            let signature = try FormatSigner(key: place.alice, format: .raw)
                .signature(over: .seal(session.sealBytes))
            let attached = try await session.attach(
                [Attachment(path: Array("a.sig".utf8), bytes: signature, format: .raw)], options)
            #expect(attached.stored.count == 2)
            #expect(session.log.size == 9)
            _ = consume session
            #expect(try await place.verify().verdict == .verified)
        }
    }

    @Test("an unknown signer's signature is refused, and nothing beside it is stored")
    func refused() async throws {
        try await Workplace.make { place in
            try await place.sign()
            let before = try place.files()
            var session = try await place.open()
            let attachments = try [place.alice, place.stranger].map { key in
                Attachment(
                    path: Array("x.sig".utf8),
                    bytes: try FormatSigner(key: key, format: .raw)
                        .signature(over: .seal(session.sealBytes)), format: .raw)
            }
            let options = try place.options()
            var kind: WorkflowError.Refusal.Kind?
            do {
                _ = try await session.attach(attachments, options)
            } catch WorkflowError.refused(let refusal) {
                kind = refusal.kind
            }
            #expect(kind == .failed)
            #expect(try place.files() == before)
            // What was taken back is not stored by what comes next.
            let receipt = try await session.attach([attachments[0]], options)
            #expect(receipt.stored.count == 2 && session.log.size == 7)
        }
    }

    /// A key in another place, which is asked for a signature over a message or a digest.
    private final class RemoteKey: KeySigner {
        private let key: LocalKey
        let input: SignerInput
        private let answer: [UInt8]?
        let asked = Mutex<[[UInt8]]>([])

        init(_ key: LocalKey, _ input: SignerInput, answer: [UInt8]? = nil) {
            self.key = key
            self.input = input
            self.answer = answer
        }

        var publicKey: PublicKey { key.publicKey }
        var algorithm: SignatureAlgorithm { key.algorithm }

        func sign(
            _ input: [UInt8], with algorithm: SignatureAlgorithm
        ) async throws -> [UInt8] {
            asked.withLock { $0.append(input) }
            if let answer { return answer }
            return try await key.sign(input, with: algorithm)
        }
    }

    @Test("a key elsewhere signs messages before the bundle is opened")
    func remote() async throws {
        try await Workplace.make { place in
            let remote = RemoteKey(place.release, .message)
            let seal = try await sealBytes(ofBundle: place.bundle)
            let signature = try await EnvelopeSigner(remote).sign(.seal(seal))
            var session = try await place.open()
            _ = try await session.attach([signature], try place.options())
            _ = consume session
            #expect(remote.asked.withLock(\.count) == 1)
            #expect(try await place.verify().verdict == .verified)
        }
    }

    @Test("an answer that is no signature by the signer's key is refused")
    func wrongAnswer() async throws {
        try await Workplace.make { place in
            let remote = RemoteKey(
                place.release, .message, answer: [UInt8](repeating: 7, count: 64))
            let refused = try await refusal {
                _ = try await EnvelopeSigner(remote).sign(.seal([1, 2, 3]))
            }
            #expect(refused?.kind == .failed)
        }
    }

    @Test("a signer that takes digests is given one, by the hash of its algorithm")
    func digest() async throws {
        let key = LocalKey(try PrivateKey.generate(.p256))
        let remote = RemoteKey(key, .digest, answer: [])
        await #expect(throws: WorkflowError.self) {
            _ = try await remote.signature(over: [1, 2, 3], with: .ecdsaP256SHA256)
        }
        let asked = remote.asked.withLock { $0 }
        #expect(asked == [try SHA256Digest.of([1, 2, 3]).bytes])
        let ed25519 = RemoteKey(LocalKey(try PrivateKey.generate(.ed25519)), .digest)
        let refused = try await refusal {
            _ = try await ed25519.signature(over: [1], with: .ed25519)
        }
        #expect(refused?.kind == .usage)
    }
}
