package import Encodings
package import OpenSSL

/// The requests for retention, and what was decided on them (docs/records.md, "State").
package struct RetentionState: Equatable, Sendable {
    /// One request with its ruling.
    package struct Item: Equatable, Sendable {
        /// What is asked for.
        package let request: RetentionRequest
        /// Its record.
        package let record: StandingRecord
        /// What was decided on it.
        package internal(set) var ruling = Ruling()
    }

    /// All requests, in log order.
    package private(set) var items: [Item] = []

    private var places: [SHA256Digest: Int] = [:]
    private var denied: [SHA256Digest: Int] = [:]
    /// The longest that anybody ever approved, whatever the approval is worth by now.
    private var longest: Instant?

    /// The requests that are approved, in log order.
    package var approved: [Item] { items.filter(\.ruling.isApproved) }

    /// The digests of all denials that stand, in log order of their requests.
    package var denials: [SHA256Digest] { items.flatMap(\.ruling.denials) }

    /// Whether a request is approved and no denial of any stands.
    package var isApproved: Bool { !approved.isEmpty && denials.isEmpty }

    /// The last instant of all approved retention; nil where there is none, or while the event that
    /// one of them waits for has not happened.
    package var until: Instant? { approved.lastInstant }

    /// Whether an approved request waits for its event, so that everything is kept.
    package var isOpenEnded: Bool { approved.contains { $0.request.until == nil } }

    /// Takes in a request.
    mutating func add(
        _ request: RetentionRequest, _ record: StandingRecord
    ) -> EvidenceIssue.Problem? {
        places[record.digest] = items.count
        items.append(Item(request: request, record: record))
        guard let until = request.until, let longest, until < longest else { return nil }
        return .shortened("it ends at \(until), before \(longest), which was approved")
    }

    /// Takes in a decision at its place in the log.
    mutating func add(
        _ decision: RetentionDecision, _ record: StandingRecord
    ) -> EvidenceIssue.Problem? {
        guard let index = place(of: record) else { return nil }
        guard decision.decision == .approved else {
            items[index].ruling.deny(record.digest)
            denied[record.digest] = index
            return nil
        }
        longest = [longest, items[index].request.until].compactMap(\.self).max()
        guard record.standing.counts,
            !items[index].ruling.propose(record.digest, undoing: undone(by: record, index))
        else { return nil }
        return .notUndone("the request was denied, and it does not name that denial")
    }

    /// Lets an approval count.
    mutating func approve(by record: StandingRecord) {
        guard let index = place(of: record), items[index].ruling.approve(record.digest) else {
            return
        }
        for digest in undone(by: record, index) {
            guard let place = denied.removeValue(forKey: digest) else { continue }
            items[place].ruling.undo(digest)
        }
    }

    /// The request that a decision is about.
    private func place(of decision: StandingRecord) -> Int? {
        decision.header.links(RetentionDecision.link).first.flatMap { places[$0] }
    }

    /// The denials that an approval names, or its request does.
    private func undone(by record: StandingRecord, _ index: Int) -> Set<SHA256Digest> {
        Set(record.header.links(LinkRule.supersedes))
            .union(items[index].record.header.links(LinkRule.supersedes))
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
