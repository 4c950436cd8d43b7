package import CloseoutEncodings
import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutSignatures

/// What one live run may send: what its plan, its dry run and their review name, and nothing else.
package struct RetryPermit: Sendable {
    /// One delivery that may be sent.
    package struct Delivery: Equatable, Sendable {
        /// Its id.
        package let id: String
        /// The name of its route.
        package let route: String
        /// The record that left it open.
        package let record: SHA256Digest
        /// Before when it is not tried again.
        package let notBefore: Instant?
        /// Which receiver the dry run named.
        package let routeTag: RouteTag?
        /// The names of the header fields that the dry run showed.
        package let headerNames: [String]
        /// What the dry run committed to.
        package let commitments: [SHA256Digest]
    }

    /// The plan.
    package let plan: SHA256Digest
    /// The dry run of it.
    package let dryRun: SHA256Digest
    /// The review of that.
    package let review: SHA256Digest
    /// What may be sent, in the order of the plan.
    package let deliveries: [Delivery]
    /// What of the plan is not sent, and why.
    package let skipped: [RetryRun.Result]
}

extension BundleSession {
    /// The digests of what a live run names.
    ///
    /// - Throws: `WorkflowError` where the bundle has no such record.
    package mutating func retryNames(
        plan: [UInt8], dryRun: [UInt8], review: [UInt8], _ terms: RecordTerms
    ) async throws(WorkflowError) -> (
        plan: SHA256Digest, dryRun: SHA256Digest, review: SHA256Digest
    ) {
        let evidence = try await evidence(terms.append)
        return (
            try evidence.record(named: plan).digest, try evidence.record(named: dryRun).digest,
            try evidence.record(named: review).digest
        )
    }

    /// What may be sent by a live run; as long as this session lives, nobody else can use it up.
    ///
    /// - Parameters:
    ///   - plan: The plan: its path or digest.
    ///   - dryRun: The dry run of it.
    ///   - review: The review of that.
    ///   - begun: The ids of the deliveries that this run had taken up before it was cut off: their results are to be
    ///     recorded, whatever is on record of them by now, and nothing else is demanded to be in time.
    ///   - terms: Who signs the live run, which takes a key of the role `delivery`, by which policy.
    /// - Returns: The deliveries.
    /// - Throws: `WorkflowError` that says what is missing; nothing may be sent then.
    package mutating func retryPermit(
        plan: [UInt8], dryRun: [UInt8], review: [UInt8], begun: Set<String> = [],
        _ terms: RecordTerms
    ) async throws(WorkflowError) -> RetryPermit {
        let evidence = try await evidence(terms.append)
        let planRecord = try evidence.record(named: plan)
        let dryRecord = try evidence.record(named: dryRun)
        let reviewRecord = try evidence.record(named: review)
        guard case .retryPlan(let planned) = planRecord.body, planned.isScheduled,
            case .retryRun(let rehearsed) = dryRecord.body, rehearsed.isDetailed,
            rehearsed.mode == .dryRun, case .retryReview = reviewRecord.body
        else {
            throw .refused(
                .usage,
                "a live run names a plan and a dry run of version 2, and a review of the dry run",
                hint: "`closeout retry plan`, `retry run --dry-run` and `retry review` write them")
        }
        let probe = try liveRun(
            [], planRecord.digest, dryRecord.digest, reviewRecord.digest, [], terms)
        if let obstacle = evidence.state.obstacle(toLive: probe) {
            throw .refused(
                .failed, "nothing is sent: \(obstacle)",
                hint: evidence.hasPolicy
                    ? "`closeout retry review` approves a dry run, once for each live run"
                    : "give --trust POLICY: without one no review counts")
        }
        try await confirmRole(probe, terms)
        return try evidence.permit(
            planned, planRecord, rehearsed, dryRecord.digest, reviewRecord.digest,
            begun: begun, at: terms.append.now)
    }

