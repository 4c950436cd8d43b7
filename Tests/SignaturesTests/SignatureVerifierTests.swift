import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Verifying signatures")
struct JudgeTests {
    @Test("A signature by a key in good standing counts for the roles of that key")
    func accepted() throws {
        let signer = try Signer()
        let policy = try policy(
            [signer.entry("k", operator: "acme")],
            roles: ["release": rule(["k"]), "archive": rule(["k"])])
        let verifier = try verify(policy)
        let results = try verifier.verify(signer.envelope().encoded, as: .dsse, over: seal)
        #expect(results.map(\.outcome) == [.accepted])
        #expect(results.map(\.roles) == [[.release, .archive]])
        #expect(results.first?.key?.id == "k")
        #expect(results.first?.effect == .counts)
        #expect(verifier.tally(.release, results)?.operators == ["acme"])
        #expect(verifier.tally(.log, results) == nil)
    }

    @Test("A signature by nobody whom the policy knows is shown and not counted")
    func unknownKey() throws {
        let stranger = try Signer()
        let policy = try policy([Signer().entry("k")], roles: ["release": rule(["k"])])
        let verifier = try verify(policy)
        let results = try verifier.verify(stranger.envelope().encoded, as: .dsse, over: seal)
        #expect(results.map(\.outcome) == [.unknownKey])
        #expect(results.map(\.effect) == [.ignored])
        #expect(
            results.first?.hint == Array(stranger.publicKey.fingerprint.hex.utf8))
        let tally = try #require(verifier.tally(.release, results))
        #expect(!tally.isMet)
        #expect(!tally.isMissedByRefusal)
    }

    @Test("Without a policy every signer is unknown")
    func withoutPolicy() throws {
        let envelope = try Signer().envelope().encoded
        let verifier = try verify(nil)
        let results = try verifier.verify(envelope, as: .dsse, over: seal)
        #expect(results.map(\.outcome) == [.unknownKey])
        #expect(verifier.tally(.release, results) == nil)
    }

    @Test("A signature that names a key and does not verify with it fails")
    func invalid() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        let envelope = try signer.envelope().encoded
        var json = try JSON(parsing: envelope)
        let original = try #require(json["signatures"])
        guard case .array(let signatures) = original, let first = signatures.first,
            case .string(let keyID)? = first["keyid"]
        else { throw MalformedSample() }
        let forged: JSON = [
            "keyid": .string(keyID),
            "sig": .string(Base64.encode([UInt8](repeating: 0, count: 64))),
        ]
        json = [
            "payload": json["payload"] ?? nil, "payloadType": json["payloadType"] ?? nil,
            "signatures": .array([forged]),
        ]
        let results = try verify(policy).verify(json.canonicalBytes, as: .dsse, over: seal)
        guard case .invalid? = results.first?.outcome else {
            Issue.record("\(results)")
            return
        }
        #expect(results.map(\.effect) == [.fails])
    }

    @Test("A key id that names one key does not make another key's signature count")
    func misleadingKeyID() throws {
        let (named, actual) = try (Signer(), Signer())
        let policy = try policy(
            [named.entry("named"), actual.entry("actual")],
            roles: ["release": rule(["named", "actual"])])
        let signature = try actual.envelope().signatures[0].bytes
        let envelope: JSON = [
            "payload": .string(Base64.encode(seal.bytes)),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [
                [
                    "keyid": JSON(named.publicKey.fingerprint.hex),
                    "sig": .string(Base64.encode(signature)),
                ]
            ],
        ]
        let results = try verify(policy).verify(envelope.canonicalBytes, as: .dsse, over: seal)
        #expect(results.map(\.effect) == [.fails])
        #expect(results.first?.key?.id == "named")
    }

    @Test("A policy key's signature over another seal, or under another type, fails")
    func otherContent() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        let others: [SignedContent] = [
            .seal(Array("{}".utf8)), .record(seal.bytes), .file(seal.bytes),
        ]
        for other in others {
            let envelope = try signer.envelope(other).encoded
            let results = try verify(policy).verify(envelope, as: .dsse, over: seal)
            guard case .otherContent? = results.first?.outcome else {
                Issue.record("\(results)")
                continue
            }
            #expect(results.map(\.effect) == [.fails])
        }
    }

    @Test("A file that is not of the format that is said fails, whatever else it could be")
    func otherFormat() throws {
        let signer = try Signer()
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        let envelope = try signer.envelope().encoded
        let signature = try signer.sign(seal.bytes)
        for format in SignatureFormat.all where format != .dsse {
            let results = try verify(policy).verify(envelope, as: format, over: seal)
            #expect(results.map(\.effect) == [.fails], "\(format)")
        }
        for format in SignatureFormat.all where format != .raw {
            let results = try verify(policy).verify(signature, as: format, over: seal)
            #expect(results.map(\.effect) == [.fails], "\(format)")
        }
    }

    @Test("A signature by a key that is too weak verifies and does not count")
    func tooWeak() async throws {
        let pem = try await runSuccessfully("openssl", ["genrsa", "1024"])
        let publicPEM = try await runSuccessfully("openssl", ["pkey", "-pubout"], stdin: pem)
        try await withTemporaryDirectory { folder in
            try writeFile(pem, to: "\(folder)/key.pem")
            let signature = try await runSuccessfully(
                "openssl", ["dgst", "-sha256", "-sign", "\(folder)/key.pem"], stdin: seal.bytes)
            let entry: JSON = [
                "id": "weak", "operator": "weak", "format": "spki", "key": .string(publicPEM),
                "algorithm": "rsa-pkcs1-sha256",
            ]
            let verifier = try verify(policy([entry], roles: ["release": rule(["weak"])]))
            let results = try verifier.verify(signature, as: .raw, over: seal)
            #expect(results.map(\.effect) == [.ignored])
            guard case .notAcceptable(let reason)? = results.first?.outcome else {
                Issue.record("\(results)")
                return
            }
            #expect(reason.kind == .algorithm)
            let tally = try #require(verifier.tally(.release, results))
            #expect(!tally.isMet && !tally.isMissedByRefusal)
        }
    }

    @Test("A sample key's signature counts only where sample keys are accepted")
    func sampleKey() throws {
        let signer = try Signer(sample: "ed25519")
        let document = policyDocument([signer.entry("k")], roles: ["release": rule(["k"])])
        let signature = try signer.sign(seal.bytes)
        func effects(accepting: Bool) throws -> [SignatureResult.Effect] {
            let policy = try TrustPolicy(
                parsing: document.canonicalBytes,
                in: PolicyContext(acceptingSampleKeys: accepting))
            return try verify(policy).verify(signature, as: .raw, over: seal).map(\.effect)
        }
        #expect(try effects(accepting: false) == [.ignored])
        #expect(try effects(accepting: true) == [.counts])
    }

    @Test("Every signature of an envelope is verified by itself")
    func severalSignatures() throws {
        let (known, stranger) = try (Signer(), Signer())
        let policy = try policy([known.entry("k")], roles: ["release": rule(["k"])])
        let signatures = try [stranger, known].map { signer -> JSON in
            ["sig": .string(Base64.encode(try signer.envelope().signatures[0].bytes))]
        }
        let envelope: JSON = [
            "payload": .string(Base64.encode(seal.bytes)),
            "payloadType": "application/vnd.in-toto+json", "signatures": .array(signatures),
        ]
        let results = try verify(policy).verify(envelope.canonicalBytes, as: .dsse, over: seal)
        #expect(results.map(\.outcome) == [.unknownKey, .accepted])
        #expect(results.map(\.index) == [0, 1])
    }

    @Test("A signature over any single file counts for no release")
    func singleFile() throws {
        let signer = try Signer()
        let policy = try TrustPolicy.single(signer.publicKey.pem)
        let file = SignedContent.file(Array("any bytes".utf8))
        let verifier = SignatureVerifier(
            policy: policy, asOf: try at("2026-06-01T00:00:00Z"), release: nil)
        let envelope = try signer.envelope(file).encoded
        #expect(try verifier.verify(envelope, as: .dsse, over: file).map(\.outcome) == [.accepted])
        let raw = try signer.sign(file.bytes)
        #expect(try verifier.verify(raw, as: .raw, over: file).map(\.outcome) == [.accepted])
    }
}

