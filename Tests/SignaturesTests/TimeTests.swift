import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import Testing

@Suite("The time of a signature")
struct TimeTests {
    /// What comes of a signature by a key with these members, judged at T with proofs.
    private func outcome(
        _ members: [JSONMember], asOf: String, proven: [String] = [], by operators: [String] = []
    ) throws -> SignatureResult.Outcome {
        let signer = try Signer()
        let policy = try policy(
            [signer.entry("k", operator: "acme", members)], roles: ["release": rule(["k"])])
        let proofs = try proven.enumerated().map { index, instant in
            TimeProof(
                instant: try at(instant), source: .witness(keyID: "w"),
                operator: operators.indices.contains(index) ? operators[index] : "witness")
        }
        let verifier = try verify(policy, asOf: asOf)
        let results = try verifier.verify(
            signer.sign(seal.bytes), as: .raw, over: seal, proofs: proofs)
        return try #require(results.first?.outcome)
    }

    private enum Kind: Equatable { case accepted, revoked, outsideWindow, timeUnknown, other }

    private func kind(
        _ members: [JSONMember], asOf: String, proven: [String] = [], by operators: [String] = []
    ) throws -> Kind {
        switch try outcome(members, asOf: asOf, proven: proven, by: operators) {
        case .accepted: .accepted
        case .revoked: .revoked
        case .outsideWindow: .outsideWindow
        case .timeUnknown: .timeUnknown
        default: .other
        }
    }

    private let window = [
        member("not_before", "2026-01-01T00:00:00Z"), member("not_after", "2027-01-01T00:00:00Z"),
    ]

    @Test("A window is closed on both ends")
    func windowEnds() throws {
        #expect(try kind(window, asOf: "2025-12-31T23:59:59Z") == .timeUnknown)
        #expect(try kind(window, asOf: "2026-01-01T00:00:00Z") == .accepted)
        #expect(try kind(window, asOf: "2027-01-01T00:00:00Z") == .accepted)
        #expect(try kind(window, asOf: "2027-01-01T00:00:01Z") == .timeUnknown)
    }

