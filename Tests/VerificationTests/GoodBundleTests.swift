import CloseoutEncodings
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A good bundle")
struct GoodBundleTests {
    @Test("is verified, with every check reported and none that is wrong or unknown")
    func verified() async throws {
        try await Bench.run { bench in
            let report = try await bench.verify()
            #expect(report.verdict == .verified, "\(report.problems)")
            #expect(report.problems.isEmpty)
            #expect(Set(report.findings.map(\.id)) == Set(CheckID.allCases))
        }
    }

    @Test(
        "is never verified once any check's pass is taken out of the findings",
        arguments: CheckID.allCases)
    func everyCheckCounts(id: CheckID) async throws {
        try await Bench.run { bench in
            let good = try await bench.verify()
            let fewer = Report(
                subject: .bundle, release: good.release, signatures: good.signatures,
                evidence: nil, logSize: good.logSize, asOf: good.asOf, isAsOfGiven: false,
                policy: good.policy,
                notLookedAt: [], findings: good.findings.filter { $0.id != id },
                decision: good.decision)
            #expect(fewer.verdict == .incomplete)
        }
    }

    @Test("is never verified once any of its files is taken away")
    func everyFileCounts() async throws {
        try await Bench.run { bench in
            for name in try bench.allFiles() where name != "log.jsonl" {
                let bytes = try bench.file(name)
                try bench.remove(name)
                let report = try await bench.verify()
                #expect(report.verdict != .verified, "\(name)")
                try bench.write(bytes, to: name)
            }
            #expect(try await bench.verify().verdict == .verified)
        }
    }
}
