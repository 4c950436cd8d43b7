import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Retries on an opened bundle")
struct RetryWorkflowTests {
    private static func code(_ text: String) throws -> EvidenceCode {
        try #require(EvidenceCode(text))
    }

    /// A delivery that failed a minute ago, or one that arrived just now.
    private static func delivery(
        _ state: DeliveryRecord.State, id: String = "d-1", agoBy seconds: Int64 = 60
    ) throws -> DeliveryRecord {
        let began = try #require(try Workplace.instant().adding(seconds: -seconds))
        let isDelivered = state == .delivered
        return DeliveryRecord(
            delivery: id, event: .closeout, route: "chat", provider: "webhook", state: state,
            attempts: [
                .init(
                    at: began, outcome: isDelivered ? .success : .permanent,
                    status: isDelivered ? 200 : 410,
                    details: .init(
                        ended: began, group: 1,
                        code: try code(isDelivered ? "http.ok" : "http.gone"),
                        assurance: isDelivered ? .delivered : nil))
            ], details: .init(bodySize: 7))
    }

    private static func request(resolvingIn seconds: Int64 = 86_400) throws -> RetryPlanRequest {
        RetryPlanRequest(
            owner: "O. Perator",
            resolveBy: try #require(try Workplace.instant().adding(seconds: seconds)),
            reason: "the receiver was away")
    }

    private static func rehearsed(_ id: String = "d-1") throws -> RetryRun.Result {
        RetryRun.Result(
            delivery: id, outcome: .wouldSend,
            rehearsal: .init(
                provider: try code("webhook"), headerNames: ["content-type"], bodySize: 7,
                routeTag: nil,
                commitments: [], verdict: .notResolved))
    }

    private func path(_ receipt: Receipt) throws -> [UInt8] { try #require(receipt.stored.last) }

    /// A bundle with a failed delivery, its plan by alice, a dry run, and bob's word on that.
    private func reviewed(
        _ session: inout BundleSession, _ place: Workplace,
        _ word: Approval = .approved
    ) async throws -> (plan: [UInt8], run: [UInt8], review: [UInt8]) {
        _ = try await session.recordDelivery(try Self.delivery(.failed), try place.terms(nil))
        let plan = try path(
            try await session.planRetries(try Self.request(), try place.terms(place.alice)))
        let planned = try await session.retried(byPlan: plan, try place.terms(nil))
        #expect(planned.retried.map(\.id) == ["d-1"] && planned.retried.map(\.route) == ["chat"])
        let run = try path(
            try await session.recordDryRun(
                [try Self.rehearsed()], of: planned.plan, try place.terms(place.alice)))
        let review = try path(
            try await session.reviewRetry(
                RetryReview(word, reason: nil), ofRun: run, try place.terms(place.bob)))
        return (plan, run, review)
    }

    @Test("a failure is planned, rehearsed, reviewed and sent once, and settled everywhere by that")
    func whole() async throws {
        try await Workplace.make { place in
            try await place.sign()
            var session = try await place.open()
            let (plan, run, review) = try await reviewed(&session, place)
            let terms = try place.terms(place.alice)
            let permit = try await session.retryPermit(
                plan: plan, dryRun: run, review: review, terms)
            #expect(permit.deliveries.map(\.id) == ["d-1"] && permit.skipped.isEmpty)
            let (_, record) = try await session.recordDelivery(
                try Self.delivery(.delivered, agoBy: 0), by: permit, try place.terms(nil))
            _ = try await session.recordLiveRun(
                [RetryRun.Result(delivery: "d-1", outcome: .delivered, attempts: 1)], by: permit,
                delivered: [record], terms)
            let state = try await session.evidence(terms.append).state
            #expect(state.deliveries.items.map(\.status) == [.delivered])
            #expect(state.issues.isEmpty)
            let again = try await refusal {
                _ = try await session.retryPermit(plan: plan, dryRun: run, review: review, terms)
            }
            #expect(again?.message.contains("which allows one") == true)
            _ = consume session
            let report = try await place.verify()
            #expect(!report.findings.contains { $0.id.family == "delivery" && $0.status == .fail })
            #expect(
                report.findings.contains { $0.id == .deliverySchedule && $0.status == .pass })
        }
    }

