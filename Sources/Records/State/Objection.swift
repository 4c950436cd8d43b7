package import CloseoutOpenSSL

/// What a record does against the release by being in the log, whoever signed it
/// (docs/records.md, "State").
package enum Objection: Equatable, Sendable {
    /// A request for retention is denied; its digest, and all denials of it in force.
    case denial(of: SHA256Digest, status: [SHA256Digest])
    /// A run of a retry plan is denied; all denials of it in force.
    case runDenial(status: [SHA256Digest])
    /// The acceptance of a finding is revoked; all revocations of that finding.
    case revocation(of: String, status: [SHA256Digest])
    /// Everything is held for a matter.
    case hold(matter: String)
    /// A request asks for less than was approved, and why; nothing undoes that.
    case shortened(String)
    /// Something was sent without a review, and why; nothing undoes that.
    case notReviewed(String)
    /// A delivery is not settled.
    case open(DeliveryRecord)

    /// Whether nothing in this log undoes it.
    package var isFinal: Bool {
        switch self {
        case .shortened, .notReviewed: true
        case .denial, .runDenial, .revocation, .hold, .open: false
        }
    }
}

extension EvidenceState {
    /// What a record does against the release; nil for one that does nothing.
    package func objection(of record: ResolvedRecord) -> Objection? {
        for issue in issues where issue.record == record.digest {
            switch issue.problem {
            case .shortened(let reason): return .shortened(reason)
            case .notReviewed(let reason): return .notReviewed(reason)
            case .asserted, .role, .samePerson, .notUndone, .schedule: continue
            }
        }
        switch record.body {
        case .retentionDecision(let body) where body.decision == .denied:
            guard let request = record.header.links(RetentionDecision.link).first else {
                return nil
            }
            return .denial(of: request, status: denials(of: request))
        case .retryReview(let body) where body.decision == .denied:
            return .runDenial(
                status: record.header.links(RetryReview.link).flatMap(denials(of:)))
        case .legalHold(.place(let body)): return .hold(matter: body.matter)
        case .riskAcceptance(.revoke):
            let ended = record.header.links(RiskAcceptance.link)
            guard let item = acceptances.first(where: { ended.contains($0.record.digest) })
            else { return nil }
            let finding = item.acceptance.finding
            return .revocation(of: finding, status: revocations(of: finding))
        case .delivery(let body):
            let item = deliveries.open.first { $0.decisive == record }
            return item.map { _ in .open(body) }
        default: return nil
        }
    }

    /// The denials in force of a request for retention or of a run, in log order.
    package func denials(of record: SHA256Digest) -> [SHA256Digest] {
        retention.items.first { $0.record.digest == record }?.ruling.denials
            ?? retries.runs.first { $0.record.digest == record }?.ruling.denials ?? []
    }

    /// What a record has to link to by `supersedes`, so that its yes takes effect; empty for one that
    /// says no or says neither.
    package func demandedUndoings(by record: ResolvedRecord) -> [SHA256Digest] {
        switch record.body {
        case .retentionDecision(let body) where body.decision == .approved:
            record.header.links(RetentionDecision.link).flatMap(denials(of:))
        case .retryReview(let body) where body.decision == .approved:
            record.header.links(RetryReview.link).flatMap(denials(of:))
        case .riskAcceptance(.accept(let body)): revocations(of: body.finding)
        default: []
        }
    }
}
