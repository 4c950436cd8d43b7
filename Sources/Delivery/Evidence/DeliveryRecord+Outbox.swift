import CloseoutEncodings
package import CloseoutRecords

/// What the outbox has written down, as a record of version 2 says it.
extension DeliveryRecord {
    /// The record of a delivery that nothing more is done about by itself; nil where something is, or nothing was
    /// attempted.
    ///
    /// - Parameters:
    ///   - summary: The delivery.
    ///   - attempts: Its attempts, the first first.
    ///   - details: What is said beside them.
    ///   - isStopped: Whether what waits for another attempt counts as failed, or as of unknown outcome
    ///     where its last attempt is: nobody makes one now.
    package init?(
        _ summary: DeliverySummary, _ attempts: [KeptAttempt], _ details: Details,
        isStopped: Bool = false
    ) {
        var given: State?
        if isStopped, summary.state == .waiting {
            given = attempts.last?.outcome == .unknownOutcome ? .unknownOutcome : .failed
        }
        guard let event = Event(rawValue: summary.eventKind), let state = given ?? State(summary)
        else { return nil }
        let told = attempts.compactMap { Attempt($0) }
        guard !told.isEmpty else { return nil }
        self.init(
            delivery: summary.id, event: event, route: summary.route, provider: summary.provider,
            state: state, attempts: told, details: details)
    }
}

extension DeliveryRecord.State {
    /// What the state of a delivery in the outbox is to a record; nil while it is on its way.
    fileprivate init?(_ summary: DeliverySummary) {
        switch (summary.state, summary.assurance) {
        case (.waiting, _), (.sending, _), (.settled, nil): return nil
        case (.settled, .delivered?), (.settled, .duplicate?): self = .delivered
        case (.settled, .acceptedUnconfirmed?): self = .acceptedUnconfirmed
        case (.settled, .sentUnconfirmed?): self = .sentUnconfirmed
        case (.dead, _): self = .failed
        case (.needsReview, _): self = .unknownOutcome
        }
    }
}

extension DeliveryRecord.Attempt {
    /// What was written down of an attempt; nil while it has not ended.
    package init?(_ kept: KeptAttempt) {
        let outcome: Outcome
        var assurance: Details.Assurance?
        switch kept.outcome {
        case nil: return nil
        case .success(let sure)?:
            outcome = .success
            assurance = Details.Assurance(sure)
        case .permanent?: outcome = .permanent
        case .transient?: outcome = .transient
        case .unknownOutcome?: outcome = .unknownOutcome
        }
        let code = kept.code.flatMap { EvidenceCode($0) } ?? EvidenceCode("unknown")
        guard let code else { return nil }
        let ended = kept.ended.map { max($0, kept.began) }
        let asked = outcome == .success || ended == nil ? nil : kept.retryAfter
        self.init(
            at: kept.began, outcome: outcome,
            status: kept.status.flatMap { (100...599).contains($0) ? $0 : nil },
            details: Details(
                ended: ended, group: kept.group, code: code, assurance: assurance,
                retryAfter: asked.map { min(max($0, 0), Details.longestRetryAfter) },
                isSnooze: kept.isSnooze && asked != nil))
    }
}

extension DeliveryRecord.Attempt.Details.Assurance {
    /// How sure the outbox is of a success.
    fileprivate init(_ assurance: AttemptResult.Assurance) {
        switch assurance {
        case .delivered: self = .delivered
        case .acceptedUnconfirmed: self = .acceptedUnconfirmed
        case .sentUnconfirmed: self = .sentUnconfirmed
        case .duplicate: self = .duplicate
        }
    }
}
