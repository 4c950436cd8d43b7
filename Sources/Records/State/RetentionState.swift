package import CloseoutEncodings
package import CloseoutOpenSSL

/// The requests for retention, and what was decided on them (docs/records.md, "State").
package struct RetentionState: Equatable, Sendable {
    /// One request with its ruling.
    package struct Item: Equatable, Sendable {
        /// What is asked for.
        package let request: RetentionRequest
        /// Its record.
        package let record: ResolvedRecord
        /// What was decided on it.
        package internal(set) var ruling = Ruling()
        /// Its first approval after a stricter one.
        package fileprivate(set) var weakening: Weakening?
        /// Whether it was reported to end too early.
        fileprivate var isShortened = false
        /// The denials that the request names, for the approvals of it.
        fileprivate let undone: Set<SHA256Digest>

        fileprivate init(request: RetentionRequest, record: ResolvedRecord) {
            self.request = request
            self.record = record
            undone = Set(record.header.links(LinkRule.supersedes))
        }
    }

    /// An approval of a weaker mode than somebody had approved before.
    package struct Weakening: Equatable, Sendable {
        /// The digest of the approval.
        package let approval: SHA256Digest
        /// The strictest mode that had been approved.
        package let stricter: RetentionRequest.Mode
    }

    /// All requests, in log order.
    package private(set) var items: [Item] = []

    private var places: [SHA256Digest: Int] = [:]
    private var denied: [SHA256Digest: Int] = [:]
    private var utmost = UtmostRetention()

    /// The requests that are approved, in log order.
    package var approved: [Item] { items.filter(\.ruling.isApproved) }

    /// The digests of all denials in force, in log order of their requests.
    package var denials: [SHA256Digest] { items.flatMap(\.ruling.denials) }

    /// Whether a request is approved and no denial of any is in force.
    package var isApproved: Bool { !approved.isEmpty && denials.isEmpty }

    /// The last instant of all approved retention; nil where there is none, or while the event that
    /// one of them waits for has not happened.
    package var until: Instant? { approved.lastInstant }

    /// Whether an approved request waits for its event, so that everything is kept.
    package var isOpenEnded: Bool { approved.contains { $0.request.until == nil } }

    /// Takes in a request.
    mutating func add(_ request: RetentionRequest, _ record: ResolvedRecord) -> EvidenceIssue? {
        places[record.digest] = items.count
        items.append(Item(request: request, record: record))
        return shortening(by: items.count - 1)
    }

    /// Takes in a decision at its place in the log.
    mutating func add(
        _ decision: RetentionDecision, _ record: ResolvedRecord
    ) -> [EvidenceIssue] {
        guard let index = place(of: record) else { return [] }
        guard decision.decision == .approved else {
            items[index].ruling.deny(record.digest)
            denied[record.digest] = index
            return []
        }
        var issues = [compare(index, by: record)].compactMap(\.self)
        utmost.include(items[index].request)
        if record.status.counts,
            !items[index].ruling.propose(
                record.digest, undoing: Set(record.header.links(LinkRule.supersedes)),
                and: items[index].undone)
        {
            issues.append(
                EvidenceIssue(
                    record: record.digest,
                    problem: .notUndone(
                        "the request was denied, and it does not name that denial")))
        }
        return issues
    }

    /// Takes in an approval once more where its signatures are complete.
    mutating func complete(
        _ decision: RetentionDecision, _ record: ResolvedRecord
    ) -> EvidenceIssue? {
        guard decision.decision == .approved, let index = place(of: record) else { return nil }
        if record.status.counts, items[index].ruling.approve(record.digest) {
            let named = record.header.links(LinkRule.supersedes)
            for digest in items[index].undone.union(named) {
                guard let place = denied.removeValue(forKey: digest) else { continue }
                items[place].ruling.undo(digest)
            }
        }
        return compare(index, by: record)
    }

    /// Compares what is approved with the utmost that was.
    private mutating func compare(_ index: Int, by approval: ResolvedRecord) -> EvidenceIssue? {
        let mode = items[index].request.mode ?? .none
        if items[index].weakening == nil, mode < utmost.mode {
            items[index].weakening = Weakening(approval: approval.digest, stricter: utmost.mode)
        }
        return shortening(by: index)
    }

    /// Reports once of a request that it ends too early.
    private mutating func shortening(by index: Int) -> EvidenceIssue? {
        guard !items[index].isShortened,
            let reason = utmost.shortening(by: items[index].request)
        else { return nil }
        items[index].isShortened = true
        return EvidenceIssue(record: items[index].record.digest, problem: .shortened(reason))
    }

    /// The request that a decision is about.
    private func place(of decision: ResolvedRecord) -> Int? {
        decision.header.links(RetentionDecision.link).first.flatMap { places[$0] }
    }
}

extension [RetentionState.Item] {
    /// The last instant at which one of them keeps anything; nil where there is none, or while one
    /// waits for its event.
    package var lastInstant: Instant? {
        let instants = map(\.request.until)
        return instants.contains(nil) ? nil : instants.compactMap(\.self).max()
    }
}
