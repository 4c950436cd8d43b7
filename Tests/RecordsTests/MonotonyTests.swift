import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("No state of evidence")
struct MonotonyTests {
    /// The records of a story to which others link.
    private struct Told {
        var requests: [SHA256Digest] = []
        var holds: [SHA256Digest] = []
        var acceptances: [SHA256Digest] = []
        var dryRuns: [SHA256Digest] = []
        var reviews: [SHA256Digest] = []
        /// Denials and revocations.
        var noes: [SHA256Digest] = []
    }

    /// A story of random records, links and signatures.
    private func story(_ random: inout some RandomNumberGenerator) throws -> Story {
        var story = Story()
        story.thresholds[.retention] = Int.random(in: 1...2, using: &random)
        var reported = Told()
        let failed = try story.add(delivery(.failed))
        let planned = try story.add(plan(), [("delivery", failed)])
        for _ in 0..<Int.random(in: 1...16, using: &random) {
            let undone = reported.noes.filter { _ in Bool.random(using: &random) }
                .map { ("supersedes", $0) }
            let kind = Int.random(in: 0..<11, using: &random)
            let added =
                kind < 5
                ? try addRetention(kind, to: &story, &reported, undone, &random)
                : try addOther(kind, to: &story, &reported, planned, undone, &random)
            if added { try sign(&story, &random) }
        }
        return story
    }

    private func addRetention(
        _ kind: Int, to story: inout Story, _ reported: inout Told,
        _ undone: [(String, SHA256Digest)],
        _ random: inout some RandomNumberGenerator
    ) throws -> Bool {
        if kind < 2 {
            let year = Int.random(in: 2030...2040, using: &random)
            let asked = try request(
                until: year == 2040 ? nil : "\(year)-01-01T00:00:00Z",
                mode: RetentionRequest.Mode.allCases.randomElement(using: &random))
            reported.requests.append(try story.add(asked, undone))
            return true
        }
        guard let asked = reported.requests.randomElement(using: &random) else { return false }
        if kind < 4 {
            try story.add(decision(.approved), [("request", asked)] + undone)
        } else {
            reported.noes.append(try story.add(decision(.denied), [("request", asked)]))
        }
        return true
    }

    private func addOther(
        _ kind: Int, to story: inout Story, _ reported: inout Told, _ planned: SHA256Digest,
        _ undone: [(String, SHA256Digest)], _ random: inout some RandomNumberGenerator
    ) throws -> Bool {
        switch kind {
        case 5:
            if let placed = reported.holds.randomElement(using: &random) {
                let matter = ["m", "n"].randomElement(using: &random) ?? "m"
                try story.add(release(matter), [("placement", placed)])
            } else {
                reported.holds.append(try story.add(placement()))
            }
        case 6:
            reported.acceptances.append(
                try story.add(
                    acceptance(["f", "g"].randomElement(using: &random) ?? "f"),
                    [("evidence", try RecordsTests.digest("e"))] + undone))
        case 7:
            guard let accepted = reported.acceptances.randomElement(using: &random) else {
                return false
            }
            reported.noes.append(try story.add(revocation, [("acceptance", accepted)]))
        case 8:
            reported.dryRuns.append(
                try story.add(
                    run(.dryRun), [("plan", planned)],
                    makes: Bool.random(using: &random) ? "m" : nil)
            )
        case 9:
            guard let dryRun = reported.dryRuns.randomElement(using: &random) else { return false }
            let isYes = Int.random(in: 0..<3, using: &random) > 0
            let review = Record.Body.retryReview(
                RetryReview(isYes ? .approved : .denied, reason: nil))
            let digest = try story.add(review, [("run", dryRun)] + undone)
            if isYes { reported.reviews.append(digest) } else { reported.noes.append(digest) }
        default:
            guard let review = reported.reviews.randomElement(using: &random) else { return false }
            try story.add(run(.live), [("plan", planned), ("review", review)])
        }
        return true
    }

