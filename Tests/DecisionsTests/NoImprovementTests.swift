import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import Testing

@Suite("No outcome")
struct NoImprovementTests {
    private func rank(_ outcome: ReleaseOutcome) -> Int {
        switch outcome {
        case .blocked: 0
        case .readyWithAcceptedRisk: 1
        case .readyForRelease: 2
        }
    }

    /// A release with a random choice of everything that can speak for or against it.
    private func story(_ random: inout some RandomNumberGenerator) throws -> ReleaseCase {
        var release = ReleaseCase()
        if Bool.random(using: &random) {
            try release.showReadiness()
        } else {
            try release.showReadiness(without: .documentation)
        }
        let ends = ["2026-06-20T00:00:00Z", "2026-09-01T00:00:00Z", "2033-01-01T00:00:00Z"]
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let request = try release.ask(until: ends.randomElement(using: &random))
            try release.rule(
                Int.random(in: 0..<6, using: &random) > 0 ? .approved : .denied, on: request)
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: try release.hold()
        case 1: try release.hold(by: [])
        default: break
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: release.sources.observations = [try observations(copy())]
        case 1:
            release.sources.observations = [
                try observations(copy(["sha256": #""\#(hex("b"))""#]))
            ]
        default: break
        }
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: try release.deliver(.delivered)
        case 2: try release.deliver(.failed)
        default: try release.plan(for: try release.deliver(.failed))
        }
        if Bool.random(using: &random) { try release.deliver(.delivered, .retentionAlert) }
        for result in try release.decision().results where result.status == .fail {
            guard Int.random(in: 0..<4, using: &random) > 0 else { continue }
            let until =
                Bool.random(using: &random) ? "2026-07-01T00:00:00Z" : "2026-06-20T00:00:00Z"
            try release.accept(result.id, on: result.evidence, until: until)
        }
        return release
    }

    @Test("is better when time has passed any end")
    func ageing() throws {
        var random = SystemRandomNumberGenerator()
        let reported =
            try (0..<50).map { _ in try story(&random) } + OutcomeRow.all.map { try $0.make() }
        let critical = try criteria(
            #"{"id":"H","title":"t","check":"retention.healthy","with":{"at_or_above":"critical","observed":false},"severity":"high","waivable":true}"#
        )
        for var release in reported {
            var best = 2
            var bestOfCopies = 2
            for instant in [
                release.asOf, "2026-06-01T00:00:00Z", "2026-06-20T00:00:00Z",
                "2026-06-20T00:00:01Z",
                "2026-07-01T00:00:00Z", "2026-07-01T00:00:01Z", "2026-09-01T00:00:01Z",
                "2033-01-01T00:00:01Z",
            ] {
                guard instant >= release.asOf else { continue }
                release.asOf = instant
                let outcome = try release.decision().outcome
                #expect(rank(outcome) <= best, "better at \(instant)")
                best = min(best, rank(outcome))
                let ofCopies = rank(try release.decision(critical).outcome)
                #expect(ofCopies <= bestOfCopies, "copies are better at \(instant)")
                bestOfCopies = min(bestOfCopies, ofCopies)
            }
        }
    }

    /// Records that speak against a release, each as what it adds.
    private func against(_ release: ReleaseCase) throws -> [(inout ReleaseCase) throws -> Void] {
        var words: [(inout ReleaseCase) throws -> Void] = [
            { try $0.hold(by: []) }, { try $0.ask(until: "2026-06-02T00:00:00Z") },
            { try $0.deliver(.failed) }, { try $0.deliver(.failed, .retentionAlert) },
        ]
        for record in release.records.map({ ($0.record.kind, $0.digest) }) {
            switch record.0 {
            case .retentionRequest:
                words.append { try $0.rule(.denied, on: record.1, by: []) }
                words.append { try $0.rule(.approved, on: record.1, by: []) }
            case .riskAcceptance:
                words.append {
                    try $0.add(
                        .riskAcceptance(.revoke(.init(reason: "no"))), [("acceptance", record.1)])
                }
            case .retryRun:
                words.append {
                    try $0.add(
                        .retryReview(RetryReview(.denied, reason: nil)), [("run", record.1)])
                }
            case .retryPlan:
                words.append {
                    try $0.add(
                        .retryRun(
                            RetryRun(
                                mode: .live, results: [.init(delivery: "d", outcome: .delivered)])),
                        [("plan", record.1)])
                }
            default: continue
            }
        }
        return words
    }

    @Test("is better for a record that speaks against the release")
    func against() throws {
        var random = SystemRandomNumberGenerator()
        let reported =
            try (0..<50).map { _ in try story(&random) } + OutcomeRow.all.map { try $0.make() }
        let critical = try criteria(
            #"{"id":"H","title":"t","check":"retention.healthy","with":{"at_or_above":"critical","observed":false},"severity":"high","waivable":true}"#
        )
        for release in reported {
            let best = rank(try release.decision().outcome)
            let bestOfCopies = rank(try release.decision(critical).outcome)
            for word in try against(release) {
                var release = release
                try word(&release)
                #expect(rank(try release.decision().outcome) <= best)
                #expect(rank(try release.decision(critical).outcome) <= bestOfCopies)
            }
        }
    }

    @Test("is better than blocked when any file that the log names is missing or withheld")
    func missing() throws {
        for (id, status) in [
            (CheckID.bundleMissing, CheckStatus.fail), (.recordWithheld, .unknown),
        ] {
            for row in OutcomeRow.all {
                let whole = try row.make()
                for index in whole.records.indices {
                    var less = whole
                    less.records.remove(at: index)
                    less.spoiled[id] = status
                    #expect(try less.decision().outcome == .blocked)
                }
            }
        }
    }

    @Test("depends on anything but its inputs: the same give the same bytes")
    func same() throws {
        for row in OutcomeRow.all {
            let release = try row.make()
            #expect(
                try release.decision().json.canonicalBytes
                    == release.decision().json.canonicalBytes)
        }
    }
}
