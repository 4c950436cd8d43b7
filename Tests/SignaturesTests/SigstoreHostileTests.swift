import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Hostile Sigstore bundles")
struct SigstoreHostileTests {
    private let signer: Signer
    private let policy: TrustPolicy
    private let envelope: JSON
    private let message: JSON

    init() throws {
        signer = try Signer(sample: "p256")
        policy = try SignaturesTests.policy([signer.entry("k")], roles: ["release": rule(["k"])])
        envelope = try JSON(parsing: signer.bundle(.envelope))
        message = try JSON(parsing: signer.bundle(.message))
    }

    private func outcome(
        _ bundle: [UInt8], over content: SignedContent = seal
    ) throws -> SignatureResult.Outcome {
        let results = try verify(policy).verify(bundle, as: .sigstore, over: content)
        try #require(results.count == 1)
        return try #require(results.first?.outcome)
    }

    /// Expects that a bundle is not acceptable, for a reason that contains the words.
    private func expectRefused(
        _ bundle: JSON, _ words: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try outcome(bundle.canonicalBytes)
        #expect(outcome.name == "notAcceptable", sourceLocation: location)
        #expect(outcome.reason.contains(words), sourceLocation: location)
    }

    /// Expects that a bundle is refused as malformed, for a reason that contains the words.
    private func expectMalformed(
        _ bundle: [UInt8], _ words: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try outcome(bundle)
        guard case .malformed(let error) = outcome else {
            Issue.record("\(outcome)", sourceLocation: location)
            return
        }
        #expect("\(error)".contains(words), "\(error)", sourceLocation: location)
    }

    private func expectMalformed(
        _ base: JSON, _ path: [String], _ value: JSON?, _ words: String,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        try expectMalformed(base.setting(path, to: value).canonicalBytes, words, location)
    }

    @Test("A certificate beside the key is malformed, and one in its place needs a trusted root")
    func certificates() throws {
        let certificate: JSON = ["rawBytes": "AQID"]
        let chain: JSON = ["certificates": [certificate]]
        for (key, value) in [("certificate", certificate), ("x509CertificateChain", chain)] {
            let place = ["verificationMaterial", key]
            try expectMalformed(envelope, place, value, "not allowed beside `publicKey`")
            let alone = envelope.setting(["verificationMaterial", "publicKey"], to: nil)
                .setting(["mediaType"], to: "application/vnd.dev.sigstore.bundle+json;version=0.2")
            try expectRefused(alone.setting(place, to: value), "no trusted root of Sigstore")
        }
        try expectMalformed(
            envelope, ["verificationMaterial", "publicKey"], nil,
            "verificationMaterial.publicKey: required, and absent")
    }

    @Test("A member that the format does not have is refused, wherever it is")
    func unknownMembers() throws {
        let entry = ["verificationMaterial", "tlogEntries"]
        let places: [(JSON, [String])] = [
            (envelope, []), (envelope, ["verificationMaterial"]),
            (envelope, ["verificationMaterial", "publicKey"]), (envelope, ["dsseEnvelope"]),
            (message, ["messageSignature"]), (message, ["messageSignature", "messageDigest"]),
            (envelope, ["verificationMaterial", "timestampVerificationData"]),
        ]
        for (base, place) in places {
            try expectMalformed(base, place + ["extra"], 1, "extra: unknown member")
            try expectMalformed(base, place + ["extra"], .null, "extra: unknown member")
        }
        for inner in [[], ["logId"], ["kindVersion"], ["inclusionPromise"], ["inclusionProof"]] {
            let changed = logEntry.setting(inner + ["extra"], to: "")
            try expectMalformed(envelope, entry, [changed], "extra: unknown member")
        }
        try expectMalformed(
            envelope, ["verificationMaterial", "publicKey", "rawBytes"], "AQID",
            "publicKey.rawBytes: unknown member")
        try expectMalformed(envelope, ["media_type"], "x", "media_type: unknown member")
    }

