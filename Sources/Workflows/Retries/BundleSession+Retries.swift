import CloseoutBundles
package import CloseoutOpenSSL
package import CloseoutRecords

// What a dry run, a review and a live run write. Nothing here sends anything.

extension BundleSession {
    /// The deliveries that a plan retries, with the names of their routes: what a dry run looks at.
    ///
    /// - Throws: `WorkflowError` where it is no plan whose schedule can be computed again, or can no longer be used.
    package mutating func retried(
        byPlan name: [UInt8], _ terms: RecordTerms
    ) async throws(WorkflowError) -> (
        plan: SHA256Digest, retried: [(id: String, route: String)], others: [RetryPlan.Entry]
    ) {
        let evidence = try await evidence(terms.append)
        let record = try evidence.record(named: name)
        guard case .retryPlan(let plan) = record.body, plan.isScheduled else {
            throw .refused(
                .usage, "\(evidence.path(of: record.digest)) is no plan of version 2",
                hint: "`closeout retry plan` writes one")
        }
        let records = record.header.links(RetryPlan.link)
        var retried: [(id: String, route: String)] = []
        for entry in plan.entries where entry.action == .retry {
            let item = evidence.state.deliveries.items.first { item in
                item.latest.delivery.utf8.elementsEqual(entry.delivery.utf8)
                    && item.records.contains { records.contains($0.digest) }
            }
            retried.append((entry.delivery, item?.latest.route ?? ""))
        }
        return (record.digest, retried, plan.entries.filter { $0.action != .retry })
    }

    /// Records a dry run.
    ///
    /// - Parameters:
    ///   - results: What would be sent.
    ///   - plan: The digest of its plan.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError` where it is not of just what its plan retries; nothing is stored then.
    package mutating func recordDryRun(
        _ results: [RetryRun.Result], of plan: SHA256Digest, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        try await write(
            RecordDraft(
                body: .retryRun(RetryRun(mode: .dryRun, results: results, isDetailed: true)),
                links: [RecordLink(kind: RetryRun.plan, digest: plan)]), terms)
    }

    /// Approves or denies a dry run, as a second person.
    ///
    /// - Parameters:
    ///   - review: The word, and why.
    ///   - name: The dry run: its path or digest.
    ///   - supersedes: The denials that it undoes, by path or digest.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError` where it is no dry run; nothing is stored then.
    package mutating func reviewRetry(
        _ review: RetryReview, ofRun name: [UInt8], supersedes: [[UInt8]] = [],
        _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        let record = try evidence.record(named: name)
        guard case .retryRun(let run) = record.body, run.mode == .dryRun else {
            throw .refused(
                .usage, "\(evidence.path(of: record.digest)) is no dry run",
                hint: "`closeout retry run --dry-run` writes one")
        }
        if review.decision == .approved,
            let flaw = evidence.state.retries.run(record.digest)?.flaw
        {
            throw .refused(
                .failed, "a dry run that cannot be approved: \(flaw)",
                hint: "make another: closeout retry run --dry-run")
        }
        let undoing = try evidence.links(
            superseding: supersedes,
            undoing: review.decision == .approved ? evidence.state.denials(of: record.digest) : [],
            "the run was denied")
        return try await write(
            RecordDraft(
                body: .retryReview(review),
                links: undoing + [RecordLink(kind: RetryReview.link, digest: record.digest)]),
            terms)
    }

    /// Records a delivery.
    ///
    /// - Parameters:
    ///   - delivery: The delivery.
    ///   - subject: The record that was reported.
    ///   - permit: What allowed it, where it was tried again by a live run.
    ///   - terms: By which policy; a delivery needs no signature.
    /// - Returns: As `write`; the record is the last that is stored.
    /// - Throws: `WorkflowError` where it could not count; nothing is stored then.
    package mutating func recordDelivery(
        _ delivery: DeliveryRecord, subject: SHA256Digest? = nil, by permit: RetryPermit? = nil,
        _ terms: RecordTerms
    ) async throws(WorkflowError) -> (receipt: Receipt, record: SHA256Digest) {
        var terms = terms
        // What is sent ends after the command began, and a clock can be put back: no record is older than what it tells.
        for attempt in delivery.attempts {
            terms.append.now = max(terms.append.now, attempt.details?.ended ?? attempt.at)
        }
        let deliveries = try await evidence(terms.append).state.deliveries
        var undone = Set(deliveries.contradicted(by: delivery))
        var links: [RecordLink] = []
        if let subject, let told = try await evidence(terms.append).state.record(subject),
            DeliveryRecord.subjects.contains(where: told.signed.record.kind.hasName)
        {
            links.append(RecordLink(kind: DeliveryRecord.subject, digest: subject))
        }
        if let permit {
            links.append(RecordLink(kind: DeliveryRecord.plan, digest: permit.plan))
            let earlier = permit.deliveries.first {
                $0.id.utf8.elementsEqual(delivery.delivery.utf8)
            }
            if let earlier { undone.insert(earlier.record) }
        }
        links += undone.sorted().map { RecordLink(kind: LinkRule.supersedes, digest: $0) }
        let draft = RecordDraft(body: .delivery(delivery), links: links)
        let size = log.size
        let receipt = try await write(draft, terms)
        let evidence = try await evidence(terms.append)
        let stored = evidence.state.records.last { $0.signed.sequence >= size }
        guard let stored else {
            throw .refused(.internal, "the record of a delivery was not stored")
        }
        return (receipt, stored.digest)
    }

    /// Records a live run after it: what it names is used up then.
    ///
    /// - Parameters:
    ///   - results: What was sent, and what was not.
    ///   - permit: What allowed it.
    ///   - delivered: The records of the deliveries that it made.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func recordLiveRun(
        _ results: [RetryRun.Result], by permit: RetryPermit, delivered: [SHA256Digest],
        _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        try await write(
            liveDraft(results, permit.plan, permit.dryRun, permit.review, delivered), terms)
    }
}
