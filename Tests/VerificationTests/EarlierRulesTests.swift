import CloseoutBundles
import CloseoutEncodings
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A decision by earlier rules")
struct EarlierRulesTests {
    @Test("is not recomputed and never wrong for that; what the present rules give is beside it")
    func beside() async throws {
        for forged in [false, true] {
            try await Bench.run { bench in
                let dora = try bench.hireDecider()
                try await bench.close(by: dora) { draft in
                    draft.rules = .v1
                    if forged { draft.outcome = .readyWithAcceptedRisk }
                }
                let report = try await bench.verify()
                #expect(report.verdict == .verified, "\(report.problems)")
                let recorded = try #require(report.decision?.recorded.last)
                #expect(recorded.status == .notApplicable)
                #expect(recorded.reason.hasPrefix("decided by rules v1, and by rules v2 "))
                #expect(recorded.rules == "decide/v1")
                #expect(recorded.byPresentRules == .readyForRelease)
                #expect(recorded.outcome == (forged ? .readyWithAcceptedRisk : .readyForRelease))
                #expect(recorded.operators == ["dora"])
            }
        }
    }

    @Test("says nothing of the present rules where what they need is not at hand")
    func withoutInputs() async throws {
        try await Bench.run { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { $0.rules = .v1 }
            bench.criteria = nil
            let recorded = try #require(try await bench.verify().decision?.recorded.last)
            #expect(recorded.status == .notApplicable)
            #expect(recorded.reason.hasPrefix("decided by rules v1; no criteria were given"))
            #expect(recorded.byPresentRules == nil)
        }
    }

    @Test("fails as any other where its log or what it computed is another")
    func wrong() async throws {
        try await Bench.run { bench in
            let dora = try bench.hireDecider()
            try await bench.close(by: dora) { draft in
                draft.rules = .v1
                draft.log = LogPrefix(size: draft.log.size, root: try bench.sealDigest())
            }
            let report = try await bench.verify()
            #expect(report.verdict == .failed && report.tells(.decisionPrefix, .fail))
        }
        try await Bench.run { bench in
            let dora = try bench.hireDecider()
            let summary = try bench.store(summaryOf: 7)
            try await bench.close(by: dora) { draft in
                draft.rules = .v1
                draft.links = [(ReleaseDecision.summary, summary)]
            }
            let report = try await bench.verify()
            #expect(report.verdict == .failed && report.tells(.decisionComputed, .fail))
        }
    }
}