extension JudgeTests {
    @Test("A result in one line says who signed, for what, when, and whether it counts")
    func summary() throws {
        let signer = try Signer()
        let policy = try policy(
            [signer.entry("k", operator: "acme")],
            roles: ["release": rule(["k"]), "archive": rule(["k"])])
        let proof = TimeProof(
            instant: try at("2026-03-01T00:00:00Z"), source: .witness(keyID: "w"),
            operator: "watch")
        let known = try verify(policy).verify(
            signer.sign(seal.bytes), as: .raw, over: seal, proofs: [proof])
        #expect(
            known.map(\.summary) == [
                "raw by k (acme), ed25519 for release, archive"
                    + " at 2026-03-01T00:00:00Z, by witness w (watch): verifies"
            ])
        let envelope: JSON = [
            "payload": "", "payloadType": "t",
            "signatures": [["keyid": "\u{1B}[2J\nVERIFIED", "sig": "AAAA"]],
        ]
        let stranger = try verify(policy).verify(envelope.canonicalBytes, as: .dsse, over: seal)
        #expect(
            stranger.map(\.summary) == [
                #"dsse by a key that calls itself "\u{1b}[2J\nVERIFIED":"#
                    + " no key of the policy made it"
            ])
    }
}

/// A sample that a test made is not of the shape that the test needs.
struct MalformedSample: Error {}