    @Test("nothing may be sent without an approval of just that dry run, and a key of the role")
    func permits() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let (plan, run, review) = try await reviewed(&session, place)
            let planned = try await session.retried(byPlan: plan, try place.terms(nil))
            let other = try path(
                try await session.recordDryRun(
                    [try Self.rehearsed()], of: planned.plan, try place.terms(place.alice)))
            for (run, review, key, words) in [
                (other, review, place.alice, "of another dry run"),
                (run, review, place.stranger, "a key of the role delivery"),
                (run, run, place.alice, "a review of the dry run"),
            ] {
                let refused = try await refusal {
                    _ = try await session.retryPermit(
                        plan: plan, dryRun: run, review: review, try place.terms(key))
                }
                #expect(refused?.message.contains(words) == true, "\(words): \(refused as Any)")
            }
            var trustless = try place.terms(place.alice)
            trustless.append.policy = nil
            let refused = try await refusal {
                _ = try await session.retryPermit(
                    plan: plan, dryRun: run, review: review, trustless)
            }
            #expect(refused?.message.contains("does not approve") == true)
        }
    }

    @Test("a denial forbids it until a later approval names that")
    func denied() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let (plan, run, review) = try await reviewed(&session, place, .denied)
            let terms = try place.terms(place.alice)
            #expect(
                try await refusal {
                    _ = try await session.retryPermit(
                        plan: plan, dryRun: run, review: review, terms)
                } != nil)
            #expect(
                try await refusal {
                    _ = try await session.reviewRetry(
                        RetryReview(.approved, reason: nil), ofRun: run,
                        try place.terms(place.bob))
                }?.message.contains("denied") == true)
            let approval = try path(
                try await session.reviewRetry(
                    RetryReview(.approved, reason: nil), ofRun: run, supersedes: [review],
                    try place.terms(place.bob)))
            _ = try await session.retryPermit(plan: plan, dryRun: run, review: approval, terms)
        }
    }

    @Test("who made the plan cannot approve its dry run")
    func samePerson() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let (_, run, _) = try await reviewed(&session, place)
            let refused = try await refusal {
                _ = try await session.reviewRetry(
                    RetryReview(.approved, reason: nil), ofRun: run, try place.terms(place.alice))
            }
            #expect(refused?.message.contains("cannot count") == true)
        }
    }

    @Test("the schedule is that of the seal, the id and the last attempt, and another is refused")
    func schedule() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let (_, failed) = try await session.recordDelivery(
                try Self.delivery(.failed), try place.terms(nil))
            _ = try await session.planRetries(try Self.request(), try place.terms(place.alice))
            let evidence = try await session.evidence(try place.options())
            let record = try #require(evidence.state.records.last)
            guard case .retryPlan(let plan) = record.body else {
                Issue.record("no plan")
                return
            }
            let entry = try #require(plan.entries.first)
            let last = try #require(try Self.delivery(.failed).attempts.last)
            let times = try RetrySchedule.standard.attempts(
                after: last, of: "d-1", seal: session.sealDigest, until: entry.resolveBy)
            #expect(entry.nextAttempts == times && times.count == 10)
            for moved in [Array(times.dropLast()), times.compactMap { $0.adding(seconds: 1) }] {
                let other = RetryPlan(
                    entries: [
                        .init(
                            delivery: "d-1", action: .retry, owner: "o",
                            resolveBy: entry.resolveBy, reason: "r", nextAttempts: moved,
                            lastAttempt: last.at)
                    ], isScheduled: true)
                let refused = try await refusal {
                    _ = try await session.write(
                        RecordDraft(
                            body: .retryPlan(other),
                            links: [RecordLink(kind: RetryPlan.link, digest: failed)]),
                        try place.terms(place.alice))
                }
                #expect(refused?.message.contains("follows at") == true, "\(refused as Any)")
            }
        }
    }

    @Test("a plan supersedes one of the same deliveries, and is refused where nothing is open")
    func plans() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let terms = try place.terms(place.alice)
            #expect(
                try await refusal { _ = try await session.planRetries(try Self.request(), terms) }?
                    .message.contains("no delivery is open") == true)
            _ = try await session.recordDelivery(try Self.delivery(.failed), try place.terms(nil))
            _ = try await session.planRetries(try Self.request(), terms)
            let options = try place.options()
            let first = try #require(try await session.evidence(options).state.records.last)
            _ = try await session.planRetries(try Self.request(resolvingIn: 7200), terms)
            let second = try #require(try await session.evidence(options).state.records.last)
            #expect(second.header.links("supersedes") == [first.digest])
            var unknown = try Self.request()
            unknown.deliveries = ["d-9"]
            #expect(
                try await refusal { _ = try await session.planRetries(unknown, terms) }?
                    .message.contains("d-9") == true)
            #expect(
                try await refusal {
                    _ = try await session.planRetries(try Self.request(resolvingIn: -1), terms)
                }?.message.contains("is past") == true)
        }
    }

    /// A delivery that arrived, as another record of it may tell it.
    private static func delivered(
        provider: String = "webhook", event: String? = "e-1", tag: String = "https://a.example/",
        at: Instant? = nil, isDetailed: Bool = true
    ) throws -> DeliveryRecord {
        let now = try at ?? Workplace.instant()
        let key = try #require(try RouteKey([UInt8](repeating: 1, count: RouteKey.size)))
        return DeliveryRecord(
            delivery: "d-1", event: .closeout, route: "chat", provider: provider, state: .delivered,
            attempts: [
                .init(
                    at: now, outcome: .success, status: 200,
                    details: isDetailed
                        ? .init(
                            ended: nil, group: 1, code: try code("http.ok"), assurance: .delivered)
                        : nil)
            ],
            details: isDetailed ? .init(eventID: event, routeTag: try key.tag(of: tag)) : nil)
    }

    @Test("what does not agree with earlier records of a delivery settles nothing, and is refused")
    func contradictions() async throws {
        try await Workplace.make { place in
            var session = try await place.open()
            let terms = try place.terms(nil)
            let (_, first) = try await session.recordDelivery(try Self.delivered(), terms)
            let link = RecordLink(kind: LinkRule.supersedes, digest: first)
            let later = try #require(try Workplace.instant().adding(seconds: 60))
            for (record, links, words) in [
                (try Self.delivered(provider: "slack"), [link], "another provider"),
                (try Self.delivered(event: "e-2"), [link], "another event_id"),
                (try Self.delivered(isDetailed: false), [link], "this one is of version 1"),
                (try Self.delivered(at: later), [link], "the record itself says"),
                (try Self.delivered(tag: "https://b.example/"), [], "route_tag is another"),
                (
                    try Self.delivered(at: try Workplace.instant().adding(seconds: -9)),
                    [], "leaves out the attempt"
                ),
            ] {
                let refused = try await refusal {
                    _ = try await session.write(
                        RecordDraft(body: .delivery(record), links: links), terms)
                }
                #expect(refused?.message.contains(words) == true, "\(words): \(refused as Any)")
            }
            // Whoever writes such a record by a workflow names what it does not agree with.
            let (_, other) = try await session.recordDelivery(
                try Self.delivered(
                    tag: "https://b.example/",
                    at: try Workplace.instant().adding(seconds: -9)), terms)
            let state = try await session.evidence(terms.append).state
            #expect(state.record(other)?.header.links(LinkRule.supersedes) == [first])
            #expect(state.deliveries.items.map(\.status) == [.delivered])
        }
    }

    @Test("a live run names a record of each delivery that it sent, which bears out its result")
    func unrecorded() async throws {
        for names in [false, true] {
            try await Workplace.make { place in
                var session = try await place.open()
                let (plan, run, review) = try await reviewed(&session, place)
                let terms = try place.terms(place.alice)
                let permit = try await session.retryPermit(
                    plan: plan, dryRun: run, review: review, terms)
                let (_, record) = try await session.recordDelivery(
                    try Self.delivery(.failed, agoBy: 0), by: permit, try place.terms(nil))
                _ = try await session.recordLiveRun(
                    [RetryRun.Result(delivery: "d-1", outcome: .delivered, attempts: 1)],
                    by: permit, delivered: names ? [record] : [], terms)
                let issues = try await session.evidence(terms.append).state.issues
                #expect(
                    issues.map(\.problem.reason).contains {
                        $0.contains(
                            names
                                ? "the record that it names does not"
                                : "names no record of version 2")
                    }, "\(issues)")
            }
        }
    }
}
