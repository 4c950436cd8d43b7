import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Damaged files of criteria, classes and observations")
struct MutationTests {
    private static let tokens = [
        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "null", "true", "-1", "1.5",
        "9007199254740993", "\"P0D\"", "\"P99999Y\"", "\"with\":{}", "\"waivable\":true",
        "\"check\":\"closeout.closed\"", "\"9999-12-31T23:59:59Z\"", "\u{FEFF}",
    ]

    private func damaged(_ sample: String, seed: UInt64) -> some Sequence<[UInt8]> {
        mutations(of: Array(sample.utf8), seed: seed, count: 4000, tokens: Self.tokens)
    }

    @Test("are refused, or decided by without a trap")
    func criteria() throws {
        let release = try ReleaseCase.ready()
        let (report, health) = (try release.report(), try release.health())
        let sample = String(decoding: Profile.finalCloseout.bytes, as: UTF8.self)
        var accepted = 0
        for input in damaged(sample, seed: 41) {
            guard let criteria = try? Criteria(parsing: input) else { continue }
            accepted += 1
            let decision = decide(report, health: health, criteria: criteria)
            #expect(decision.results.count == criteria.criteria.count)
            #expect(criteria.criteria.allSatisfy { $0.check.name.isWaivable || !$0.isWaivable })
        }
        #expect(accepted > 0 && accepted < 4000)
    }

    @Test("of retention are refused, or evaluated without a trap")
    func retention() throws {
        let classes =
            #"{"kind":"closeout/retention-classes/v1","warning":"P30D","freshness":"P7D","classes":[{"id":"standard","minimum":"P1Y","mode":"none"}]}"#
        let observations =
            #"{"kind":"closeout/observations/v1","provider":"s3","at":"2026-05-31T00:00:00Z","expected":1,"copies":[{"name":"a","original":"\#(String(repeating: "a", count: 64))","until":"2033-01-01T00:00:00Z","locked":true}]}"#
        var release = try ReleaseCase.ready()
        var accepted = 0
        for (one, other) in zip(damaged(classes, seed: 42), damaged(observations, seed: 43)) {
            let read = try? RetentionClasses(parsing: one)
            let reported = try? Observations(parsing: other)
            guard read != nil || reported != nil else { continue }
            accepted += 1
            release.sources.classes = read
            release.sources.observations = reported.map { [$0] } ?? []
            let health = try release.health()
            #expect(health.level != .healthy || health.findings.isEmpty)
            #expect(health.coverage.observed <= health.coverage.expected)
        }
        #expect(accepted > 0 && accepted < 4000)
    }
}