    /// Confirms that whoever runs it has the role `delivery` where the policy has that role.
    private mutating func confirmRole(
        _ run: Record, _ terms: RecordTerms
    ) async throws(WorkflowError) {
        do {
            let verifier = try verifier(terms.append)
            guard verifier.recordThresholds[.delivery] != nil else { return }
            let bytes = run.canonicalBytes
            let envelope = try await terms.signer?.envelope(of: .record(bytes))
            let results = try envelope.map {
                try verifier.verify($0, as: .dsse, over: .record(bytes))
            }
            guard (results ?? []).contains(where: { $0.counts(for: .delivery) }) else {
                throw WorkflowError.refused(
                    .failed, "nothing is sent: a live run takes a key of the role delivery",
                    hint: "give --key KEY of an operator whom the policy gives that role")
            }
        } catch {
            throw WorkflowError(error)
        }
    }

    /// The record of a live run.
    func liveRun(
        _ results: [RetryRun.Result], _ plan: SHA256Digest, _ dryRun: SHA256Digest,
        _ review: SHA256Digest, _ delivered: [SHA256Digest], _ terms: RecordTerms
    ) throws(WorkflowError) -> Record {
        let draft = liveDraft(results, plan, dryRun, review, delivered)
        do {
            return try draft.record(
                about: seal.release, seal: sealDigest, links: draft.links, terms)
        } catch {
            throw WorkflowError(error)
        }
    }

    func liveDraft(
        _ results: [RetryRun.Result], _ plan: SHA256Digest, _ dryRun: SHA256Digest,
        _ review: SHA256Digest, _ delivered: [SHA256Digest]
    ) -> RecordDraft {
        RecordDraft(
            body: .retryRun(RetryRun(mode: .live, results: results, isDetailed: true)),
            links: [
                RecordLink(kind: RetryRun.plan, digest: plan),
                RecordLink(kind: RetryRun.dryRun, digest: dryRun),
                RecordLink(kind: RetryRun.review, digest: review),
            ] + delivered.map { RecordLink(kind: RetryRun.delivery, digest: $0) })
    }
}

extension BundleEvidence {
    /// What a reviewed dry run allows to be sent at an instant.
    fileprivate func permit(
        _ plan: RetryPlan, _ planRecord: ResolvedRecord, _ rehearsed: RetryRun,
        _ dryRun: SHA256Digest, _ review: SHA256Digest, begun: Set<String>, at now: Instant
    ) throws(WorkflowError) -> RetryPermit {
        let records = planRecord.header.links(RetryPlan.link)
        var allowed: [RetryPermit.Delivery] = []
        var skipped: [RetryRun.Result] = []
        func skip(_ id: String, _ code: String) {
            skipped.append(
                RetryRun.Result(delivery: id, outcome: .skipped, code: EvidenceCode(code)))
        }
        for entry in plan.entries {
            let result = rehearsed.results.first {
                $0.delivery.utf8.elementsEqual(entry.delivery.utf8)
            }
            let item = state.deliveries.items.first { item in
                item.latest.delivery.utf8.elementsEqual(entry.delivery.utf8)
                    && item.records.contains { records.contains($0.digest) }
            }
            let isBegun = begun.contains(entry.delivery)
            guard let rehearsal = result?.rehearsal, let item, item.status == .open || isBegun
            else {
                skip(entry.delivery, "plan.not-reviewed")
                continue
            }
            let due = entry.nextAttempts.first ?? now
            if !isBegun, !begun.isEmpty, entry.resolveBy < now || due > now {
                skip(entry.delivery, "plan.not-in-time")
                continue
            }
            guard entry.resolveBy >= now || isBegun else {
                throw .refused(
                    .failed,
                    "nothing is sent: \(entry.delivery) was to be resolved by \(entry.resolveBy)",
                    hint: "make a new plan: closeout retry plan")
            }
            allowed.append(
                RetryPermit.Delivery(
                    id: entry.delivery, route: item.latest.route, record: item.decisive.digest,
                    notBefore: entry.nextAttempts.first, routeTag: rehearsal.routeTag,
                    headerNames: rehearsal.headerNames, commitments: rehearsal.commitments))
        }
        // A run uses its plan up, so that it waits for the last of the first attempts.
        if begun.isEmpty, let due = allowed.compactMap(\.notBefore).max(), due > now {
            throw .refused(
                .failed, "nothing is sent: the plan is not due before \(due)",
                hint: "run it then")
        }
        return RetryPermit(
            plan: planRecord.digest, dryRun: dryRun, review: review, deliveries: allowed,
            skipped: skipped)
    }
}
