import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Thresholds")
struct ThresholdTests {
    private func tally(
        _ policy: TrustPolicy, _ files: [([UInt8], SignatureFormat)], release: String = "payments",
        _ role: Role = .release
    ) throws -> RoleTally {
        let verifier = SignatureVerifier(
            policy: policy, asOf: try at("2026-06-01T00:00:00Z"), release: release)
        var results: [SignatureResult] = []
        for (file, format) in files {
            results += try verifier.verify(file, as: format, over: seal)
        }
        return try #require(verifier.tally(role, results))
    }

    @Test("Two keys of one operator count once")
    func twoKeysOfOneOperator() throws {
        let (a, b, c) = try (Signer(), Signer(), Signer())
        let policy = try policy(
            [a.entry("a", operator: "x"), b.entry("b", operator: "x"), c.entry("c")],
            roles: ["release": rule(["a", "b", "c"], threshold: 2)])
        let ofX = try [a, b].map { (try $0.sign(seal.bytes), SignatureFormat.raw) }
        #expect(try !tally(policy, ofX).isMet)
        #expect(try tally(policy, ofX).operators == ["x"])
        let withC = try tally(policy, ofX + [(c.envelope().encoded, .dsse)])
        #expect(withC.isMet)
        #expect(withC.operators == ["c", "x"])
    }

    @Test("One key counts once, in however many formats and files it signs")
    func oneKeyManyFormats() throws {
        let (a, b) = try (Signer(), Signer())
        let policy = try policy(
            [a.entry("a"), b.entry("b")], roles: ["release": rule(["a", "b"], threshold: 2)])
        let raw = try a.sign(seal.bytes)
        let files: [([UInt8], SignatureFormat)] = [
            (raw, .raw), (Base64.encode(raw), .rawBase64),
            (Array("vault:v1:".utf8) + Base64.encode(raw), .vault),
            (try a.envelope().encoded, .dsse),
        ]
        #expect(try tally(policy, files).operators == ["a"])
        #expect(try !tally(policy, files).isMet)
    }

    @Test("One key in two entries counts once, for the roles of both")
    func oneKeyTwoEntries() throws {
        let a = try Signer()
        let policy = try policy(
            [a.entry("a1", operator: "x"), a.entry("a2", operator: "x")],
            roles: ["release": rule(["a1"], threshold: 1), "archive": rule(["a2"], threshold: 1)])
        let file = (try a.sign(seal.bytes), SignatureFormat.raw)
        #expect(try tally(policy, [file], .release).operators == ["x"])
        #expect(try tally(policy, [file], .archive).operators == ["x"])
    }

    @Test("A rule for some releases leaves the signatures of others uncounted")
    func otherRelease() throws {
        let a = try Signer()
        let releases = [JSONMember("releases", ["payments", "acme/ledger"])]
        let policy = try policy([a.entry("a")], roles: ["release": rule(["a"], releases)])
        let file = (try a.sign(seal.bytes), SignatureFormat.raw)
        #expect(try tally(policy, [file], release: "payments").isMet)
        #expect(try tally(policy, [file], release: "acme/ledger").isMet)
        for other in ["pay", "payments2", "Payments", "acme", "ledger"] {
            let tally = try tally(policy, [file], release: other)
            #expect(!tally.isMet)
            #expect(tally.isForOtherReleases)
        }
    }

    @Test("A key that serves another role alone does not count for this one")
    func otherRole() throws {
        let (a, b) = try (Signer(), Signer())
        let policy = try policy(
            [a.entry("a"), b.entry("b")], roles: ["release": rule(["a"]), "archive": rule(["b"])])
        let file = (try b.sign(seal.bytes), SignatureFormat.raw)
        #expect(try !tally(policy, [file], .release).isMet)
        #expect(try tally(policy, [file], .archive).isMet)
    }

    @Test("A threshold is failed by refused signatures and merely missed by absent ones")
    func missedByRefusal() throws {
        let (a, b) = try (Signer(), Signer())
        let policy = try policy(
            [
                a.entry("a"), b.entry("b", [revoked("2026-01-01T00:00:00Z", "superseded")]),
            ], roles: ["release": rule(["a", "b"], threshold: 2)])
        let ofA = (try a.sign(seal.bytes), SignatureFormat.raw)
        let ofB = (try b.sign(seal.bytes), SignatureFormat.raw)
        #expect(try !tally(policy, [ofA]).isMissedByRefusal)
        let both = try tally(policy, [ofA, ofB])
        #expect(both.isMissedByRefusal)
        #expect(both.operators == ["a"])
        #expect(both.refusedOperators == ["b"])
    }

    @Test("A refused signature harms nothing where the threshold is met without it")
    func refusalWithoutHarm() throws {
        let (a, b) = try (Signer(), Signer())
        let policy = try policy(
            [a.entry("a"), b.entry("b", [revoked("2026-01-01T00:00:00Z", "compromised")])],
            roles: ["release": rule(["a", "b"])])
        let tally = try tally(
            policy, [a, b].map { (try $0.sign(seal.bytes), SignatureFormat.raw) })
        #expect(tally.isMet)
        #expect(!tally.isMissedByRefusal)
    }
}
