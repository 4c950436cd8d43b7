import CloseoutEncodings
package import CloseoutOpenSSL

/// The plans, dry runs, reviews and live runs of retries (docs/records.md, "Deliveries and retries").
///
/// A plan is used up by its first live run, and its dry run and their review with it. A live run only
/// ever speaks against the release: that something arrived is said by the record of the delivery.
package struct RetryState: Equatable, Sendable {
    /// What a plan says of one delivery.
    package struct PlannedRetry: Equatable, Sendable {
        /// The plan's record.
        package let plan: ResolvedRecord
        /// What it says.
        package let entry: RetryPlan.Entry
    }

    /// A run of a retry plan.
    package struct Run: Equatable, Sendable {
        /// What was done.
        package let run: RetryRun
        /// Its record.
        package let record: ResolvedRecord
        /// What others said of it.
        package fileprivate(set) var ruling = Ruling()
        /// Why it is no dry run of exactly what its plan would send.
        package fileprivate(set) var flaw: String?
        /// What it would send, or sent or failed to, by delivery.
        fileprivate let sent: Set<[UInt8]>

        fileprivate init(_ run: RetryRun, _ record: ResolvedRecord, flaw: String?) {
            self.run = run
            self.record = record
            self.flaw = flaw
            sent = Set(
                run.results.filter { $0.outcome != .skipped }.map { Array($0.delivery.utf8) })
        }

        fileprivate var plan: SHA256Digest? { record.header.links(RetryRun.plan).first }
    }

    private struct Plan: Equatable {
        let record: ResolvedRecord
        let plan: RetryPlan
        /// What is to be done, by delivery.
        let actions: [[UInt8]: RetryPlan.Action]
        /// The deliveries that it retries, in its order.
        let retried: [[UInt8]]
        /// Why its schedule is not the one that follows from its deliveries.
        let flaw: String?
        /// Whether a live run used it, or a later plan takes its place.
        var isUsed = false
        var isSuperseded = false
        /// Its dry runs, in log order.
        var dryRuns: [Int] = []

        init(_ plan: RetryPlan, _ record: ResolvedRecord, flaw: String?) {
            self.flaw = flaw
            self.record = record
            self.plan = plan
            actions = Dictionary(
                plan.entries.map { (Array($0.delivery.utf8), $0.action) },
                uniquingKeysWith: { first, _ in first })
            retried = plan.entries.filter { $0.action == .retry }.map { Array($0.delivery.utf8) }
        }
    }

    /// The runs, in log order.
    package private(set) var runs: [Run] = []

    private var plans: [Plan] = []
    private var planPlaces: [SHA256Digest: Int] = [:]
    private var runPlaces: [SHA256Digest: Int] = [:]
    /// The run that a review is about.
    private var reviewed: [SHA256Digest: Int] = [:]
    /// The entries that name a delivery by a link, in log order: places of plan and entry.
    private var entries: [DeliveryState.Key: [(plan: Int, entry: Int)]] = [:]
    /// The ids for which a plan has an entry.
    private var planned: Set<[UInt8]> = []

    package static func == (left: RetryState, right: RetryState) -> Bool {
        left.runs == right.runs && left.plans == right.plans
    }

    // MARK: What is asked

    /// Whether any plan has an entry of this id, whatever it links to.
    package func isPlanned(_ delivery: String) -> Bool { planned.contains(Array(delivery.utf8)) }

    /// The plans that have an entry for a delivery and are neither used nor superseded, the newest
    /// first.
    package func plans(for key: DeliveryState.Key) -> [PlannedRetry] {
        entries[key, default: []].reversed().compactMap { place in
            let plan = plans[place.plan]
            guard !plan.isUsed, !plan.isSuperseded, plan.flaw == nil, plan.record.status.counts
            else { return nil }
            return PlannedRetry(plan: plan.record, entry: plan.plan.entries[place.entry])
        }
    }

    /// Whether every plan that has an entry for a delivery was used by a live run.
    package func isUsedUp(_ key: DeliveryState.Key) -> Bool {
        let places = entries[key, default: []]
        return !places.isEmpty && places.allSatisfy { plans[$0.plan].isUsed }
    }

    /// A run, by the digest of its record.
    package func run(_ record: SHA256Digest) -> Run? { runPlaces[record].map { runs[$0] } }

    /// The first dry run of exactly what a plan would send that a second operator approved.
    package func reviewedDryRun(of plan: SHA256Digest) -> Run? {
        guard let place = planPlaces[plan] else { return nil }
        return plans[place].dryRuns.lazy.map { runs[$0] }.first {
            $0.flaw == nil && $0.record.status.counts && $0.ruling.isApproved
        }
    }

    // MARK: What happens

    /// Takes in a plan of deliveries.
    ///
    /// - Returns: Why its schedule is another than the one that follows from them; nil where it is not.
    mutating func add(
        _ plan: RetryPlan, _ record: ResolvedRecord, _ deliveries: DeliveryState
    ) -> EvidenceIssue.Problem? {
        let place = plans.count
        let flaw = deliveries.scheduleFlaw(of: plan, record.header)
        planPlaces[record.digest] = place
        plans.append(Plan(plan, record, flaw: flaw))
        for digest in record.header.links(LinkRule.supersedes) {
            if let old = planPlaces[digest], old != place { plans[old].isSuperseded = true }
        }
        let linked = linked(record.header, deliveries)
        for (index, entry) in plan.entries.enumerated() {
            let id = Array(entry.delivery.utf8)
            planned.insert(id)
            // Where the links lead to several deliveries of one id, the entry names none of them.
            guard let keys = linked[id], keys.count == 1, let key = keys.first else { continue }
            entries[key, default: []].append((place, index))
        }
        return flaw.map { .schedule($0) }
    }

    /// Takes in a run.
    ///
    /// - Returns: Why it is a live run that nobody allowed; nil for any other.
    mutating func add(
        _ run: RetryRun, _ record: ResolvedRecord, _ deliveries: DeliveryState
    ) -> EvidenceIssue.Problem? {
        let flaw =
            flaw(of: run, record.header) ?? flaw(ofDeliveriesOf: run, record.header, deliveries)
        let plan = record.header.links(RetryRun.plan).first.flatMap { planPlaces[$0] }
        runPlaces[record.digest] = runs.count
        defer {
            runs.append(Run(run, record, flaw: flaw))
            if let plan {
                switch run.mode {
                case .dryRun: plans[plan].dryRuns.append(runs.count - 1)
                case .live: plans[plan].isUsed = true
                }
            }
        }
        guard run.mode == .live else { return nil }
        return (unreviewed(record.header) ?? flaw).map { .notReviewed($0) }
    }

    /// Takes in a review.
    mutating func add(_ review: RetryReview, _ record: ResolvedRecord) -> EvidenceIssue.Problem? {
        guard let link = record.header.links(RetryReview.link).first, let index = runPlaces[link]
        else { return nil }
        reviewed[record.digest] = index
        guard review.decision == .approved else {
            runs[index].ruling.deny(record.digest)
            return nil
        }
        let undone = Set(record.header.links(LinkRule.supersedes))
        guard record.status.counts,
            !runs[index].ruling.propose(record.digest, undoing: undone)
        else { return nil }
        return .notUndone("the run was denied, and it does not name that denial")
    }

    /// Lets a review count that approves a run.
    mutating func approve(by review: ResolvedRecord) {
        guard let index = reviewed[review.digest] else { return }
        _ = runs[index].ruling.approve(review.digest)
    }

    /// The deliveries to whose records a plan links, by id.
    private func linked(
        _ header: RecordHeader, _ deliveries: DeliveryState
    ) -> [[UInt8]: Set<DeliveryState.Key>] {
        var linked: [[UInt8]: Set<DeliveryState.Key>] = [:]
        for case let key? in header.links(RetryPlan.link).map(deliveries.key(of:)) {
            linked[key.id, default: []].insert(key)
        }
        return linked
    }

    // MARK: What is wrong

    /// Why an entry of a plan names no delivery.
    func flaw(
        of plan: RetryPlan, _ header: RecordHeader, _ deliveries: DeliveryState
    ) -> String? {
        let linked = linked(header, deliveries)
        let ambiguous = plan.entries.first {
            linked[Array($0.delivery.utf8), default: []].count > 1
        }
        if let ambiguous {
            return
                "its links lead to several deliveries of the id \(ambiguous.delivery), over several "
                + "routes or of several events"
        }
        return deliveries.scheduleFlaw(of: plan, header)
    }

    /// Why a live run could not be one of its plan and of an approved dry run, were it the next of the log.
    func obstacle(toLive run: RetryRun, _ header: RecordHeader) -> String? {
        unreviewed(header) ?? flaw(of: run, header)
    }

    /// Why a live run does not name a review that by then approves a dry run of the same plan.
    private func unreviewed(_ header: RecordHeader) -> String? {
        guard let review = header.links(RetryRun.review).first else {
            return "it names no review of a dry run"
        }
        let plan = header.links(RetryRun.plan).first
        guard let dryRun = reviewed[review].map({ runs[$0] }), dryRun.run.mode == .dryRun,
            dryRun.ruling.isApproved(by: review), dryRun.plan == plan
        else { return "the review that it names does not approve a dry run of its plan" }
        if let named = header.links(RetryRun.dryRun).first, named != dryRun.record.digest {
            return "the review that it names is of another dry run than the one that it names"
        }
        return dryRun.flaw.map { "the dry run that was reviewed is none of its plan: \($0)" }
    }

    /// Why a run is not one of its plan and, where it is live, of the reviewed dry run, each used once;
    /// whoever signed what.
    func flaw(of run: RetryRun, _ header: RecordHeader) -> String? {
        guard let place = header.links(RetryRun.plan).first.flatMap({ planPlaces[$0] }) else {
            return "its plan is not there"
        }
        let plan = plans[place]
        if let flaw = plan.flaw { return "its plan has a schedule that does not follow: \(flaw)" }
        var seen: Set<[UInt8]> = []
        for result in run.results where !seen.insert(Array(result.delivery.utf8)).inserted {
            return "it reports \(result.delivery) twice"
        }
        for result in run.results where plan.actions[Array(result.delivery.utf8)] == nil {
            return "it reports \(result.delivery), which its plan does not have"
        }
        switch run.mode {
        case .dryRun: return flaw(ofDryRun: run, of: plan)
        case .live:
            if plan.isUsed { return "an earlier live run used its plan, which allows one" }
            if plan.isSuperseded { return "a later plan takes the place of its plan" }
            guard let dryRun = header.links(RetryRun.review).first.flatMap({ reviewed[$0] }) else {
                return nil
            }
            let allowed = runs[dryRun].sent
            for result in run.results
            where result.outcome != .skipped && !allowed.contains(Array(result.delivery.utf8)) {
                return "it reports \(result.delivery), which the reviewed dry run does not send"
            }
            return nil
        }
    }

    /// Why what a live run says of its deliveries does not follow from their records, or what those show was not
    /// reviewed.
    private func flaw(
        ofDeliveriesOf run: RetryRun, _ header: RecordHeader, _ deliveries: DeliveryState
    ) -> String? {
        guard run.mode == .live,
            let dryRun = header.links(RetryRun.review).first.flatMap({ reviewed[$0] })
        else { return nil }
        var rehearsals: [[UInt8]: RetryRun.Rehearsal] = [:]
        for result in runs[dryRun].run.results {
            rehearsals[Array(result.delivery.utf8)] = result.rehearsal
        }
        var reported: [[UInt8]: DeliveryState.Status] = [:]
        for digest in header.links(RetryRun.delivery) {
            guard let id = deliveries.key(of: digest)?.id,
                let details = deliveries.details(of: digest)
            else { continue }
            reported[id] = max(reported[id] ?? .open, deliveries.status(of: digest) ?? .open)
            guard let rehearsal = rehearsals[id] else { continue }
            guard details.commitments == rehearsal.commitments,
                details.routeTag == rehearsal.routeTag
            else {
                return "what it sent of \(printable(id)) is not what the reviewed dry run shows"
            }
        }
        guard run.isDetailed else { return nil }
        for result in run.results where result.outcome != .skipped {
            guard let status = reported[Array(result.delivery.utf8)] else {
                return "it names no record of version 2 of what it sent of \(result.delivery)"
            }
            guard result.outcome != .delivered || status != .open else {
                return
                    "it says that \(result.delivery) was delivered, and the record that it names does not"
            }
        }
        return nil
    }

    /// Why a dry run is not of exactly what its plan would send.
    private func flaw(ofDryRun run: RetryRun, of plan: Plan) -> String? {
        var sent: Set<[UInt8]> = []
        for result in run.results where result.outcome == .wouldSend {
            let id = Array(result.delivery.utf8)
            if let action = plan.actions[id], action != .retry {
                return "it would send \(result.delivery), for which its plan has \(action.rawValue)"
            }
            sent.insert(id)
        }
        return plan.retried.first { !sent.contains($0) }.map {
            "it would not send \(printable($0)), which its plan retries"
        }
    }
}
