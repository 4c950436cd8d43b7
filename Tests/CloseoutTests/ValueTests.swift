import Closeout
import CloseoutTestSupport
import Testing

@Suite("Values of the library")
struct ValueTests {
    @Test("instants and digests have one form as text")
    func text() throws {
        let instant = try #require(Instant("2026-12-01T12:00:00Z"))
        #expect(instant.description == "2026-12-01T12:00:00Z")
        #expect(Instant(secondsSince1970: instant.secondsSince1970) == instant)
        #expect(Instant("2026-12-01") == nil)
        #expect(try #require(Instant("2026-12-01T12:00:01Z")) > instant)
        let hex = String(repeating: "0f", count: 32)
        let digest = try #require(SHA256Digest(hex: hex))
        #expect(digest.description == hex)
        #expect(digest.bytes == [UInt8](repeating: 15, count: 32))
        #expect(SHA256Digest(hex: hex.uppercased()) == nil)
    }

    @Test("a release is a name and a version")
    func release() throws {
        let release = try Release("team/payments@1.4.0")
        #expect(release.name == "team/payments")
        #expect(release.version == "1.4.0")
        #expect(release.description == "team/payments@1.4.0")
        let error = #expect(throws: FormatError.self) { try Release("payments") }
        #expect(error?.description.hasPrefix("release: ") == true)
    }

    @Test("keys are known by their fingerprint, and a private key is never taken for a public one")
    func keys() throws {
        let folder = repositoryRoot + "/keys-sample"
        let key = try PublicKey(parsing: readFile(folder + "/p256.pub.pem"))
        #expect(key.kind == "p256")
        #expect(try PublicKey(parsing: key.pem) == key)
        #expect(key.fingerprint.bytes.count == 32)
        #expect(SignatureAlgorithm(impliedBy: key) == .ecdsaP256SHA256)
        #expect(throws: KeyError.isPrivate) {
            try PublicKey(parsing: readFile(folder + "/p256.pem"))
        }
        let error = #expect(throws: KeyError.self) { try PublicKey(parsing: Array("no".utf8)) }
        #expect(error?.description.hasPrefix("not a key: ") == true)
    }

    @Test("formats and algorithms are found by the names that policies and reports use")
    func names() throws {
        #expect(SignatureFormat.all.count == 14)
        for format in SignatureFormat.all {
            #expect(SignatureFormat(named: format.description) == format)
        }
        #expect(SignatureFormat(named: "none") == nil)
        for algorithm in [
            SignatureAlgorithm.ed25519, .ecdsaP256SHA256, .ecdsaP384SHA384, .rsaPSSSHA256,
        ] {
            #expect(SignatureAlgorithm(named: algorithm.description) == algorithm)
        }
        #expect(SignatureAlgorithm(named: "sha1") == nil)
    }

    @Test("a policy is pinned by its digest, and one that is not of its form names the place")
    func policy() throws {
        let bytes = try readFile(repositoryRoot + "/fixtures/released/plain/trust.json")
        let policy = try TrustPolicy(parsing: bytes)
        #expect(policy.version >= 1)
        #expect(policy.digest.description.count == 64)
        let error = #expect(throws: TrustError.self) {
            try TrustPolicy(parsing: Array(#"{"kind":"closeout/trust/v1"}"#.utf8))
        }
        #expect(error?.description.hasPrefix("trust policy: ") == true)
        let sample = try PublicKey(
            parsing: readFile(repositoryRoot + "/keys-sample/ed25519.pub.pem"))
        #expect(throws: TrustError.self) { try TrustPolicy(trusting: Array("no key".utf8)) }
        #expect(try TrustPolicy.trusting(sample).expires == nil)
    }

    @Test("criteria are a file or a profile")
    func criteria() throws {
        let profile = try Criteria(profile: "final-closeout")
        #expect(profile.id == "final-closeout")
        #expect(profile.digest.bytes.count == 32)
        let error = #expect(throws: FormatError.self) { try Criteria(profile: "none") }
        #expect(error?.description.contains("final-closeout") == true)
        #expect(throws: FormatError.self) { try Criteria(parsing: []) }
        #expect(throws: FormatError.self) { try Checkpoint(parsing: []) }
    }
}