    @Test("Exactly one of message signature and envelope, and exactly one signature in it")
    func counts() throws {
        try expectMalformed(envelope, ["dsseEnvelope"], nil, "or else messageSignature")
        try expectMalformed(envelope, ["dsseEnvelope"], .null, "or else messageSignature")
        try expectMalformed(
            envelope, ["messageSignature"], message["messageSignature"], "or else messageSignature")
        let one: JSON = ["sig": "AQID"]
        let place = ["dsseEnvelope", "signatures"]
        try expectMalformed(envelope, place, [], "0 signatures, where exactly one belongs")
        try expectMalformed(envelope, place, [one, one], "2 signatures, where exactly one belongs")
        let many = JSON.array(Array(repeating: logEntry, count: 33))
        try expectMalformed(
            envelope, ["verificationMaterial", "tlogEntries"], many, "more than 32")
        let stamps = JSON.array(Array(repeating: ["signedTimestamp": "AQID"], count: 33))
        try expectMalformed(
            envelope, ["verificationMaterial", "timestampVerificationData", "rfc3161Timestamps"],
            stamps, "more than 32")
    }

    @Test("Byte strings are padded standard base64, and signatures are not empty")
    func base64() throws {
        let places: [(JSON, [String])] = [
            (envelope, ["dsseEnvelope", "payload"]), (message, ["messageSignature", "signature"]),
            (message, ["messageSignature", "messageDigest", "digest"]),
        ]
        for (base, place) in places {
            for text in ["AQI", "__-_", "AR==", "AQID\n", " AQID", "AQID====", "!"] {
                try expectMalformed(base, place, JSON(text), "not padded standard base64")
            }
        }
        try expectMalformed(message, ["messageSignature", "signature"], "", "empty")
        try expectMalformed(
            envelope, ["dsseEnvelope", "signatures"], [["sig": ""]], "signatures[0].sig: empty")
        let stamp: JSON = ["rfc3161Timestamps": [["signedTimestamp": "AQI"]]]
        try expectMalformed(
            envelope, ["verificationMaterial", "timestampVerificationData"], stamp,
            "signedTimestamp: not padded standard base64")
    }

    @Test("Numbers of log entries are in strings, as whole numbers")
    func numbers() throws {
        for number: JSON in [1, "", "-1", "01", "1.0", "0x1", "9223372036854775808", "+1"] {
            for member in ["logIndex", "integratedTime"] {
                let entry = logEntry.setting([member], to: number)
                try expectMalformed(
                    envelope, ["verificationMaterial", "tlogEntries"], [entry],
                    "tlogEntries[0].\(member)")
            }
        }
    }

    @Test("The stated digest has a known function and its length")
    func digests() throws {
        let place = ["messageSignature", "messageDigest"]
        for name: JSON in ["SHA3_256", "sha256", "HASH_ALGORITHM_UNSPECIFIED", ""] {
            try expectMalformed(message, place + ["algorithm"], name, "not SHA2_256")
        }
        try expectMalformed(message, place + ["algorithm"], 1, "expected a string")
        try expectMalformed(message, place + ["algorithm"], "SHA2_384", "not 48 bytes")
        try expectMalformed(message, place + ["digest"], "", "not 32 bytes")
        try expectMalformed(message, place + ["digest"], nil, "digest: required")
    }