    @Test("After the end of its key a signature counts if it is proven to be from before")
    func expiredWithProof() throws {
        let inTime = ["2026-06-01T00:00:00Z"]
        #expect(try kind(window, asOf: "2029-01-01T00:00:00Z") == .timeUnknown)
        #expect(try kind(window, asOf: "2029-01-01T00:00:00Z", proven: inTime) == .accepted)
        let late = ["2028-01-01T00:00:00Z"]
        #expect(try kind(window, asOf: "2029-01-01T00:00:00Z", proven: late) == .timeUnknown)
        #expect(
            try kind(window, asOf: "2029-01-01T00:00:00Z", proven: late + inTime) == .accepted)
    }

    @Test("The reason names the instant before which it would have to be signed")
    func reason() throws {
        let reason = try outcome(window, asOf: "2029-01-01T00:00:00Z").reason
        #expect(reason.contains("it is unknown whether it was signed before 2027-01-01T00:00:00Z"))
    }

    @Test("A signature that is proven to be older than its key's window is refused")
    func provenTooEarly() throws {
        let early = ["2025-06-01T00:00:00Z"]
        #expect(try kind(window, asOf: "2026-06-01T00:00:00Z", proven: early) == .outsideWindow)
    }

    @Test("A proof later than the verification time leaves the time unknown")
    func proofAfterJudgement() throws {
        let later = ["2026-08-01T00:00:00Z"]
        #expect(try kind(window, asOf: "2026-06-01T00:00:00Z", proven: later) == .timeUnknown)
        #expect(try kind([], asOf: "2026-08-01T00:00:00Z", proven: later) == .accepted)
    }

    @Test("A proof by the signer's own operator proves nothing")
    func ownProof() throws {
        let inTime = ["2026-06-01T00:00:00Z"]
        #expect(
            try kind(window, asOf: "2029-01-01T00:00:00Z", proven: inTime, by: ["acme"])
                == .timeUnknown)
        #expect(
            try kind(
                window, asOf: "2029-01-01T00:00:00Z",
                proven: inTime + ["2026-07-01T00:00:00Z"], by: ["acme", "witness"]) == .accepted)
    }

    @Test(
        "A revoked key's signature counts if it is proven to be older, and at earlier instants",
        arguments: ["superseded", "ceased"])
    func revocation(reason: String) throws {
        let revocation = [revoked("2026-09-01T00:00:00Z", reason)]
        let older = ["2026-08-31T23:59:59Z"]
        let younger = ["2026-09-01T00:00:00Z"]
        #expect(try kind(revocation, asOf: "2026-08-31T23:59:59Z") == .accepted)
        #expect(try kind(revocation, asOf: "2026-09-01T00:00:00Z") == .revoked)
        #expect(try kind(revocation, asOf: "2027-01-01T00:00:00Z", proven: older) == .accepted)
        #expect(try kind(revocation, asOf: "2027-01-01T00:00:00Z", proven: younger) == .revoked)
        #expect(try kind(revocation, asOf: "2026-08-31T23:59:59Z", proven: younger) == .timeUnknown)
    }

    @Test("A compromised key's signature fails at every instant unless it is proven to be older")
    func compromise() throws {
        let revocation = [revoked("2026-09-01T00:00:00Z", "compromised")]
        let older = ["2026-08-31T23:59:59Z"]
        let younger = ["2026-09-01T00:00:00Z"]
        #expect(try kind(revocation, asOf: "2026-01-01T00:00:00Z") == .revoked)
        #expect(try kind(revocation, asOf: "2027-01-01T00:00:00Z") == .revoked)
        #expect(try kind(revocation, asOf: "2027-01-01T00:00:00Z", proven: older) == .accepted)
        #expect(try kind(revocation, asOf: "2027-01-01T00:00:00Z", proven: younger) == .revoked)
        #expect(try kind(revocation, asOf: "2026-01-01T00:00:00Z", proven: younger) == .revoked)
    }

    @Test("A retired key and its successor both verify what they signed in their time")
    func rotation() throws {
        let (old, new) = try (Signer(), Signer())
        let policy = try policy(
            [
                old.entry("old", operator: "acme", [member("not_after", "2026-01-01T00:00:00Z")]),
                new.entry("new", operator: "acme", [member("not_before", "2026-01-01T00:00:00Z")]),
            ], roles: ["release": rule(["old", "new"])])
        let verifier = try verify(policy, asOf: "2026-06-01T00:00:00Z")
        let proof = TimeProof(
            instant: try at("2025-06-01T00:00:00Z"), source: .witness(keyID: "w"), operator: "w")
        let ofOld = try verifier.verify(
            old.sign(seal.bytes), as: .raw, over: seal, proofs: [proof])
        let ofNew = try verifier.verify(new.sign(seal.bytes), as: .raw, over: seal)
        #expect((ofOld + ofNew).map(\.outcome) == [.accepted, .accepted])
    }

    @Test("One key in two entries counts in the window of either")
    func twoWindows() throws {
        let signer = try Signer()
        let policy = try policy(
            [
                signer.entry("first", operator: "x", [member("not_after", "2026-01-01T00:00:00Z")]),
                signer.entry(
                    "second", operator: "x", [member("not_before", "2026-01-01T00:00:00Z")]),
            ], roles: ["release": rule(["first"]), "archive": rule(["second"])])
        let results = try verify(policy, asOf: "2026-06-01T00:00:00Z").verify(
            signer.sign(seal.bytes), as: .raw, over: seal)
        #expect(results.map(\.outcome) == [.accepted])
        #expect(results.map(\.key?.id) == ["second"])
        #expect(results.map(\.roles) == [[.archive]])
    }
}
