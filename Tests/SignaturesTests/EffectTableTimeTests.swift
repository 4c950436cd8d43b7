import CloseoutEncodings
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// A key's history, an instant of judgement, what is proven, and what must come of it.
struct TimeCase: Sendable, CustomTestStringConvertible {
    enum Outcome: String, Sendable { case accepted, revoked, outsideWindow, timeUnknown, other }

    let testDescription: String
    let members: [JSONMember]
    let asOf: String
    var proven: String?
    var by = "witness"
    let expected: Outcome

    init(
        _ history: String, _ members: [JSONMember], at asOf: String, proven: String? = nil,
        by name: String = "witness", _ expected: Outcome
    ) {
        testDescription = "\(history), judged at \(asOf), proven \(proven ?? "nothing") by \(name)"
        self.members = members
        self.asOf = asOf
        self.proven = proven
        self.by = name
        self.expected = expected
    }
}

extension TimeCase {
    static let all = windows + provenWindows + superseded + compromised + combined

    private static let start = "2026-01-01T00:00:00Z"
    private static let beforeStart = "2025-12-31T23:59:59Z"
    private static let end = "2027-01-01T00:00:00Z"
    private static let afterEnd = "2027-01-01T00:00:01Z"
    private static let late = "2029-06-01T00:00:00Z"
    private static let turn = "2026-09-01T00:00:00Z"
    private static let beforeTurn = "2026-08-31T23:59:59Z"
    private static let window = [member("not_before", start), member("not_after", end)]

    private static let windows = [
        TimeCase("2026", window, at: beforeStart, .timeUnknown),
        TimeCase("2026", window, at: start, .accepted),
        TimeCase("2026", window, at: end, .accepted),
        TimeCase("2026", window, at: afterEnd, .timeUnknown),
        TimeCase("2026", window, at: late, .timeUnknown),
        TimeCase("from 2026", [member("not_before", start)], at: late, .accepted),
        TimeCase("to 2027", [member("not_after", end)], at: beforeStart, .accepted),
        TimeCase("to 2027", [member("not_after", end)], at: late, .timeUnknown),
        TimeCase("any time", [], at: late, .accepted),
    ]

    private static let provenWindows = [
        TimeCase("2026", window, at: late, proven: beforeStart, .outsideWindow),
        TimeCase("2026", window, at: late, proven: start, .accepted),
        TimeCase("2026", window, at: late, proven: end, .accepted),
        TimeCase("2026", window, at: late, proven: afterEnd, .timeUnknown),
        TimeCase("2026", window, at: late, proven: late, .timeUnknown),
        TimeCase("2026", window, at: afterEnd, proven: end, .accepted),
        TimeCase("2026", window, at: turn, proven: turn, .accepted),
        TimeCase("2026", window, at: beforeTurn, proven: turn, .timeUnknown),
        TimeCase("2026", window, at: late, proven: turn, by: "acme", .timeUnknown),
        TimeCase("any time", [], at: beforeTurn, proven: turn, .timeUnknown),
    ]

    private static let superseded = ["superseded", "ceased"].flatMap { reason in
        let history = [revoked(turn, reason)]
        return [
            TimeCase(reason, history, at: beforeTurn, .accepted),
            TimeCase(reason, history, at: turn, .revoked),
            TimeCase(reason, history, at: late, .revoked),
            TimeCase(reason, history, at: late, proven: beforeTurn, .accepted),
            TimeCase(reason, history, at: late, proven: turn, .revoked),
            TimeCase(reason, history, at: late, proven: beforeTurn, by: "acme", .revoked),
            TimeCase(reason, history, at: beforeTurn, proven: turn, .timeUnknown),
        ]
    }

    private static let compromised = [
        TimeCase("compromised", broken, at: beforeStart, .revoked),
        TimeCase("compromised", broken, at: beforeTurn, .revoked),
        TimeCase("compromised", broken, at: late, .revoked),
        TimeCase("compromised", broken, at: late, proven: beforeTurn, .accepted),
        TimeCase("compromised", broken, at: late, proven: turn, .revoked),
        TimeCase("compromised", broken, at: beforeTurn, proven: turn, .revoked),
        TimeCase("compromised", broken, at: beforeTurn, proven: beforeTurn, .accepted),
        TimeCase("compromised", broken, at: late, proven: beforeTurn, by: "acme", .revoked),
    ]
    private static let broken = [revoked(turn, "compromised")]

    private static let combined = [
        TimeCase("2026, superseded", window + [revoked(turn, "superseded")], at: late, .revoked),
        TimeCase(
            "2026, superseded", window + [revoked(turn, "superseded")], at: late,
            proven: beforeTurn, .accepted),
        TimeCase(
            "2026, compromised", window + broken, at: late, proven: beforeTurn, .accepted),
        TimeCase("2026, compromised", window + broken, at: late, proven: turn, .revoked),
        TimeCase(
            "2026, compromised", window + broken, at: late, proven: beforeStart, .outsideWindow),
        TimeCase("2026, compromised", window + broken, at: turn, .revoked),
    ]
}

@Suite("The time rules, before and after each boundary, in every format", .requires("openssl"))
struct EffectTableTimeTests {
    @Test("A key's history and what is proven decide alike", arguments: SigningFormat.all)
    func timeRules(format: SigningFormat) async throws {
        let signer = try await format.signer()
        let file = try signer.file(over: seal)
        for item in TimeCase.all {
            let policy = try policy(
                [signer.entry("k", operator: "acme", item.members)],
                roles: ["release": rule(["k"])])
            let proofs = try item.proven.map { [try proof($0, by: item.by)] } ?? []
            let results = try verify(policy, asOf: item.asOf).verify(
                file, as: format.format, over: seal, proofs: proofs)
            #expect(results.map { outcome($0) } == [item.expected], "\(item.testDescription)")
        }
    }

    @Test(
        "The earliest proof counts, also beside one that is too late", arguments: SigningFormat.all)
    func earliest(format: SigningFormat) async throws {
        let signer = try await format.signer()
        let policy = try policy(
            [signer.entry("k", operator: "acme", [member("not_after", "2027-01-01T00:00:00Z")])],
            roles: ["release": rule(["k"])])
        let proofs = try [
            proof("2028-01-01T00:00:00Z"), proof("2026-01-01T00:00:00Z"),
            proof("2025-01-01T00:00:00Z", by: "acme"),
        ]
        let results = try verify(policy, asOf: "2029-01-01T00:00:00Z").verify(
            signer.file(over: seal), as: format.format, over: seal, proofs: proofs)
        #expect(results.map(\.outcome) == [.accepted])
        #expect(results.map(\.timeProof) == [proofs[1]])
    }

    private func outcome(_ result: SignatureResult) -> TimeCase.Outcome {
        switch result.outcome {
        case .accepted: .accepted
        case .revoked: .revoked
        case .outsideWindow: .outsideWindow
        case .timeUnknown: .timeUnknown
        default: .other
        }
    }
}