    @Test("Trailing, doubled and cut bytes, and other formats' files, are refused")
    func bytes() async throws {
        let file = envelope.canonicalBytes
        try expectMalformed(file + Array("{}".utf8), "data after the end")
        try expectMalformed(file + [0], "data after the end")
        try expectMalformed(Array(file.dropLast()), "unexpected end")
        try expectMalformed([0xEF, 0xBB, 0xBF] + file, "byte order mark")
        let repeated = Array(file.dropLast()) + Array(#","mediaType":"x"}"#.utf8)
        try expectMalformed(repeated, "duplicate key")
        try expectMalformed(try signer.envelope().encoded, "mediaType: required")
        try expectMalformed(Array("vault:v1:AAAA".utf8), "unexpected")
        try expectMalformed([], "unexpected end")
    }

    @Test("A signature of 64 bytes over a message is refused: it may be over the message's digest")
    func ed25519Message() throws {
        let ed25519 = try Signer(sample: "ed25519")
        let bundle = SignaturesTests.message(try ed25519.sign(seal.bytes))
        try expectRefused(bundle, "only a DSSE envelope can")
        // In the rare case that such a signature looks like DER, its key is not tried.
        let policy = try SignaturesTests.policy(
            [ed25519.entry("k")], roles: ["release": rule(["k"])])
        let der = SignaturesTests.message([0x30, 0x3E] + [UInt8](repeating: 2, count: 62))
        let verifier = try verify(policy)
        #expect(
            try verifier.verify(der.canonicalBytes, as: .sigstore, over: seal).map(\.outcome)
                == [.unknownKey])
        let hint = JSON(ed25519.publicKey.fingerprint.hex)
        let named = der.setting(["verificationMaterial", "publicKey", "hint"], to: hint)
        #expect(
            try verifier.verify(named.canonicalBytes, as: .sigstore, over: seal).map(\.outcome.name)
                == ["notAcceptable"])
    }

    @Test("A digest of other content beside a valid signature is refused, and never signed in turn")
    func otherDigest() throws {
        let other = JSON.string(Base64.encode(try digest(.sha256, of: [1])))
        let place = ["messageSignature", "messageDigest", "digest"]
        let bundle = message.setting(place, to: other).canonicalBytes
        guard case .otherContent(let reason) = try outcome(bundle) else {
            Issue.record("a wrong digest was accepted")
            return
        }
        #expect(reason.contains("messageDigest"))
        // The digest of the other content makes no signature over it.
        guard case .invalid = try outcome(bundle, over: .seal([1])) else {
            Issue.record("the digest was verified with")
            return
        }
        let without = message.setting(["messageSignature", "messageDigest"], to: nil)
        #expect(try outcome(without.canonicalBytes) == .accepted)
    }

    @Test("A policy key's bundle over other content, or of another type, fails")
    func otherContent() throws {
        for content in [SignedContent.seal(Array("{}".utf8)), .record(seal.bytes)] {
            guard case .otherContent = try outcome(signer.bundle(.envelope, content)) else {
                Issue.record("other content was accepted")
                continue
            }
        }
        guard case .invalid = try outcome(signer.bundle(.message, .seal([1]))) else {
            Issue.record("a message signature over something else was accepted")
            return
        }
    }

    @Test("A wrong key is wrong, and an algorithm that is not the key's is not acceptable")
    func wrongKeys() throws {
        let stranger = try Signer(.p256)
        for form in [SigstoreBundle.Form.message, .envelope] {
            #expect(try outcome(stranger.bundle(form)) == .unknownKey)
            let stolen = try JSON(parsing: stranger.bundle(form)).setting(
                ["verificationMaterial", "publicKey", "hint"],
                to: JSON(signer.publicKey.fingerprint.hex))
            guard case .invalid = try outcome(stolen.canonicalBytes) else {
                Issue.record("a stolen name was accepted")
                continue
            }
        }
        let (pss, pkcs1) = try (
            Signer(sample: "rsa2048", algorithm: .rsaPSSSHA256),
            Signer(sample: "rsa2048", algorithm: .rsaPKCS1SHA256)
        )
        let verifier = try verify(
            SignaturesTests.policy([pss.entry("k")], roles: ["release": rule(["k"])]))
        for form in [SigstoreBundle.Form.message, .envelope] {
            let results = try verifier.verify(pkcs1.bundle(form), as: .sigstore, over: seal)
            #expect(
                results.map(\.outcome.described) == [
                    "notAcceptable: key k made it with rsa-pkcs1-sha256, and the policy takes "
                        + "rsa-pss-sha256 of this key"
                ])
        }
    }
}

extension SigstoreHostileTests {
    private static let tokens = [
        "{", "}", "[", "]", "\"", ",", ":", "null", "\"hint\":", "\"sig\":", "\"signature\":", "=",
        "\"certificate\":", "\"dsseEnvelope\":", "\"keyid\":\"\",", "0.4", "\\u0000", "AAAA",
    ]

    @Test("A flipped bit anywhere in a signature, payload, type or digest is noticed")
    func flippedBits() throws {
        for bundle in [envelope, message] {
            let file = bundle.canonicalBytes
            for index in file.indices {
                var changed = file
                changed[index] ^= 1
                guard try outcome(changed) == .accepted else { continue }
                let before = try SigstoreBundle(parsing: file)
                let after = try SigstoreBundle(parsing: changed)
                #expect(before.content == after.content && before.signature == after.signature)
            }
        }
    }

    @Test("thousands of damaged bundles of each form are refused or say the same as before")
    func mutated() throws {
        for (seed, bundle) in [(UInt64(5), envelope), (6, message)] {
            let sample = bundle.canonicalBytes
            let original = try SigstoreBundle(parsing: sample)
            var readable = 0
            for file in mutations(of: sample, seed: seed, count: 20_000, tokens: Self.tokens) {
                guard let read = try? SigstoreBundle(parsing: file) else { continue }
                readable += 1
                guard try outcome(file) == .accepted else { continue }
                #expect(read.signature == original.signature)
                let isOfMessage = if case .message = read.content { true } else { false }
                #expect(isOfMessage || read.content == original.content)
            }
            #expect(readable > 0)
        }
    }
}
