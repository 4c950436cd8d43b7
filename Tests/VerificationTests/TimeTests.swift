import CloseoutBundles
import CloseoutEncodings
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// docs/trust-policy.md, "Time", on whole bundles: each boundary a second before, at and after it.
@Suite("The time of a signature")
struct TimeTests {
    /// How the release's key is limited, what proves the time of its signature, and what comes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let limit: String
        let proven: String?
        let asOf: String
        let verdict: Verdict

        init(_ limit: String, proven: String? = nil, asOf: String, _ verdict: Verdict) {
            self.limit = limit
            self.proven = proven
            self.asOf = asOf
            self.verdict = verdict
        }

        var testDescription: String { "\(limit), proven \(proven ?? "never"), as of \(asOf)" }
    }

    /// The boundary in question, a second before it and a second after it.
    private static let (before, on, after) = (
        "2026-05-19T23:59:59Z", "2026-05-20T00:00:00Z", "2026-05-20T00:00:01Z"
    )
    private static let late = "2026-06-01T00:00:00Z"

    static let rows: [Row] = [
        Row("not_before", asOf: before, .incomplete), Row("not_before", asOf: on, .verified),
        Row("not_after", asOf: on, .verified), Row("not_after", asOf: after, .incomplete),
        Row("not_before", proven: before, asOf: late, .incomplete),
        Row("not_before", proven: on, asOf: late, .verified),
        Row("not_after", proven: on, asOf: late, .verified),
        Row("not_after", proven: after, asOf: late, .incomplete),
        Row("superseded", asOf: before, .verified), Row("superseded", asOf: on, .failed),
        Row("superseded", proven: before, asOf: late, .verified),
        Row("superseded", proven: on, asOf: late, .failed),
        Row("ceased", asOf: before, .verified), Row("ceased", asOf: on, .failed),
        Row("compromised", asOf: before, .failed), Row("compromised", asOf: late, .failed),
        Row("compromised", proven: before, asOf: late, .verified),
        Row("compromised", proven: on, asOf: late, .failed),
        Row("nothing", proven: late, asOf: after, .incomplete),
        Row("expires", asOf: on, .verified), Row("expires", asOf: after, .incomplete),
    ]

    @Test("counts as the policy's limits, proof and the verification time say", arguments: rows)
    func boundaries(row: Row) async throws {
        try await Bench.run { bench in
            switch row.limit {
            case "not_before":
                bench.limit(window(from: Self.on))
            case "not_after":
                bench.limit(window(to: Self.on))
            case "expires":
                bench.policy.members = [.init("expires", .init(Self.on))]
            case "nothing":
                break
            default:
                bench.limit(revoked(Self.on, row.limit))
            }
            if let proven = row.proven { try bench.witness(at: proven) }
            bench.request.asOf = try at(row.asOf)
            bench.request.isAsOfGiven = true
            let report = try await bench.verify()
            #expect(report.verdict == row.verdict, "\(report.problems)")
            #expect(report.headline.contains("as of \(row.asOf)"))
        }
    }

    @Test("is not proven by a witness of the signer's own operator")
    func ownWitness() async throws {
        try await Bench.run { bench in
            bench.limit(window(to: Self.on))
            try bench.witness(at: Self.before, operator: "acme-release")
            #expect(try await bench.verify().verdict == .incomplete)
        }
    }

    @Test("is not proven by a checkpoint that does not commit the signature's entry")
    func uncommittedThen() async throws {
        try await Bench.run { bench in
            bench.limit(window(to: Self.on))
            let witness = try KeyPair()
            bench.policy.keys.append(try witness.witness("witness-1", "acme-witness"))
            bench.policy.roles["witness"] = rule("witness-1")
            let lines = try bench.logLines()
            let early = try bench.note(
                over: 4, of: lines, by: bench.log,
                witnesses: [("witness-1", witness, Self.before)])
            try bench.smuggle(
                early.encoded, .timestamp, as: "timestamps/checkpoint-4.note", MediaType.note.name)
            try bench.commit(witnesses: [("witness-1", witness, Self.after)])
            #expect(try await bench.verify().verdict == .incomplete)
        }
    }

    @Test("stays proven by a stored checkpoint that an earlier witness saw")
    func storedCheckpoint() async throws {
        try await Bench.run { bench in
            bench.limit(window(to: Self.on))
            let witness = try KeyPair()
            bench.policy.keys.append(try witness.witness("witness-1", "acme-witness"))
            bench.policy.roles["witness"] = rule("witness-1")
            let early = try bench.note(
                over: 5, of: try bench.logLines(), by: bench.log,
                witnesses: [("witness-1", witness, Self.before)])
            try bench.smuggle(
                early.encoded, .timestamp, as: "timestamps/checkpoint-5.note", MediaType.note.name)
            try bench.commit(witnesses: [("witness-1", witness, Self.after)])
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(report.signatures.first?.provenTime == (try at(Self.before)))
        }
    }
}

extension Bench {
    /// Gives the release's key a window or a revocation.
    fileprivate mutating func limit(_ members: [JSONMember]) {
        policy.keys[0] = release.entry("release-2026", "acme-release", members)
    }
}