    /// Signs the last record, or one before it.
    private func sign(_ story: inout Story, _ random: inout some RandomNumberGenerator) throws {
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            let record =
                Int.random(in: 0..<4, using: &random) > 0
                ? story.records.last : story.records.randomElement(using: &random)
            guard let record else { return }
            let needed = record.record.signingRules.flatMap(\.roles)
            let isNeeded = Int.random(in: 0..<5, using: &random) > 0
            let hand = Story.Hand(
                name: ["a", "b", "c"].randomElement(using: &random) ?? "a",
                role: (isNeeded ? needed : Role.signingRecords).randomElement(using: &random)
                    ?? .hold)
            try story.sign(record.digest, by: hand)
        }
    }

    /// That nothing which speaks for the release is in the second state only, and nothing which
    /// speaks against it in the first only.
    private func expectNoBetter(_ later: EvidenceState, than earlier: EvidenceState) {
        #expect(earlier.retention.isApproved || !later.retention.isApproved)
        #expect(
            Set(later.retention.approved.map(\.record.digest))
                .isSubset(of: earlier.retention.approved.map(\.record.digest)))
        #expect(
            Set(earlier.retention.denials).isSubset(of: later.retention.denials))
        for (hold, before) in zip(later.holds, earlier.holds) {
            #expect(hold.isHeld || !before.isHeld)
        }
        for (item, before) in zip(later.acceptances, earlier.acceptances) {
            #expect(item.status != .accepted || before.status == .accepted)
        }
        func shortened(_ state: EvidenceState) -> Set<SHA256Digest> {
            Set(
                state.issues.filter { if case .shortened = $0.problem { true } else { false } }
                    .map(\.record))
        }
        #expect(shortened(earlier).isSubset(of: shortened(later)))
        func weakened(_ state: EvidenceState) -> Set<SHA256Digest> {
            Set(state.retention.items.filter { $0.weakening != nil }.map(\.record.digest))
        }
        #expect(weakened(earlier).isSubset(of: weakened(later)))
        func unreviewed(_ state: EvidenceState) -> Set<SHA256Digest> {
            Set(
                state.issues.filter { if case .notReviewed = $0.problem { true } else { false } }
                    .map(\.record))
        }
        #expect(unreviewed(earlier).isSubset(of: unreviewed(later)))
    }

    @Test("improves because signatures cease to count, or because time passes")
    func ageing() throws {
        var random = SplitMix64(seed: 11)
        var approved = 0
        var accepted = 0
        for _ in 0..<1000 {
            let story = try story(&random)
            let now = try story.state()
            approved += now.retention.isApproved ? 1 : 0
            accepted += now.acceptances.count { $0.status == .accepted }
            var gone: Set<String> = []
            for index in story.records.indices {
                for role in Role.signingRecords {
                    for name in ["a", "b", "c"] where Int.random(in: 0..<4, using: &random) == 0 {
                        gone.insert("\(index) \(role) \(name)")
                    }
                }
            }
            let aged = story.without { gone.contains("\($0) \($1) \($2)") }
            expectNoBetter(try aged.state(), than: now)
            expectNoBetter(try story.state(asOf: "2030-01-01T00:00:00Z"), than: now)
        }
        // The property says something only where much is approved and accepted.
        #expect(approved > 20 && accepted > 50)
    }

    @Test("improves because signatures come later than they did")
    func lateness() throws {
        var random = SplitMix64(seed: 13)
        var reviewed = 0
        for _ in 0..<400 {
            let story = try story(&random)
            let now = try story.state()
            reviewed += now.retries.runs.count { $0.ruling.isApproved }
            let isLate = story.records.map { _ in Int.random(in: 0..<3, using: &random) == 0 }
            expectNoBetter(try story.late { isLate[$0] }.state(), than: now)
        }
        #expect(reviewed > 10)
    }

    @Test("improves because of a record that speaks against the release")
    func against() throws {
        var random = SplitMix64(seed: 14)
        for _ in 0..<400 {
            let story = try story(&random)
            let now = try story.state()
            for (index, record) in story.records.enumerated() where record.isAgainst {
                expectNoBetter(now, than: try story.without(record: index).state())
            }
        }
    }

    @Test("is other than a function of records, signatures and the verification time")
    func deterministic() throws {
        var random = SplitMix64(seed: 12)
        for _ in 0..<100 {
            let story = try story(&random)
            #expect(try story.state() == story.state())
            #expect(try story.state().issues == story.state().issues)
        }
    }
}

extension SignedRecord {
    /// Whether it speaks against the release: a denial or a revocation.
    fileprivate var isAgainst: Bool {
        switch record.body {
        case .retentionDecision(let decision): decision.decision == .denied
        case .retryReview(let review): review.decision == .denied
        case .riskAcceptance(.revoke): true
        default: false
        }
    }
}
