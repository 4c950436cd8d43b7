import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("Of deliveries, plans, runs and reviews")
struct DeliveryPropertyTests {
    private static let times = [
        "2026-05-03T00:00:00Z", "2026-05-04T00:00:00Z", "2026-05-05T00:00:00Z",
    ]

    /// The records of a story to which others link.
    private struct Told {
        var deliveries: [SHA256Digest] = []
        var ids: [SHA256Digest: String] = [:]
        var attempts: [SHA256Digest: DeliveryRecord.Attempt] = [:]
        var plans: [(digest: SHA256Digest, plan: RetryPlan)] = []
        var dryRuns: [(digest: SHA256Digest, plan: Int)] = []
        var reviews: [(digest: SHA256Digest, run: Int)] = []

        /// Which kind of record is missing for a retry; nil where none is.
        var next: Int? {
            if deliveries.isEmpty { return 0 }
            if plans.isEmpty { return 4 }
            if dryRuns.isEmpty { return 6 }
            return reviews.isEmpty ? 7 : nil
        }
    }

    /// A story of 1 to 12 random records; every other one goes the way that retries are to go before it
    /// goes anywhere.
    private func story(_ random: inout SplitMix64) throws -> ReleaseCase {
        var release = ReleaseCase()
        var reported = Told()
        let isOrderly = Bool.random(using: &random)
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let chance = Int.random(in: 0..<10, using: &random)
            switch isOrderly ? reported.next ?? chance : chance {
            case 0..<4: try addDelivery(&release, &reported, &random)
            case 4, 5: try addPlan(&release, &reported, &random)
            case 6: try addDryRun(&release, &reported, &random)
            case 7, 8: try addReview(&release, &reported, &random)
            default: try addLiveRun(&release, &reported, &random)
            }
        }
        return release
    }

    private func addDelivery(
        _ release: inout ReleaseCase, _ reported: inout Told, _ random: inout SplitMix64
    ) throws {
        let states = DeliveryRecord.State.allCases + [.delivered, .failed, .failed]
        let state = try #require(states.randomElement(using: &random))
        let isHonest = Int.random(in: 0..<4, using: &random) > 0
        var times = try (0..<Int.random(in: 1...2, using: &random)).map { _ in
            try at(try #require(Self.times.randomElement(using: &random)))
        }
        if isHonest { times.sort() }
        let isDetailed = Bool.random(using: &random)
        let attempts = try times.map { time in
            let outcome =
                isHonest
                ? (state.isSettled ? .success : .transient)
                : try #require(
                    DeliveryRecord.Attempt.Outcome.allCases.randomElement(using: &random))
            return DeliveryRecord.Attempt(
                at: time, outcome: outcome, status: nil,
                details: isDetailed
                    ? try details(
                        time, outcome, isHonest ? state.assurance : nil, &random) : nil)
        }
        let isAlert = Int.random(in: 0..<3, using: &random) == 0
        let event: DeliveryRecord.Event =
            isAlert
            ? .retentionAlert
            : isDetailed && Int.random(in: 0..<8, using: &random) == 0 ? .decision : .closeout
        let id = Bool.random(using: &random) ? "1" : "2"
        let named = reported.deliveries.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
        let digest = try release.add(
            .delivery(
                DeliveryRecord(
                    delivery: id, event: event,
                    route: Int.random(in: 0..<4, using: &random) > 0 ? "a" : "b",
                    provider: Int.random(in: 0..<20, using: &random) > 0 ? "p" : "q",
                    state: state, attempts: state == .suppressed ? [] : attempts,
                    reason: state == .suppressed ? (isDetailed ? "unwanted" : "not wanted") : nil,
                    details: isDetailed ? try details(&random) : nil)),
            named.map { ("supersedes", $0) },
            at: Int.random(in: 0..<20, using: &random) > 0
                ? "2026-05-06T00:00:00Z" : "2026-05-04T12:00:00Z")
        reported.deliveries.append(digest)
        reported.ids[digest] = id
        reported.attempts[digest] =
            state == .suppressed ? nil : attempts.reversed().max { $0.at < $1.at }
    }

    /// What version 2 says of a delivery.
    private func details(_ random: inout SplitMix64) throws -> DeliveryRecord.Details {
        let key = try #require(try RouteKey([UInt8](repeating: 1, count: RouteKey.size)))
        let receiver = Int.random(in: 0..<24, using: &random)
        return .init(
            eventID: Int.random(in: 0..<24, using: &random) > 0 ? "e" : "f",
            routeTag: receiver < 4 ? try key.tag(of: "https://\(receiver % 2).example/") : nil)
    }

    /// What version 2 says of an attempt.
    private func details(
        _ time: Instant, _ outcome: DeliveryRecord.Attempt.Outcome,
        _ assurance: DeliveryRecord.Attempt.Details.Assurance?, _ random: inout SplitMix64
    ) throws -> DeliveryRecord.Attempt.Details {
        let others = DeliveryRecord.Attempt.Details.Assurance.allCases
        let asked: Int64? =
            outcome != .success && Int.random(in: 0..<4, using: &random) == 0
            ? Int64.random(in: 0...100_000, using: &random) : nil
        return .init(
            ended: time.adding(seconds: 7), group: 1,
            code: try #require(EvidenceCode("http.answer")),
            assurance: outcome == .success
                ? assurance ?? others.randomElement(using: &random) : nil, retryAfter: asked)
    }

    private func addPlan(
        _ release: inout ReleaseCase, _ reported: inout Told, _ random: inout SplitMix64
    ) throws {
        let linked = reported.deliveries.filter { _ in Bool.random(using: &random) }
        guard !linked.isEmpty else { return }
        var ids = Set(linked.compactMap { reported.ids[$0] })
        if Int.random(in: 0..<6, using: &random) == 0 { ids.insert("3") }
        let isScheduled = Bool.random(using: &random)
        let entries = try ids.sorted().map { id in
            let action: RetryPlan.Action =
                Int.random(in: 0..<4, using: &random) > 0
                ? .retry : Bool.random(using: &random) ? .wait : .suppress
            let by = try at(
                Int.random(in: 0..<6, using: &random) > 0
                    ? "2026-07-01T00:00:00Z" : "2026-05-20T00:00:00Z")
            let last = linked.filter { reported.ids[$0] == id }
                .compactMap { reported.attempts[$0] }.max { $0.at < $1.at }
            var times =
                try last.map {
                    try RetrySchedule.standard.attempts(
                        after: $0, of: id, seal: try release.seal, until: by)
                } ?? []
            if Int.random(in: 0..<12, using: &random) == 0, !times.isEmpty { times.removeLast() }
            return RetryPlan.Entry(
                delivery: id, action: action, owner: "Al", resolveBy: by, reason: "down",
                nextAttempts: isScheduled && action == .retry ? times : [],
                lastAttempt: isScheduled
                    ? try last?.at ?? at("2026-05-03T00:00:00Z") : nil)
        }
        let plan = RetryPlan(entries: entries, isScheduled: isScheduled)
        let replaced = reported.plans.filter { _ in Int.random(in: 0..<5, using: &random) == 0 }
        let digest = try release.add(
            .retryPlan(plan),
            linked.map { ("delivery", $0) } + replaced.map { ("supersedes", $0.digest) })
        reported.plans.append((digest, plan))
    }

    /// What a run reports: mostly what its plan has.
    private func results(
        _ plan: RetryPlan, _ mode: RetryRun.Mode, _ random: inout SplitMix64
    ) throws -> [RetryRun.Result] {
        let code = try #require(EvidenceCode("plan.wait"))
        let isDetailed = plan.isScheduled
        var results = plan.entries.map { entry in
            let isSent =
                (entry.action == .retry) != (Int.random(in: 0..<8, using: &random) == 0)
            let outcome: RetryRun.Result.Outcome =
                !isSent
                ? .skipped
                : mode == .dryRun
                    ? .wouldSend : Bool.random(using: &random) ? .delivered : .failed
            let isSending = outcome == .delivered || outcome == .failed
            return RetryRun.Result(
                delivery: entry.delivery, outcome: outcome,
                code: isDetailed && (outcome == .skipped || outcome == .failed) ? code : nil,
                attempts: isDetailed && isSending ? 1 : nil,
                rehearsal: isDetailed && outcome == .wouldSend
                    ? .init(
                        provider: code, headerNames: [], bodySize: 1, routeTag: nil,
                        commitments: [],
                        verdict: .notResolved) : nil)
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            results.append(
                .init(delivery: "9", outcome: .skipped, code: isDetailed ? code : nil))
        case 1:
            results.append(
                .init(delivery: "1", outcome: .skipped, code: isDetailed ? code : nil))
        case 2: results.removeLast()
        default: break
        }
        return results
    }

    private func addDryRun(
        _ release: inout ReleaseCase, _ reported: inout Told, _ random: inout SplitMix64
    ) throws {
        guard let plan = reported.plans.indices.randomElement(using: &random) else { return }
        let run = RetryRun(
            mode: .dryRun, results: try results(reported.plans[plan].plan, .dryRun, &random),
            isDetailed: reported.plans[plan].plan.isScheduled)
        let digest = try release.add(.retryRun(run), [("plan", reported.plans[plan].digest)])
        reported.dryRuns.append((digest, plan))
    }

    private func addReview(
        _ release: inout ReleaseCase, _ reported: inout Told, _ random: inout SplitMix64
    ) throws {
        guard let run = reported.dryRuns.indices.randomElement(using: &random) else { return }
        let isYes = Int.random(in: 0..<6, using: &random) > 0
        let digest = try release.add(
            .retryReview(RetryReview(isYes ? .approved : .denied, reason: nil)),
            [("run", reported.dryRuns[run].digest)],
            by: Int.random(in: 0..<6, using: &random) > 0 ? ReleaseCase.Hand.carol : [])
        reported.reviews.append((digest, run))
    }

    private func addLiveRun(
        _ release: inout ReleaseCase, _ reported: inout Told, _ random: inout SplitMix64
    ) throws {
        guard let review = reported.reviews.randomElement(using: &random) else { return }
        let isStray = Int.random(in: 0..<8, using: &random) == 0
        let plan =
            isStray
            ? Int.random(in: reported.plans.indices, using: &random)
            : reported.dryRuns[review.run].plan
        let isDetailed = reported.plans[plan].plan.isScheduled
        let run = RetryRun(
            mode: .live, results: try results(reported.plans[plan].plan, .live, &random),
            isDetailed: isDetailed)
        let named =
            Int.random(in: 0..<8, using: &random) == 0
            ? Int.random(in: reported.dryRuns.indices, using: &random) : review.run
        let delivered = reported.deliveries.filter { _ in Int.random(in: 0..<8, using: &random) > 0
        }
        try release.add(
            .retryRun(run),
            [("plan", reported.plans[plan].digest), ("review", review.digest)]
                + (isDetailed ? [("dry-run", reported.dryRuns[named].digest)] : [])
                + delivered.map { ("delivery", $0) })
    }

    /// The three criteria that are about deliveries.
    private func demanded() throws -> Criteria {
        try criteria(
            #"{"id":"C4","title":"t","check":"delivery.settled","with":{"event":"closeout","routes":[]},"severity":"medium","waivable":true}"#,
            #"{"id":"C8","title":"t","check":"alerts.settled","with":{"routes":[]},"severity":"medium","waivable":true}"#,
            #"{"id":"C9","title":"t","check":"retries.planned","severity":"high","waivable":false}"#
        )
    }

    private func statuses(_ release: ReleaseCase) throws -> [CriterionStatus] {
        try release.decision(try demanded()).results.map(\.status)
    }

    @Test("every sequence has the result that a second writing of the rules gives")
    func model() throws {
        var random = SplitMix64(seed: 91)
        var seen: [String: Int] = [:]
        for _ in 0..<repetitions(4_000, usually: 1_000) {
            let release = try story(&random)
            let model = DeliveryModel(records: release.records, asOf: try at(release.asOf))
            let found = try statuses(release)
            #expect(
                found == [model.delivered, model.alerted, model.retried],
                "\(release.records.map { "\($0.record.summary) \($0.record.header.links)" })")
            for (id, status) in zip(["C4", "C8", "C9"], found) {
                seen["\(id) \(status.rawValue)", default: 0] += 1
            }
        }
        // The property says something only where every status comes up often.
        for status in [
            "C4 pass", "C4 fail", "C8 pass", "C8 fail", "C9 pass", "C9 fail", "C9 not_applicable",
        ] {
            #expect(seen[status, default: 0] >= 20, "\(status): \(seen)")
        }
    }

    @Test("nothing is delivered without an attempt that succeeded at the end")
    func success() throws {
        var random = SplitMix64(seed: 92)
        var delivered = 0
        for _ in 0..<repetitions(2_000, usually: 400) {
            let release = try story(&random)
            let model = DeliveryModel(records: release.records, asOf: try at(release.asOf))
            let state = try #require(try release.report().evidence)
            #expect(state.deliveries.items.count == model.identities.count)
            for item in state.deliveries.items where item.status == .delivered {
                delivered += 1
                #expect(
                    model.isWitnessed(
                        .init(
                            event: item.latest.event.rawValue, route: item.latest.route,
                            id: item.latest.delivery)))
            }
        }
        #expect(delivered > 100)
    }

    @Test("nothing is better without a success, a plan, a dry run or an approval")
    func removal() throws {
        var random = SplitMix64(seed: 93)
        func rank(_ status: CriterionStatus) -> Int {
            status == .pass || status == .notApplicable ? 1 : 0
        }
        var removed = 0
        for _ in 0..<repetitions(1_500, usually: 300) {
            let release = try story(&random)
            let model = DeliveryModel(records: release.records, asOf: try at(release.asOf))
            let whole = try statuses(release)
            // What another record links to cannot be gone: the bundle would be FAILED.
            let linked = Set(release.records.flatMap(\.record.header.links).map(\.digest))
            for index in release.records.indices
            where !linked.contains(release.records[index].digest) {
                let speaksFor =
                    switch release.records[index].record.body {
                    case .delivery: model.worth(index) == 3
                    // One that takes the place of another speaks against that.
                    case .retryPlan:
                        release.records[index].record.header.links("supersedes").isEmpty
                    case .retryRun(let run): run.mode == .dryRun
                    case .retryReview(let review): review.decision == .approved
                    default: false
                    }
                guard speaksFor else { continue }
                removed += 1
                var less = release
                less.records.remove(at: index)
                for (now, before) in zip(try statuses(less), whole) {
                    #expect(rank(now) <= rank(before))
                }
            }
        }
        #expect(removed > 250)
    }
}

extension DeliveryRecord.State {
    /// How sure the success is that an honest record of this state has.
    fileprivate var assurance: DeliveryRecord.Attempt.Details.Assurance {
        switch self {
        case .acceptedUnconfirmed: .acceptedUnconfirmed
        case .sentUnconfirmed: .sentUnconfirmed
        default: .delivered
        }
    }
}
