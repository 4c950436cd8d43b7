import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Lays acceptances over the outcomes of criteria (docs/criteria.md, "Acceptance").
///
/// Only a failure is ever accepted, and only of what can be; what is unknown is not a known risk.
struct AcceptanceMatcher {
    private let acceptances: [AcceptanceState]
    /// The places of the acceptances of each finding, in log order.
    private let places: [[UInt8]: [Int]]
    private let limits: AcceptanceLimits
    private let asOf: Instant
    private var used: Set<SHA256Digest> = []

    init(_ state: EvidenceState?, limits: AcceptanceLimits, asOf: Instant) {
        acceptances = state?.acceptances ?? []
        places = Dictionary(grouping: acceptances.indices) {
            Array(state?.acceptances[$0].acceptance.finding.utf8 ?? "".utf8)
        }
        self.limits = limits
        self.asOf = asOf
    }

    /// Whether more acceptances were used than may be.
    var isOverdrawn: Bool { limits.most.map { used.count > $0 } ?? false }

    /// The result of a criterion, with what covers it.
    mutating func result(_ criterion: Criterion, _ reported: CheckOutcome) -> CriterionResult {
        // What is only reported elsewhere is no worse than what is absent, where that is accepted.
        let isAbsenceAccepted =
            reported.status == .unknown && !reported.absence.isEmpty
            && covers(absenceOf: criterion, resting: reported.absence)
        let outcome = isAbsenceAccepted ? reported.asAbsence : reported
        let covering = cover(criterion, outcome)
        used.formUnion(covering.map(\.record.digest))
        var reason = outcome.reason
        if outcome.status == .fail, covering.isEmpty, let flaw = flaw(criterion, outcome) {
            reason += "; \(flaw)"
        }
        return CriterionResult(
            id: criterion.id, title: criterion.title, check: criterion.check.name.rawValue,
            severity: criterion.severity, isWaivable: criterion.isWaivable,
            mapsTo: criterion.mapsTo, status: outcome.status, reason: reason,
            evidence: outcome.evidence, findings: outcome.findings,
            acceptances: covering.map {
                CriterionResult.Acceptance(
                    record: $0.record.digest, finding: $0.acceptance.finding,
                    expires: $0.acceptance.expires)
            }, canBeAccepted: canCover(criterion, outcome), remedy: outcome.remedy)
    }

    /// Whether an acceptance covers that what a criterion demands is absent, which rests on the
    /// seal.
    func covers(absenceOf criterion: Criterion, resting seal: [SHA256Digest]) -> Bool {
        criterion.isWaivable && acceptance(of: criterion.id, on: seal, criterion.severity) != nil
    }

    /// Whether any acceptance could cover the outcome of a criterion.
    private func canCover(_ criterion: Criterion, _ outcome: CheckOutcome) -> Bool {
        outcome.status == .fail && criterion.isWaivable && outcome.findings.areAcceptable
    }

    /// The acceptances that together cover a failure; empty where it is not covered.
    private func cover(_ criterion: Criterion, _ outcome: CheckOutcome) -> [AcceptanceState] {
        guard canCover(criterion, outcome) else { return [] }
        let failing = outcome.findings.filter { $0.status == .fail }
        if let whole = acceptance(
            of: criterion.id, on: outcome.evidence, criterion.severity)
        {
            return [whole]
        }
        let parts =
            failing.map { ($0.id, $0.evidence, $0.severity) }
            + outcome.parts.map { (criterion.id, $0, criterion.severity) }
        var single: [AcceptanceState] = []
        var taken: Set<SHA256Digest> = []
        for (id, evidence, severity) in parts {
            guard let found = acceptance(of: id, on: evidence, severity) else { return [] }
            if taken.insert(found.record.digest).inserted { single.append(found) }
        }
        return single
    }

    /// An acceptance of this finding, on exactly this evidence, that counts at the verification
    /// time.
    private func acceptance(
        of finding: String, on evidence: [SHA256Digest], _ severity: RetentionHealth.Severity
    ) -> AcceptanceState? {
        guard let about = places[Array(finding.utf8)] else { return nil }
        let evidence = Set(evidence).sorted()
        let place = about.last { place in
            let item = acceptances[place]
            return item.status == .accepted && item.evidence == evidence && isShort(item, severity)
        }
        return place.map { acceptances[$0] }
    }

    /// Whether an acceptance was given for no longer than it may be, from its `at`, or from the verification time where
    /// that is earlier.
    private func isShort(
        _ acceptance: AcceptanceState, _ severity: RetentionHealth.Severity
    ) -> Bool {
        guard let days = limits.days[severity] else { return true }
        let start = min(acceptance.record.header.at, asOf)
        guard let end = start.adding(seconds: days * 86_400) else { return false }
        return acceptance.acceptance.expires <= end
    }

    /// Why the newest acceptance that is about a criterion does not cover it.
    private func flaw(_ criterion: Criterion, _ outcome: CheckOutcome) -> String? {
        let ids = [criterion.id] + outcome.findings.map(\.id)
        guard let place = ids.compactMap({ places[Array($0.utf8)]?.last }).max() else { return nil }
        let about = acceptances[place]
        let name = "the acceptance \(about.record.digest.hex)"
        guard canCover(criterion, outcome) else {
            return "\(name) does not apply: this cannot be waived"
        }
        switch about.status {
        case .expired: return "\(name) expired at \(about.acceptance.expires)"
        case .revoked: return "\(name) was revoked"
        case .proposed:
            guard case .asserted(let shortfall) = about.record.status else { return nil }
            return "\(name) does not apply: it is only proposed: \(shortfall.reason)"
        case .accepted:
            let finding = outcome.findings.first {
                $0.id.utf8.elementsEqual(about.acceptance.finding.utf8)
            }
            if about.evidence != Set(finding?.evidence ?? outcome.evidence).sorted() {
                return "\(name) does not apply: its evidence has changed"
            }
            let severity = finding?.severity ?? criterion.severity
            if !isShort(about, severity) {
                let days = limits.days[severity].map { "the \($0) days" } ?? "what"
                return "\(name) does not apply: it is longer than \(days) that the criteria allow"
            }
            return "\(name) does not apply: it does not cover all of it"
        }
    }

    /// What is odd about the acceptances, in log order.
    func notes(_ results: [CriterionResult]) -> [String] {
        let known = Set(results.flatMap { [$0.id] + $0.findings.map(\.id) }.map { Array($0.utf8) })
        return acceptances.compactMap { item in
            guard !used.contains(item.record.digest) else { return nil }
            let name = "the acceptance \(item.record.digest.hex) of \(item.acceptance.finding)"
            switch item.status {
            case .expired: return "\(name) expired at \(item.acceptance.expires)"
            case .revoked: return "\(name) was revoked"
            case .proposed: return "\(name) does not apply: it is only proposed"
            case .accepted:
                return known.contains(Array(item.acceptance.finding.utf8))
                    ? "\(name) does not apply: the criterion passes, or its evidence has changed"
                    : "\(name) does not apply: these criteria do not ask for it"
            }
        }
    }
}

extension [RetentionHealth.Finding] {
    /// Whether all of them that fail can be accepted.
    var areAcceptable: Bool {
        filter { $0.status == .fail }
            .allSatisfy { HealthCheck(rawValue: $0.check)?.isWaivable ?? false }
    }
}
