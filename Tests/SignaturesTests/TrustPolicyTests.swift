import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Reading a trust policy")
struct TrustPolicyTests {
    private static let key = Result { try Signer() }

    /// A sound policy, changed by replacing one piece of its text.
    private func document(replacing old: String = "", by new: String = "") throws -> [UInt8] {
        let entry = try Self.key.get().entry(
            "k", operator: "acme", [member("not_before", "2026-01-01T00:00:00Z")])
        let document = policyDocument(
            [entry], roles: ["release": rule(["k"], [JSONMember("releases", ["payments"])])],
            [member("expires", "2028-01-01T00:00:00Z")])
        let text = String(decoding: document.canonicalBytes, as: UTF8.self)
        guard !old.isEmpty else { return Array(text.utf8) }
        let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2, "\(old) is not in the sample")
        return Array((parts[0] + new + parts[1]).utf8)
    }

    @Test("Everything that a policy says is read")
    func sound() throws {
        let bytes = try document()
        let policy = try TrustPolicy(parsing: bytes)
        let key = try #require(policy.key("k"))
        #expect(policy.version == 1)
        #expect(try policy.expires == at("2028-01-01T00:00:00Z"))
        #expect(key.operator == "acme")
        #expect(try key.notBefore == at("2026-01-01T00:00:00Z"))
        #expect(key.notAfter == nil)
        #expect(try key.fingerprint == Self.key.get().publicKey.fingerprint)
        #expect(policy.roles[.release]?.threshold == 1)
        #expect(policy.roles(ofKey: "k", release: "payments") == [.release])
        #expect(policy.roles(ofKey: "k", release: "ledger") == [])
        #expect(policy.roles(ofKey: "k", release: nil) == [.release])
        #expect(try policy.digest == SHA256Digest.of(bytes))
    }

    private static let refusals: [(old: String, new: String, message: String)] = [
        ("\"version\":1", "\"version\":0", "version: 0 is not between"),
        ("\"version\":1", "\"version\":1.5", "at byte"),
        ("\"version\":1", "\"version\":\"1\"", "version: expected an integer"),
        ("\"version\":1", "\"version\":1,\"version\":2", "at byte"),
        ("\"version\":1", "\"version\":1,\"note\":\"x\"", "note: unknown member"),
        ("closeout/trust/v1", "closeout/trust/v2", "kind: must be closeout/trust/v1"),
        ("2028-01-01T00:00:00Z", "2028-01-01", "expires: not an instant"),
        ("2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "keys[0].not_before: not an instant"),
        (
            "\"not_before\"", "\"not_after\":\"2025-01-01T00:00:00Z\",\"not_before\"",
            "keys[0].not_after: earlier than not_before"
        ),
        ("\"id\":\"k\"", "\"id\":\"\"", "keys[0].id: must be 1 to 64"),
        ("\"id\":\"k\"", "\"id\":\"K\"", "roles.release.keys[0]: the policy has no key k"),
        ("\"id\":\"k\"", "\"id\":\"\u{212A}\"", "keys[0].id: must be 1 to 64"),
        ("\"acme\"", "\"acme corp\"", "keys[0].operator: must be 1 to 64"),
        ("\"spki\"", "\"pgp\"", "keys[0].format: unknown key format"),
        ("-----BEGIN", "----BEGIN", "keys[0].key: not a key"),
        ("PUBLIC KEY-----\\n", "PRIVATE KEY-----\\n", "keys[0].key: a private key"),
        (
            "\"format\"", "\"algorithm\":\"rsa-pss-sha256\",\"format\"",
            "keys[0].algorithm: not an algorithm of ed25519 keys"
        ),
        ("\"format\"", "\"algorithm\":\"sha1\",\"format\"", "keys[0].algorithm: unknown algorithm"),
        ("\"format\"", "\"file\":\"k.pem\",\"format\"", "keys[0].file: not allowed beside `key`"),
        ("\"format\"", "\"subjects\":[],\"format\"", "keys[0].subjects: unknown member"),
        (
            "\"format\"", "\"colour\":\"red\",\"format\"",
            "keys[0].colour: unknown member; a newer version of Closeout may know it"
        ),
        ("\"version\":1", "\"version\":1,\"require_decision\":1", "require_decision: expected"),
        (
            "\"format\"",
            "\"revoked\":{\"at\":\"2026-01-01T00:00:00Z\",\"reason\":\"lost\"},"
                + "\"format\"", "keys[0].revoked.reason: must be one of compromised"
        ),
        ("\"release\":", "\"relase\":", "roles.relase: unknown role; the roles are release"),
        ("[\"k\"]", "[]", "roles.release.keys: must name a key"),
        ("[\"k\"]", "[\"k\",\"k\"]", "roles.release.keys[1]: k appears twice"),
        ("[\"k\"]", "[\"j\"]", "roles.release.keys[0]: the policy has no key j"),
        ("\"threshold\":1", "\"threshold\":0", "roles.release.threshold: 0 is not between"),
        ("\"threshold\":1", "\"threshold\":-1", "roles.release.threshold: -1 is not between"),
        (",\"threshold\":1", "", "roles.release.threshold: required"),
        ("[\"payments\"]", "[]", "roles.release.releases: must name a release"),
        ("[\"payments\"]", "[\"pay*\"]", "roles.release.releases[0]: not the name of a release"),
    ]

    @Test("What is wrong in a policy is an error that names the place", arguments: refusals)
    func refusal(_ refusal: (old: String, new: String, message: String)) throws {
        let bytes = try document(replacing: refusal.old, by: refusal.new)
        do {
            _ = try TrustPolicy(parsing: bytes)
            Issue.record("was taken")
        } catch {
            #expect("\(error)".contains(refusal.message), "\(error)")
        }
    }

    @Test("No keys, 257 keys and one id twice are errors")
    func keyCounts() throws {
        let key = try Self.key.get()
        let many = (0..<257).map { key.entry("k\($0)", operator: "acme") }
        for keys in [[], many, [key.entry("k"), key.entry("k")]] {
            let document = policyDocument(keys, roles: [:])
            #expect(throws: TrustError.self) { try TrustPolicy(parsing: document.canonicalBytes) }
        }
        let most = policyDocument(Array(many.dropLast()), roles: [:])
        #expect(try TrustPolicy(parsing: most.canonicalBytes).keys.count == 256)
    }

    @Test("One public key under two operators is an error, whatever it is written as")
    func twoOperators() throws {
        let key = try Self.key.get()
        func read(_ other: JSON) throws {
            let document = policyDocument([key.entry("a", operator: "acme"), other], roles: [:])
            _ = try TrustPolicy(parsing: document.canonicalBytes)
        }
        #expect(throws: TrustError.self) { try read(key.entry("b", operator: "evil")) }
        #expect(throws: TrustError.self) { try read(key.witnessEntry("b", operator: "evil")) }
        try read(key.entry("b", operator: "acme"))
    }

    @Test("One public key that is revoked in one entry alone is an error")
    func halfRevoked() throws {
        let key = try Self.key.get()
        let revoked = key.entry(
            "b", operator: "acme", [revoked("2026-01-01T00:00:00Z", "superseded")])
        let document = policyDocument([key.entry("a", operator: "acme"), revoked], roles: [:])
        #expect(throws: TrustError.self) { try TrustPolicy(parsing: document.canonicalBytes) }
    }

    @Test("A role takes only keys that can serve it")
    func unsuitableKeys() throws {
        let ed25519 = try Self.key.get()
        let p384 = try Signer(.p384)
        func read(_ key: JSON, _ role: String) throws {
            let document = policyDocument(
                [key], roles: KeyValuePairs(dictionaryLiteral: (role, rule(["k"]))))
            _ = try TrustPolicy(parsing: document.canonicalBytes)
        }
        #expect(throws: TrustError.self) { try read(ed25519.entry("k"), "witness") }
        #expect(throws: TrustError.self) { try read(ed25519.entry("k"), "timestamp") }
        #expect(throws: TrustError.self) { try read(ed25519.witnessEntry("k"), "release") }
        #expect(throws: TrustError.self) { try read(p384.entry("k"), "log") }
        try read(ed25519.witnessEntry("k"), "witness")
        try read(p384.entry("k"), "archive")
    }

    @Test("The file of a key is read by its path and must have the digest that is written")
    func keyFiles() throws {
        let key = try Self.key.get()
        let pem = key.publicKey.pem
        func document(_ digest: SHA256Digest) -> [UInt8] {
            let entry: JSON = [
                "id": "k", "operator": "k", "format": "spki", "file": "keys/k.pem",
                "sha256": JSON(digest.hex),
            ]
            return policyDocument([entry], roles: ["release": rule(["k"])]).canonicalBytes
        }
        let context = PolicyContext { path, _ throws(KeyFileError) in
            guard path == Array("keys/k.pem".utf8) else { throw KeyFileError("no such file") }
            return pem
        }
        let good = document(try SHA256Digest.of(pem))
        #expect(
            try TrustPolicy(parsing: good, in: context).key("k")?.fingerprint
                == key.publicKey.fingerprint)
        #expect(try TrustPolicy(parsing: good, in: context).keyFiles == [pem])
        #expect(throws: TrustError.self) { try TrustPolicy(parsing: good) }
        let other = document(try SHA256Digest.of([]))
        #expect(throws: TrustError.self) { try TrustPolicy(parsing: other, in: context) }
    }

    @Test("An RSA key must name its algorithm")
    func rsaAlgorithm() throws {
        let key = try Signer(sample: "rsa2048")
        let entry: JSON = [
            "id": "k", "operator": "k", "format": "spki", "key": .string(key.publicKey.pem),
        ]
        let document = policyDocument([entry], roles: [:])
        let error = #expect(throws: TrustError.self) {
            try TrustPolicy(parsing: document.canonicalBytes)
        }
        #expect("\(String(describing: error))".contains("keys[0].algorithm"))
    }

    @Test("A policy ends after its last instant, not at it")
    func expiry() throws {
        let policy = try TrustPolicy(parsing: document())
        #expect(try !policy.hasExpired(at: at("2028-01-01T00:00:00Z")))
        #expect(try policy.hasExpired(at: at("2028-01-01T00:00:01Z")))
    }

    @Test(
        "A public key alone is a policy of one key for release and log", arguments: [false, true])
    func single(inDER: Bool) throws {
        let key = try Self.key.get().publicKey
        let policy = try TrustPolicy.single(inDER ? key.spki : key.pem)
        #expect(policy.keys.map(\.operator) == ["key"])
        #expect(Set(policy.roles.keys) == [.release, .log])
        #expect(policy.key("key")?.fingerprint == key.fingerprint)
    }

    @Test("A public key alone that is none is refused, and says why")
    func singleRefused() throws {
        let signer = try Self.key.get()
        #expect(throws: TrustError.key(.isPrivate)) { try TrustPolicy.single(signer.privatePEM) }
        #expect(throws: TrustError.notAPublicKey) { try TrustPolicy.single(Array("hello".utf8)) }
        #expect(throws: TrustError.notAPublicKey) { try TrustPolicy.single([]) }
    }
}
