import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("What a policy was before its changes")
struct EarlierPolicyTests {
    private static let digests = (0..<3).map { String(repeating: "\($0)", count: 64) }

    private func policy(listing earlier: JSON) throws -> TrustPolicy {
        try SignaturesTests.policy(
            [Signer().entry("a")], roles: ["release": rule(["a"])],
            [JSONMember("earlier", earlier)])
    }

    @Test("is listed by the digests of all its bytes, the oldest first, each until its change")
    func succession() throws {
        let first = try TrustPolicy.starting(
            with: [KeyEntry(id: "a", operator: "a", inlining: Signer().publicKey.pem)],
            roles: [RoleEntry(.release)])
        #expect(first.earlier.isEmpty)
        let may = try at("2026-05-01T00:00:00Z")
        let june = try at("2026-06-01T00:00:00Z")
        let second = try first.retiring("a", at: june).succeeding(first, at: may)
        let third = try second.retiring("a", at: may).succeeding(second, at: june)
        #expect(third.version == 3)
        #expect(third.earlier.map(\.digest) == [first.digest, second.digest])
        #expect(third.earlier.map(\.until) == [may, june])
        #expect(third.earlier.map { $0.wasInForce(at: june) } == [false, true])
        #expect(try SHA256Digest.of(second.bytes) == second.digest)
        #expect(try TrustPolicy(parsing: third.bytes).earlier == third.earlier)
    }

    @Test("is listed once, and no more often than a policy may list")
    func limit() throws {
        let most = 4096
        let full = try policy(
            listing: .array(
                try (0..<most).map { JSON(try SHA256Digest.of(Array("\($0)".utf8)).hex) }))
        let now = try at("2026-06-01T00:00:00Z")
        let next = try full.succeeding(full, at: now)
        #expect(next.earlier.count == most)
        #expect(next.earlier.first == full.earlier[1])
        #expect(next.earlier.last?.digest == full.digest)
        let first = try policy(listing: [JSON(Self.digests[1])])
        let again = try first.succeeding(first, at: now).succeeding(first, at: now)
        #expect(again.earlier.map(\.digest.hex) == [Self.digests[1], first.digest.hex])
        #expect(throws: TrustError.self) {
            try policy(
                listing: .array(
                    try (0...most).map { JSON(try SHA256Digest.of(Array("\($0)".utf8)).hex) }))
        }
    }

    @Test("can be written by hand as a digest alone, which has no end")
    func byHand() throws {
        let policy = try policy(
            listing: [JSON(Self.digests[1]), ["sha256": JSON(Self.digests[0])]])
        #expect(policy.earlier.map(\.until) == [nil, nil])
        #expect(try policy.earlier[0].wasInForce(at: at("2099-01-01T00:00:00Z")))
    }

    @Test(
        "is read strictly",
        arguments: [
            ([], "earlier: must hold 1 to 4096"),
            ([JSON(digests[1]), JSON(digests[1])], "earlier[1]: "),
            ([JSON(digests[1]), ["sha256": JSON(digests[1])]], "earlier[1]: "),
            ([JSON("sha256:" + digests[1])], "earlier[0]: "),
            ([["sha256": JSON(digests[1]), "until": "2026-01-01"]], "earlier[0].until: "),
            ([["sha256": JSON(digests[1]), "from": "x"]], "earlier[0].from: unknown member"),
            ([["until": "2026-01-01T00:00:00Z"]], "earlier[0].sha256: required"),
            ([1], "earlier[0]: "),
            (JSON(digests[1]), "earlier: "),
        ] as [(JSON, String)])
    func strict(list: JSON, place: String) throws {
        let error = try #require(throws: TrustError.self) { try policy(listing: list) }
        #expect("\(error)".contains("trust policy: \(place)"), "\(error)")
    }

    @Test("loses the keys that a later policy revokes, in whatever entries and formats they are")
    func hindsight() throws {
        let (lost, other) = try (Signer(), Signer())
        let line = try #require(SSHPublicKey.line(of: lost.publicKey))
        let twin: JSON = [
            "id": "twin", "operator": "a", "format": "ssh", "key": .string(line),
        ]
        let then = try SignaturesTests.policy(
            [lost.entry("a"), twin, other.entry("b")],
            roles: ["release": rule(["a", "twin", "b"])])
        func outcomes(
            _ later: JSON, at instant: String = "2026-06-01T00:00:00Z"
        ) throws -> [Bool] {
            let later = try SignaturesTests.policy([later], roles: [:])
            #expect(later.revokesKeys)
            let known = then.knowing(revocationsOf: later)
            return try [lost, other].map { signer in
                let file = try signer.envelope().encoded
                return try verify(known, asOf: instant).verify(file, as: .dsse, over: seal)
                    .map(\.outcome) == [.accepted]
            }
        }
        // Compromised at any time; otherwise from then on.
        let compromised = lost.entry("x", [revoked("2030-01-01T00:00:00Z", "compromised")])
        #expect(try outcomes(compromised) == [false, true])
        let line2 = entry("x", "ssh", line, [revoked("2030-01-01T00:00:00Z", "compromised")])
        #expect(try outcomes(line2) == [false, true])
        let superseded = lost.entry("x", [revoked("2026-06-01T00:00:00Z", "superseded")])
        #expect(try outcomes(superseded) == [false, true])
        #expect(try outcomes(superseded, at: "2026-05-31T23:59:59Z") == [true, true])
        #expect(!then.revokesKeys)
    }

    @Test("keeps both ends of a key that two policies revoke, also of one part of an entry")
    func bothRevocations() throws {
        let signer = try Signer()
        func policy(_ at: String, _ reason: String) throws -> TrustPolicy {
            try SignaturesTests.policy([signer.entry("a", [revoked(at, reason)])], roles: [:])
        }
        let then = try policy("2026-03-01T00:00:00Z", "superseded")
        let later = try policy("2026-05-01T00:00:00Z", "compromised")
        let key = try #require(then.knowing(revocationsOf: later).keys.first)
        let part = key.narrowed(to: key.material)
        #expect(Set(part.revocations.map(\.reason)) == [.compromised, .superseded])
    }
}
