import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures

extension ReleaseCase {
    /// A release of which everything is in place.
    static func ready() throws -> ReleaseCase {
        var release = ReleaseCase()
        try release.showReadiness()
        try release.retain(until: "2033-01-01T00:00:00Z")
        try release.deliver(.delivered)
        return release
    }

    /// Everything that shows readiness, but for some.
    @discardableResult
    mutating func showReadiness(
        without missing: Readiness.Evidence? = nil, asserting: Readiness.Evidence? = nil
    ) throws -> SHA256Digest {
        let links = try Readiness.Evidence.allCases.filter { $0 != missing && $0 != asserting }
            .map { ($0.rawValue, try digest($0.rawValue)) }
        let references = asserting.map { [Readiness.Reference($0, "JOB-7")] } ?? []
        return try add(.readiness(Readiness(references: references)), links)
    }

    /// A request for retention by alice.
    @discardableResult
    mutating func ask(
        until: String? = "2033-01-01T00:00:00Z", mode: RetentionRequest.Mode? = nil,
        event: String? = nil, occurred: String? = nil, class name: String = "standard"
    ) throws -> SHA256Digest {
        try add(
            .retentionRequest(
                RetentionRequest(
                    retentionClass: name, until: try until.map(instant), mode: mode,
                    basis: try event.map {
                        .init(event: $0, occurredAt: try occurred.map(instant))
                    }, reason: "law")), by: Hand.alice)
    }

    /// A word on a request, by bob.
    @discardableResult
    mutating func rule(
        _ approval: Approval, on request: SHA256Digest, by hands: [Hand] = Hand.bob
    ) throws -> SHA256Digest {
        try add(
            .retentionDecision(RetentionDecision(approval, reason: nil, externalReference: nil)),
            [("request", request)], by: hands)
    }

    /// Retention that is asked for and approved.
    mutating func retain(until: String) throws {
        try rule(.approved, on: try ask(until: until))
    }

    /// What became of a delivery of the closeout, or of an alert.
    @discardableResult
    mutating func deliver(
        _ state: DeliveryRecord.State, _ event: DeliveryRecord.Event = .closeout,
        route: String = "audit"
    ) throws -> SHA256Digest {
        let attempt = DeliveryRecord.Attempt(
            at: try instant("2026-05-03T00:00:00Z"),
            outcome: state.isSettled ? .success : .transient, status: nil)
        return try add(
            .delivery(
                DeliveryRecord(
                    delivery: "d-\(event.rawValue)-\(route)", event: event, route: route,
                    provider: "webhook", state: state,
                    attempts: state == .suppressed ? [] : [attempt],
                    reason: state == .suppressed ? "not wanted" : nil)))
    }

    /// A plan for a delivery that failed, a dry run of it, and carol's word on that.
    mutating func plan(
        for delivery: SHA256Digest, resolveBy: String = "2026-07-01T00:00:00Z",
        isReviewed: Bool = true
    ) throws {
        let entry = RetryPlan.Entry(
            delivery: "d-closeout-audit", action: .retry, owner: "Al",
            resolveBy: try instant(resolveBy), reason: "down")
        let plan = try add(.retryPlan(RetryPlan(entries: [entry])), [("delivery", delivery)])
        let run = try add(
            .retryRun(
                RetryRun(
                    mode: .dryRun,
                    results: [.init(delivery: "d-closeout-audit", outcome: .wouldSend)])),
            [("plan", plan)])
        guard isReviewed else { return }
        try add(.retryReview(RetryReview(.approved, reason: nil)), [("run", run)], by: Hand.carol)
    }

    /// An acceptance of a finding on some evidence.
    @discardableResult
    mutating func accept(
        _ finding: String, on evidence: [SHA256Digest], until: String = "2026-07-01T00:00:00Z",
        at instant: String? = nil, by hands: [Hand] = Hand.risk
    ) throws -> SHA256Digest {
        try add(
            .riskAcceptance(
                .accept(
                    .init(
                        finding: finding, owner: "Al", reason: "known",
                        compensatingControl: "watched", externalReference: "CHG-1",
                        expires: try DecisionsTests.at(until)))),
            evidence.map { (RiskAcceptance.evidence, $0) }, at: instant, by: hands)
    }

    /// A legal hold.
    @discardableResult
    mutating func hold(
        _ matter: String = "m", by hands: [Hand] = [Hand(role: .hold, name: "bob")]
    ) throws -> SHA256Digest {
        try add(
            .legalHold(.place(.init(matter: matter, custodian: "legal", reason: "a claim"))),
            by: hands)
    }
}

/// An instant given as text.
private func instant(_ text: String) throws -> Instant { try at(text) }
