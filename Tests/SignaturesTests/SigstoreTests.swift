import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Sigstore bundles")
struct SigstoreTests {
    /// A key of every type that signs bundles, RSA under each way of padding.
    static let signers: [(sample: String, algorithm: SignatureAlgorithm)] = [
        ("ed25519", .ed25519), ("p256", .ecdsaP256SHA256), ("p384", .ecdsaP384SHA384),
        ("rsa2048", .rsaPSSSHA256), ("rsa3072", .rsaPKCS1SHA512),
    ]

    private func results(
        _ bundle: [UInt8], trusting signer: Signer, over content: SignedContent = seal
    ) throws -> [SignatureResult] {
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        return try verify(policy).verify(bundle, as: .sigstore, over: content)
    }

    @Test("A bundle that is written here is recognised and counts", arguments: signers)
    func writing(key: (sample: String, algorithm: SignatureAlgorithm)) throws {
        let signer = try Signer(sample: key.sample, algorithm: key.algorithm)
        for form in forms(of: signer) {
            let bundle = try signer.bundle(form)
            #expect(SignatureFormat.recognise(bundle) == .format(.sigstore))
            let results = try results(bundle, trusting: signer)
            #expect(results.map(\.outcome) == [.accepted])
            #expect(results.map(\.algorithm) == [key.algorithm])
            let read = try SigstoreBundle(parsing: bundle)
            #expect(read.encoded == bundle)
        }
    }

    @Test("A new bundle has exactly the members that every client reads, and no key id")
    func exactBytes() throws {
        let signer = try Signer(sample: "ed25519")
        let payload = Base64.string(seal.bytes)
        let signature = Base64.string(try signer.envelope().signatures[0].bytes)
        let hint = Hex.encode(try digest(.sha256, of: signer.publicKey.pem))
        let expected =
            #"{"dsseEnvelope":{"payload":"\#(payload)","payloadType":"application/vnd.in-toto+json","#
            + #""signatures":[{"sig":"\#(signature)"}]},"#
            + #""mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","#
            + #""verificationMaterial":{"publicKey":{"hint":"\#(String(decoding: hint, as: UTF8.self))"},"#
            + #""tlogEntries":[]}}"#
        #expect(try signer.bundle(.envelope) == Array(expected.utf8))
    }

    @Test("An Ed25519 key makes no message signature, which clients understand in two ways")
    func ed25519Message() throws {
        #expect(throws: KeyError.self) { try Signer().bundle(.message) }
    }

    @Test(
        "What is signed verifies with openssl over the bytes that are in the bundle",
        arguments: signers)
    func extracted(key: (sample: String, algorithm: SignatureAlgorithm)) async throws {
        let signer = try Signer(sample: key.sample, algorithm: key.algorithm)
        for form in forms(of: signer) {
            let bundle = try SigstoreBundle(parsing: signer.bundle(form))
            var message = seal.bytes
            if case .envelope(let type, let payload) = bundle.content {
                message = DSSEEnvelope.signingInput(payloadType: type, payload: payload)
            }
            let refused = try await opensslAccepts(bundle.signature, over: message + [0], signer)
            #expect(try await opensslAccepts(bundle.signature, over: message, signer))
            #expect(!refused)
        }
    }

    private func opensslAccepts(
        _ signature: [UInt8], over message: [UInt8], _ signer: Signer
    ) async throws -> Bool {
        try await withTemporaryDirectory { folder in
            try writeFile(signature, to: "\(folder)/sig")
            try writeFile(message, to: "\(folder)/message")
            try writeFile(signer.publicKey.pem, to: "\(folder)/key")
            let pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
            let padding = signer.algorithm == .rsaPSSSHA256 ? pss : []
            let arguments =
                signer.algorithm.digest.map {
                    ["dgst", "-\($0.rawValue)"] + padding
                        + ["-verify", "key", "-signature", "sig", "message"]
                } ?? [
                    "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key", "-in", "message",
                    "-sigfile", "sig",
                ]
            return try await run("openssl", arguments, workingDirectory: folder).status == 0
        }
    }

    @Test("A bundle around what openssl signed counts, whatever is left out or null")
    func foreignSignature() async throws {
        let signer = try Signer(.p256)
        let signature = try await withTemporaryDirectory { folder in
            try writeFile(signer.privatePEM, to: "\(folder)/key.pem")
            return try await runSuccessfully(
                "openssl", ["dgst", "-sha256", "-sign", "\(folder)/key.pem"], stdin: seal.bytes)
        }
        let sparse = message(signature, ["publicKey": [:]])
        let full = message(
            signature,
            [
                "certificate": nil, "publicKey": ["hint": nil], "timestampVerificationData": [:],
                "tlogEntries": nil, "x509CertificateChain": nil,
            ])
        for bundle in [sparse, full] {
            #expect(SignatureFormat.recognise(bundle.canonicalBytes) == .format(.sigstore))
            let results = try results(bundle.canonicalBytes, trusting: signer)
            #expect(results.map(\.outcome) == [.accepted])
            #expect(results.map(\.hint) == [nil])
        }
    }

