package import OpenSSL

/// The deliveries, and what was done about those that failed (docs/records.md, "State").
package struct DeliveryState: Equatable, Sendable {
    /// One delivery over all its attempts and retries.
    package struct Item: Equatable, Sendable {
        /// Its records, in log order; the last one says how it stands.
        package fileprivate(set) var records: [StandingRecord]
        /// What the last record says.
        package fileprivate(set) var latest: DeliveryRecord
        /// Whether nothing but a file of another system says that it is settled.
        package fileprivate(set) var isImported: Bool
    }

    /// A run of a retry plan.
    package struct Run: Equatable, Sendable {
        /// What was done.
        package let run: RetryRun
        /// Its record.
        package let record: StandingRecord
        /// What others said of it.
        package fileprivate(set) var ruling = Ruling()
    }

    /// What a plan says of one delivery.
    package struct PlannedRetry: Equatable, Sendable {
        /// The plan's record.
        package let plan: StandingRecord
        /// What it says.
        package let entry: RetryPlan.Entry
    }

    /// All deliveries, in the order of their first records.
    package private(set) var items: [Item] = []
    /// The runs, in log order.
    package private(set) var runs: [Run] = []

    private var places: [SHA256Digest: Int] = [:]
    private var dryRuns: [SHA256Digest: [Int]] = [:]
    private var reviews: [SHA256Digest: Int] = [:]
    private var itemPlaces: [[UInt8]: Int] = [:]
    private var planned: [[UInt8]: PlannedRetry] = [:]

    /// The deliveries that are not settled.
    package var open: [Item] { items.filter { !$0.latest.state.isSettled } }

    /// The newest plan that has an entry for a delivery, and that entry.
    package func plan(for delivery: String) -> PlannedRetry? { planned[Array(delivery.utf8)] }

    /// The dry runs of a plan that a second operator approved, in log order.
    package func reviewedDryRuns(of plan: SHA256Digest) -> [Run] {
        dryRuns[plan, default: []].map { runs[$0] }.filter(\.ruling.isApproved)
    }

    mutating func add(_ record: StandingRecord) -> EvidenceIssue.Problem? {
        switch record.body {
        case .delivery(let delivery): add(delivery, record)
        case .retryPlan(let plan):
            for entry in plan.entries {
                planned[Array(entry.delivery.utf8)] = PlannedRetry(plan: record, entry: entry)
            }
        case .retryRun(let run):
            let problem = run.mode == .live ? defect(ofLiveRun: record) : nil
            places[record.digest] = runs.count
            let plans = record.header.links(RetryRun.plan)
            if run.mode == .dryRun, let plan = plans.first, plans.count == 1 {
                dryRuns[plan, default: []].append(runs.count)
            }
            runs.append(Run(run: run, record: record))
            return problem
        case .retryReview(let review): return add(review, record)
        default: break
        }
        return nil
    }

    private mutating func add(_ delivery: DeliveryRecord, _ record: StandingRecord) {
        let key = Array(delivery.delivery.utf8)
        let isImported = delivery.state.isSettled && !record.standing.counts
        guard let place = itemPlaces[key] else {
            itemPlaces[key] = items.count
            items.append(Item(records: [record], latest: delivery, isImported: isImported))
            return
        }
        items[place].records.append(record)
        // What an import says to be settled settles nothing that is on record otherwise.
        guard !isImported || items[place].isImported else { return }
        items[place].latest = delivery
        items[place].isImported = isImported
    }

    private mutating func add(
        _ review: RetryReview, _ record: StandingRecord
    ) -> EvidenceIssue.Problem? {
        guard let link = record.header.links(RetryReview.link).first,
            let index = places[link]
        else { return nil }
        reviews[record.digest] = index
        guard review.decision == .approved else {
            runs[index].ruling.deny(record.digest)
            return nil
        }
        let undone = Set(record.header.links(LinkRule.supersedes))
        guard record.standing.counts,
            !runs[index].ruling.propose(record.digest, undoing: undone)
        else { return nil }
        return .notUndone("the run was denied, and it does not name that denial")
    }

    /// Lets a review count that approves a run.
    mutating func approve(by review: StandingRecord) {
        guard let index = reviews[review.digest] else { return }
        _ = runs[index].ruling.approve(review.digest)
    }

    /// A live run names a review that by then approves a dry run of the same plan.
    private func defect(ofLiveRun record: StandingRecord) -> EvidenceIssue.Problem? {
        guard let review = record.header.links(RetryRun.review).first else {
            return .notReviewed("it names no review of a dry run")
        }
        let plan = record.header.links(RetryRun.plan)
        let isReviewed =
            reviews[review].map { runs[$0] }.map {
                $0.run.mode == .dryRun && $0.ruling.isApproved(by: review)
                    && $0.record.header.links(RetryRun.plan) == plan
            } ?? false
        return isReviewed
            ? nil : .notReviewed("the review that it names does not approve a dry run of its plan")
    }
}
