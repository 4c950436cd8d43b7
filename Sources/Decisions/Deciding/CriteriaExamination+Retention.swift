import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

extension CriteriaExamination {
    /// Retention is approved, of the class, period and mode that are demanded, and goes on at the
    /// verification time.
    func retention(_ demand: CriterionCheck.RetentionDemand) -> CheckOutcome {
        let retention = state.retention
        guard retention.denials.isEmpty else {
            return .fail(
                "retention was denied", retention.denials,
                remedy: "an approval that undoes the denial: "
                    + RemedyCommand.approve.with(
                        retention.denials.map { "--supersedes \($0.hex)" }))
        }
        let approved = retention.approved
        guard !approved.isEmpty else {
            return unapproved
        }
        let fitting = approved.filter { fits($0.request, demand) }
        guard !fitting.isEmpty else {
            return .fail(
                "what is approved is shorter, weaker or of another class than the criteria require",
                approved.flatMap(\.evidence),
                remedy: "ask for what the criteria require: \(RemedyCommand.request.rawValue)")
        }
        let evidence = fitting.flatMap(\.evidence)
        if state.isProtected { return .pass("approved, and held for a legal matter", evidence) }
        guard let until = fitting.lastInstant else {
            return .pass("approved, and without end until its event occurs", evidence)
        }
        guard until >= state.asOf else {
            return .fail(
                "retention ended at \(until)\(state.idleHolds)", evidence,
                remedy: "have a longer retention approved: \(RemedyCommand.request.rawValue)")
        }
        return .pass("approved until \(until)", evidence)
    }

    /// Why nothing is approved.
    private var unapproved: CheckOutcome {
        let items = state.retention.items
        guard !items.isEmpty else {
            return .fail(
                "no retention is asked for", seal, remedy: RemedyCommand.request.rawValue)
        }
        let issue = state.issues.last { issue in
            if case .retentionDecision? = state.record(issue.record)?.body { true } else { false }
        }
        let why = issue.map { ": \($0.problem.reason)" } ?? ""
        return .fail(
            "retention is asked for and not approved\(why)",
            seal,
            remedy: "another person's approval: \(RemedyCommand.approve.rawValue)")
    }

    private func fits(
        _ request: RetentionRequest, _ demand: CriterionCheck.RetentionDemand
    ) -> Bool {
        let isOfClass =
            demand.classes.isEmpty
            || demand.classes.contains { $0.utf8.elementsEqual(request.retentionClass.utf8) }
        let isStrict = demand.mode.map { request.mode ?? .none >= $0 } ?? true
        guard isOfClass, isStrict else { return false }
        guard let minimum = demand.minimum, let until = request.until else { return true }
        guard let created = report.release?.created,
            let end = minimum.end(from: max(request.basis?.occurredAt ?? created, created))
        else { return false }
        return until >= end
    }

    /// Retention has no finding that is as grave as that and is known.
    func healthy(_ demand: CriterionCheck.HealthDemand) -> CheckOutcome {
        if let demanded = demand.classes, demanded != classes {
            return .unknown(
                "retention was not checked by the table of classes that the criteria name", seal,
                remedy: "give --classes FILE with sha256:\(demanded.hex)")
        }
        let relevant = health.findings.filter { $0.severity.isAtLeast(demand.severity) }
        let evidence = relevant.sharedEvidence
        let words = relevant.map { "\($0.check) \($0.object): \($0.reason)" }
            .joined(separator: "; ")
        let remedy = "resolve each finding of: \(RemedyCommand.health.rawValue)"
        if let gap = gap(demand, on: evidence.isEmpty ? seal : evidence) {
            return with(relevant, gap)
        }
        if relevant.contains(where: { $0.status == .unknown }) {
            return with(relevant, .unknown(words, evidence, remedy: remedy))
        }
        guard relevant.isEmpty else {
            let remedy = remedy + (relevant.areAcceptable ? "; or accept the risk" : "")
            return with(relevant, .fail(words, evidence, remedy: remedy))
        }
        let items = state.retention.approved.flatMap(\.evidence)
        return .pass(
            "\(health.coverage.observed) of \(health.coverage.expected) objects observed, no such "
                + "finding", items.isEmpty ? seal : items)
    }

    /// Why it is unknown how healthy retention is.
    private func gap(
        _ demand: CriterionCheck.HealthDemand, on evidence: [SHA256Digest]
    ) -> CheckOutcome? {
        if report.integrity != .verified { return unverified(evidence) }
        let coverage = health.coverage
        // The bundle itself is one of the objects, so without a copy there is one.
        let lacksCopy = coverage.expected < 2 || coverage.observed < coverage.expected
        guard coverage.observed == 0 || demand.observed && lacksCopy else { return nil }
        return .unknown(
            coverage.expected < 2
                ? "no provider reported a copy"
                : "\(coverage.observed) of \(coverage.expected) objects were observed", evidence,
            remedy: "give the report of the storage: --observations FILE")
    }

    /// Retention of a bundle that is not VERIFIED is not looked at.
    func unverified(_ evidence: [SHA256Digest]) -> CheckOutcome {
        .unknown(
            "the bundle is \(report.integrity.rawValue), so retention cannot be checked",
            evidence, remedy: verifiedRemedy)
    }

    private func with(
        _ findings: [RetentionHealth.Finding], _ outcome: CheckOutcome
    ) -> CheckOutcome {
        var outcome = outcome
        outcome.findings = findings
        return outcome
    }
}

extension RetentionState.Item {
    /// The request, and the approvals in force.
    var evidence: [SHA256Digest] { [record.digest] + ruling.approvals }
}

extension EvidenceState {
    /// The holds that do not count, as the end of a sentence that says what has run out; empty
    /// where
    /// there is none.
    var idleHolds: String {
        holds.filter(\.isHeld).compactMap { hold in
            hold.record.status.shortfall.map {
                "; the hold for \(hold.placement.matter) does not keep it, as it is only asserted: "
                    + $0.reason
            }
        }.joined()
    }
}

extension [RetentionHealth.Finding] {
    /// What any of them rests on, ascending; what one has in common with the one before is not gone
    /// through again.
    fileprivate var sharedEvidence: [SHA256Digest] {
        var all: Set<SHA256Digest> = []
        var last: [SHA256Digest] = []
        for finding in self where finding.evidence != last {
            all.formUnion(finding.evidence)
            last = finding.evidence
        }
        return all.sorted()
    }
}
