import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

/// Whole releases, told at random, to which something is added or from which something is taken.
@Suite("No decision")
struct EvidenceMonotonyTests {
    private static let files = (0..<4).map { "file \($0)" }
    private static let kinds: [Readiness.Evidence] = [.tests, .sbom, .scan, .approval]

    private func demanded() throws -> Criteria {
        try criteria(
            #"{"id":"R1","title":"t","check":"readiness.complete","with":{"evidence":["tests","sbom"]},"severity":"high","waivable":true}"#,
            #"{"id":"R2","title":"t","check":"readiness.complete","with":{"evidence":["scan"]},"severity":"medium","waivable":true}"#,
            #"{"id":"R3","title":"t","check":"readiness.complete","with":{"evidence":["approval","sbom"]},"severity":"high","waivable":true}"#,
            #"{"id":"C4","title":"t","check":"delivery.settled","with":{"event":"closeout","routes":["a"]},"severity":"medium","waivable":true}"#,
            #"{"id":"C5","title":"t","check":"retention.approved","with":{"classes":[]},"severity":"critical","waivable":false}"#,
            #"{"id":"C8","title":"t","check":"alerts.settled","with":{"routes":["a"]},"severity":"medium","waivable":true}"#,
            #"{"id":"C9","title":"t","check":"retries.planned","severity":"high","waivable":false}"#
        )
    }

    private func rank(_ release: ReleaseCase) throws -> Int {
        switch try release.decision(try demanded()).outcome {
        case .blocked: 0
        case .readyWithAcceptedRisk: 1
        case .readyForRelease: 2
        }
    }

    /// A readiness record of a random choice of links and references.
    private func showing(_ random: inout SplitMix64) throws -> (Readiness, [(String, SHA256Digest)])
    {
        var links: [(String, SHA256Digest)] = []
        for file in Self.files + ["no attachment"] where Int.random(in: 0..<3, using: &random) == 0
        {
            let kind = try #require(Self.kinds.randomElement(using: &random))
            links.append((kind.rawValue, try digest(file)))
        }
        let kind = try #require(Self.kinds.randomElement(using: &random))
        let isReferring = links.isEmpty || Int.random(in: 0..<4, using: &random) == 0
        let isShared = Int.random(in: 0..<8, using: &random) == 0
        return (
            Readiness(
                references: isReferring ? [.init(kind, "JOB-7")] : [],
                sharedBecause: isShared ? "one report" : nil), links
        )
    }

    private func story(_ random: inout SplitMix64) throws -> ReleaseCase {
        var release = ReleaseCase()
        release.attachments = Set(try Self.files.map(digest))
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let (readiness, links) = try showing(&random)
            try release.add(.readiness(readiness), links)
        }
        if Int.random(in: 0..<8, using: &random) > 0 {
            try release.retain(until: "2033-01-01T00:00:00Z")
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: break
        case 1: try release.plan(for: try release.deliver(.failed, route: "audit"))
        case 2: try release.deliver(.delivered, route: "b")
        default: try release.deliver(.delivered, route: "a")
        }
        for result in try release.decision(try demanded()).results where result.status != .pass {
            guard Int.random(in: 0..<3, using: &random) > 0 else { continue }
            try release.accept(
                result.id, on: result.status == .fail ? result.evidence : [try release.seal])
        }
        return release
    }

    @Test("is better without a piece of evidence that speaks for the release")
    func removal() throws {
        var random = SplitMix64(seed: 71)
        var ranks: [Int: Int] = [:]
        for _ in 0..<repetitions(1_500, usually: 200) {
            let release = try story(&random)
            let whole = try rank(release)
            ranks[whole, default: 0] += 1
            for index in release.records.indices {
                switch release.records[index].record.body {
                case .readiness, .retentionDecision, .retryReview, .riskAcceptance: break
                case .delivery(let delivery) where delivery.state == .delivered: break
                default: continue
                }
                var less = release
                let gone = less.records.remove(at: index)
                #expect(
                    try rank(less) <= whole,
                    "without \(gone.record.summary): \(release.records.map(\.record.summary))")
            }
            for file in release.attachments {
                var less = release
                less.attachments.remove(file)
                #expect(try rank(less) <= whole)
            }
        }
        #expect(ranks.count == 3 && ranks.values.allSatisfy { $0 > 8 }, "\(ranks)")
    }

    @Test("is worse for evidence that was added and speaks against nothing")
    func addition() throws {
        var random = SplitMix64(seed: 72)
        for _ in 0..<repetitions(800, usually: 160) {
            let release = try story(&random)
            let before = try rank(release)
            var more = release
            let (readiness, links) = try showing(&random)
            try more.add(.readiness(readiness), links)
            #expect(try rank(more) >= before, "\(readiness) \(links)")
            try more.add(.readiness(Readiness(references: [.init(.scan, "JOB-8")])))
            // What a file of another system says to be settled or there settles nothing, and undoes
            // nothing.
            let source = ("source", try digest("package"))
            try more.add(.readiness(Readiness(references: [.init(.tests, "JOB-9")])), [source])
            for event in DeliveryRecord.Event.demandable {
                let delivery = DeliveryRecord(
                    delivery: "d", event: event, route: "z", provider: "p", state: .delivered,
                    attempts: [
                        .init(at: try at("2026-05-03T00:00:00Z"), outcome: .success, status: nil)
                    ])
                try more.add(.delivery(delivery), [source])
                #expect(try rank(more) >= before, "\(event)")
            }
            try more.deliver(.delivered, route: "c")
            try more.deliver(.delivered, .retentionAlert, route: "c")
            more.attachments.insert(try digest("a file more"))
            try more.add(
                .archiveSignature(ArchiveSignature(format: "raw-base64", keyReference: nil)),
                [("signature", try digest("signature"))])
            #expect(try rank(more) >= before)
        }
    }

    @Test("is better when time passes or somebody says no")
    func worse() throws {
        var random = SplitMix64(seed: 73)
        for _ in 0..<repetitions(400, usually: 100) {
            let release = try story(&random)
            let before = try rank(release)
            var later = release
            later.asOf = "2026-07-01T00:00:01Z"
            #expect(try rank(later) <= before)
            later.asOf = "2033-01-01T00:00:01Z"
            #expect(try rank(later) <= before)
            for record in release.records {
                var less = release
                switch record.record.body {
                case .retentionRequest: try less.rule(.denied, on: record.digest, by: [])
                case .riskAcceptance:
                    try less.add(
                        .riskAcceptance(.revoke(.init(reason: "no"))),
                        [("acceptance", record.digest)])
                case .retryRun:
                    try less.add(
                        .retryReview(RetryReview(.denied, reason: nil)), [("run", record.digest)])
                case .delivery(let delivery):
                    try less.deliver(.failed, delivery.event, route: delivery.route)
                default: continue
                }
                #expect(try rank(less) <= before)
            }
        }
    }
}
