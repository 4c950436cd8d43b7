import OpenSSL
import Records
import Verification

extension CriteriaExamination {
    /// Everything of an event was delivered, and to each route that is named.
    func deliveries(_ event: DeliveryRecord.Event, _ routes: [String]) -> CheckOutcome {
        let items = state.deliveries.items.filter { $0.latest.event == event }
        let remedy =
            "deliver it, and record that as a delivery: \(RemedyCommand.add.rawValue)"
        guard !items.isEmpty else {
            return .fail("no delivery of it is recorded", seal, remedy: remedy)
        }
        let open = items.filter { !$0.latest.state.isSettled }
        let missing = routes.filter { route in
            !items.contains { $0.latest.route.utf8.elementsEqual(route.utf8) }
        }
        guard open.isEmpty, missing.isEmpty else {
            var parts = open.map { "\($0.name) is \($0.latest.state.rawValue)" }
            if !missing.isEmpty {
                parts.append("nothing went to \(missing.joined(separator: ", "))")
            }
            return .fail(
                parts.joined(separator: "; "),
                open.flatMap(\.evidence) + (missing.isEmpty ? [] : seal),
                remedy: "\(remedy); where it failed, by a retry-plan")
        }
        let routes = items.map { "\($0.latest.route) \($0.latest.state.rawValue)" }
        let imported = items.filter(\.isImported)
        guard imported.isEmpty else {
            return .unknown(
                "only a file of another system says: "
                    + imported.map { "\($0.latest.route) \($0.latest.state.rawValue)" }
                    .joined(separator: ", "),
                imported.flatMap(\.evidence), remedy: remedy)
        }
        return .pass(routes.joined(separator: ", "), items.flatMap(\.evidence))
    }

    /// What retention's findings call for was delivered, and no alert is left open.
    func alerts(_ routes: [String]) -> CheckOutcome {
        let isSent = state.deliveries.items.contains { $0.latest.event == .retentionAlert }
        guard isSent || report.integrity == .verified else { return unverified(seal) }
        guard isSent || !health.findings.isEmpty else {
            return .notApplicable("retention has no finding that calls for an alert")
        }
        return deliveries(.retentionAlert, routes)
    }

    /// Every delivery that failed has a plan, a dry run of it, and a second operator's word.
    func retries() -> CheckOutcome {
        let unreviewed = state.issues.filter {
            if case .notReviewed = $0.problem { true } else { false }
        }
        guard unreviewed.isEmpty else {
            return .fail(
                "a live run was not reviewed before", unreviewed.map(\.record),
                remedy: "make a new bundle; what was sent cannot be unsent")
        }
        let open = state.deliveries.open
        guard !open.isEmpty else { return .notApplicable("no delivery has failed for good") }
        var defects: [String] = []
        var evidence = open.flatMap(\.evidence)
        var reviews: [SHA256Digest: PlanReview] = [:]
        for item in open {
            let (defect, planned) = plan(of: item, &reviews)
            evidence += planned
            if let defect { defects.append("\(item.name) \(defect)") }
        }
        guard defects.isEmpty else {
            return .fail(
                defects.joined(separator: "; "), evidence,
                remedy:
                    "a retry-plan and a dry retry-run of it: \(RemedyCommand.add.rawValue); and "
                    + "another operator's retry-review: \(RemedyCommand.addSigned.rawValue)")
        }
        return .pass("each failed delivery has a plan and a reviewed dry run", evidence)
    }

    /// What the plan of an open delivery lacks, and the records of the plan.
    private func plan(
        of item: DeliveryState.Item, _ reviews: inout [SHA256Digest: PlanReview]
    ) -> (String?, [SHA256Digest]) {
        guard let retry = state.deliveries.plan(for: item.latest.delivery) else {
            return ("has no plan", [])
        }
        let (record, entry) = (retry.plan, retry.entry)
        let review = reviews[record.digest] ?? PlanReview(of: record, state.deliveries)
        reviews[record.digest] = review
        guard item.records.contains(where: { review.planned.contains($0.digest) }) else {
            return ("has a plan that is about another record", [record.digest])
        }
        guard entry.resolveBy >= state.asOf else {
            return ("was to be resolved by \(entry.resolveBy)", [record.digest])
        }
        guard let runs = review.runs[Array(item.latest.delivery.utf8)] else {
            return ("has a plan of which no dry run is reviewed", [record.digest])
        }
        return (nil, [record.digest] + runs)
    }
}

/// What a plan is about, and its reviewed dry runs by delivery: gathered once for all deliveries.
private struct PlanReview {
    let planned: Set<SHA256Digest>
    private(set) var runs: [[UInt8]: [SHA256Digest]] = [:]

    init(of plan: StandingRecord, _ deliveries: DeliveryState) {
        planned = Set(plan.header.links(RetryPlan.link))
        for run in deliveries.reviewedDryRuns(of: plan.digest) {
            for result in run.run.results {
                let name = Array(result.delivery.utf8)
                guard runs[name]?.last != run.record.digest else { continue }
                runs[name, default: []].append(run.record.digest)
            }
        }
    }
}

extension DeliveryState.Item {
    /// The delivery and the route over which it goes.
    fileprivate var name: String { "\(latest.delivery) over \(latest.route)" }

    /// The record that says how the delivery stands.
    var evidence: [SHA256Digest] { records.last.map { [$0.digest] } ?? [] }
}
