package import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// What is to be done about the deliveries that are open: what `retry plan` is asked for.
package struct RetryPlanRequest: Sendable {
    /// The person who sees to it.
    package var owner: String
    /// When it is to be done.
    package var resolveBy: Instant
    /// Why they failed, or what is done about it.
    package var reason: String
    /// The ids of the deliveries; empty for all that are open.
    package var deliveries: [String]
    /// The ids of those that are not tried again for now.
    package var waiting: Set<String>
    /// The ids of those that are not tried again.
    package var suppressed: Set<String>

    package init(
        owner: String, resolveBy: Instant, reason: String, deliveries: [String] = [],
        waiting: Set<String> = [], suppressed: Set<String> = []
    ) {
        self.owner = owner
        self.resolveBy = resolveBy
        self.reason = reason
        self.deliveries = deliveries
        self.waiting = waiting
        self.suppressed = suppressed
    }

    fileprivate func action(for id: String) -> RetryPlan.Action {
        if suppressed.contains(id) { return .suppress }
        return waiting.contains(id) ? .wait : .retry
    }
}

extension BundleSession {
    /// Plans what is to be done about open deliveries, with the schedule that follows.
    ///
    /// Plans of nothing but these deliveries that no live run used are superseded by it.
    ///
    /// - Parameters:
    ///   - request: Who sees to it, until when, and why.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError` where there is nothing to plan, or it cannot be planned; nothing is stored then.
    package mutating func planRetries(
        _ request: RetryPlanRequest, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        guard request.resolveBy > terms.append.now else {
            throw .refused(
                .usage, "--resolve-by \(request.resolveBy) is past", hint: "give a later instant")
        }
        let items = try evidence.openDeliveries(request)
        var entries: [RetryPlan.Entry] = []
        for item in items {
            entries.append(try entry(for: item, evidence, request))
        }
        let plan = RetryPlan(entries: entries, isScheduled: true)
        let links =
            items.map { RecordLink(kind: RetryPlan.link, digest: $0.decisive.digest) }
            + evidence.replaced(by: items).map {
                RecordLink(kind: LinkRule.supersedes, digest: $0)
            }
        var receipt = Receipt()
        for entry in entries where entry.action == .retry {
            guard let first = entry.nextAttempts.first else {
                receipt.warn(
                    "no attempt of \(entry.delivery) would begin by \(request.resolveBy)",
                    hint: "give a later --resolve-by, or let it wait: --wait \(entry.delivery)")
                continue
            }
            receipt.note(
                "\(entry.delivery): \(entry.nextAttempts.count) attempts, the first not before "
                    + "\(first)")
        }
        receipt.append(
            try await write(RecordDraft(body: .retryPlan(plan), links: links), terms))
        return receipt
    }

    private func entry(
        for item: DeliveryState.Item, _ evidence: BundleEvidence, _ request: RetryPlanRequest
    ) throws(WorkflowError) -> RetryPlan.Entry {
        let id = item.latest.delivery
        guard let last = evidence.state.deliveries.lastAttempt(of: item.decisive.digest) else {
            throw .refused(
                .usage, "\(printable(id)) was never attempted, so that nothing counts from there",
                hint: "deliver it first")
        }
        let action = request.action(for: id)
        var times: [Instant] = []
        if action == .retry {
            do {
                times = try RetrySchedule.standard.attempts(
                    after: last, of: id, seal: sealDigest, until: request.resolveBy)
            } catch {
                throw WorkflowError(error)
            }
        }
        return RetryPlan.Entry(
            delivery: id, action: action, owner: request.owner, resolveBy: request.resolveBy,
            reason: request.reason, nextAttempts: times, lastAttempt: last.at)
    }
}

extension BundleEvidence {
    /// The open deliveries that a plan is about, each id once.
    fileprivate func openDeliveries(
        _ request: RetryPlanRequest
    ) throws(WorkflowError) -> [DeliveryState.Item] {
        let open = state.deliveries.open
        let named = request.deliveries + request.waiting.sorted() + request.suppressed.sorted()
        for id in named
        where !open.contains(where: { $0.latest.delivery.utf8.elementsEqual(id.utf8) }) {
            throw .refused(
                .usage, "\(printable(id)) is no delivery that is open",
                hint: "`closeout status BUNDLE` shows which are")
        }
        let only = Set(request.deliveries)
        let items = only.isEmpty ? open : open.filter { named.contains($0.latest.delivery) }
        guard !items.isEmpty else {
            throw .refused(.usage, "no delivery is open, so that there is nothing to plan")
        }
        var seen: Set<String> = []
        for item in items where !seen.insert(item.latest.delivery).inserted {
            throw .refused(
                .usage,
                "several open deliveries have the id \(printable(item.latest.delivery)), and a plan "
                    + "has one entry for each id",
                hint: "write a plan for each of them: closeout record add BUNDLE --file FILE")
        }
        return items
    }

    /// The plans that nobody used and that are about nothing but these deliveries.
    fileprivate func replaced(by items: [DeliveryState.Item]) -> [SHA256Digest] {
        let ids = Set(items.map(\.latest.delivery))
        var replaced: Set<SHA256Digest> = []
        for item in items {
            for retry in state.retries.plans(for: item.key) {
                guard case .retryPlan(let plan) = retry.plan.body,
                    plan.entries.allSatisfy({ ids.contains($0.delivery) })
                else { continue }
                replaced.insert(retry.plan.digest)
            }
        }
        return replaced.sorted()
    }
}