    @Test(
        "Every version that is read has its media type, and no other is read",
        arguments: [
            ("application/vnd.dev.sigstore.bundle+json;version=0.1", true),
            ("application/vnd.dev.sigstore.bundle+json;version=0.2", true),
            ("application/vnd.dev.sigstore.bundle+json;version=0.3", true),
            ("application/vnd.dev.sigstore.bundle.v0.3+json", true),
            ("application/vnd.dev.sigstore.bundle+json;version=0.4", false),
            ("application/vnd.dev.sigstore.bundle.v0.4+json", false),
            ("application/vnd.dev.sigstore.bundle.v0.2+json", false),
            ("application/vnd.dev.sigstore.bundle+json", false),
            ("application/vnd.dev.sigstore.bundle+json; version=0.3", false),
        ])
    func versions(mediaType: String, isRead: Bool) throws {
        let signer = try Signer(sample: "p256")
        let bundle = try JSON(parsing: signer.bundle(.message))
            .setting(["mediaType"], to: JSON(mediaType)).canonicalBytes
        #expect(SignatureFormat.recognise(bundle) == .format(.sigstore))
        let effects = try results(bundle, trusting: signer).map(\.effect)
        #expect(effects == [isRead ? .counts : .ignored])
    }

    @Test("A hint in the form of any client names its key, which must then have signed")
    func hints() throws {
        let (signer, other) = try (Signer(.p256), Signer(.p256))
        let fingerprint = signer.publicKey.fingerprint.bytes
        let hints = [
            Base64.encode(fingerprint), Hex.encode(fingerprint),
            Hex.encode(try digest(.sha256, of: signer.publicKey.pem)),
        ]
        let (byNamed, byOther) = try (signer.bundle(.envelope), other.bundle(.envelope))
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        let path = ["verificationMaterial", "publicKey", "hint"]
        for hint in hints {
            let outcomes = try [byNamed, byOther].map { bundle in
                let bundle = try JSON(parsing: bundle).setting(path, to: .string(hint))
                return try verify(policy).verify(bundle.canonicalBytes, as: .sigstore, over: seal)
            }
            #expect(outcomes[0].map(\.outcome) == [.accepted])
            #expect(outcomes[0].map(\.hint) == [hint])
            #expect(outcomes[1].map(\.effect) == [.fails])
        }
        let stranger = try JSON(parsing: byOther).setting(path, to: "somebody")
        #expect(
            try verify(policy).verify(stranger.canonicalBytes, as: .sigstore, over: seal)
                .map(\.outcome) == [.unknownKey])
    }

    @Test("The key id of an envelope is a hint too, and may only repeat the bundle's own")
    func keyIDs() throws {
        let signer = try Signer(.p256)
        let bundle = try JSON(parsing: signer.bundle(.envelope))
        let hint = try #require(bundle["verificationMaterial"]?["publicKey"]?["hint"])
        let signature = try #require(bundle["dsseEnvelope"]?["signatures"])
        guard case .array(let signatures) = signature, let sig = signatures.first?["sig"] else {
            throw MalformedSample()
        }
        func effect(hint: JSON?, keyID: JSON) throws -> [SignatureResult.Effect] {
            let changed = bundle.setting(["verificationMaterial", "publicKey", "hint"], to: hint)
                .setting(["dsseEnvelope", "signatures"], to: [["keyid": keyID, "sig": sig]])
            return try results(changed.canonicalBytes, trusting: signer).map(\.effect)
        }
        #expect(try effect(hint: hint, keyID: hint) == [.counts])
        #expect(try effect(hint: hint, keyID: "") == [.counts])
        #expect(try effect(hint: nil, keyID: hint) == [.counts])
        #expect(try effect(hint: nil, keyID: "stranger") == [.counts])
        #expect(try effect(hint: hint, keyID: "stranger") == [.fails])
    }

    @Test("Time-stamps and log entries that come along are kept apart and prove nothing")
    func companions() throws {
        let signer = try Signer(sample: "p256")
        let stamps: JSON = ["rfc3161Timestamps": [["signedTimestamp": "AQID"]]]
        let bundle = try JSON(parsing: signer.bundle(.envelope))
            .setting(["verificationMaterial", "timestampVerificationData"], to: stamps)
            .setting(["verificationMaterial", "tlogEntries"], to: [logEntry, logEntry])
        let read = try SigstoreBundle(parsing: bundle.canonicalBytes)
        #expect(read.timestamps == [[1, 2, 3]])
        #expect(read.logEntryCount == 2)
        let results = try results(bundle.canonicalBytes, trusting: signer)
        #expect(results.map(\.outcome) == [.accepted])
        #expect(results.map(\.timeProof) == [nil])
        let summary = try #require(results.first?.summary)
        #expect(summary.contains("transparency log entries, not verified: 2"))
    }
}
