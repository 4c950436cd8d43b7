import CloseoutEncodings
import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutWorkflows

/// A delivery that nothing more happens to by itself, with all its attempts: what a record is made of.
package struct FinishedDelivery: Hashable, Sendable {
    /// The delivery.
    package let summary: DeliverySummary
    /// Its attempts, the first first.
    package let attempts: [KeptAttempt]

    package init(summary: DeliverySummary, attempts: [KeptAttempt]) {
        self.summary = summary
        self.attempts = attempts
    }

    /// What its record says; nil for an event that records do not have, and where nothing was ever attempted.
    package var record: DeliveryRecord? {
        guard let event = DeliveryRecord.Event(rawValue: summary.eventKind), !attempts.isEmpty
        else { return nil }
        return DeliveryRecord(
            delivery: summary.id, event: event, route: summary.route, provider: summary.provider,
            state: recordedState, attempts: attempts.compactMap(\.recorded))
    }

    private var recordedState: DeliveryRecord.State {
        switch (summary.state, summary.assurance) {
        // The receiver says of its own accord that it has what this delivery sent.
        case (.settled, .delivered), (.settled, .duplicate): .delivered
        case (.settled, .acceptedUnconfirmed): .acceptedUnconfirmed
        case (.settled, .sentUnconfirmed): .sentUnconfirmed
        case (.needsReview, _): .unknownOutcome
        default: .failed
        }
    }
}

extension KeptAttempt {
    /// The attempt as records have it; nil while it has not ended.
    fileprivate var recorded: DeliveryRecord.Attempt? {
        let result: DeliveryRecord.Attempt.Outcome
        switch outcome {
        case .success: result = .success
        case .permanent: result = .permanent
        case .transient: result = .transient
        case .unknownOutcome: result = .unknownOutcome
        case nil: return nil
        }
        // A receiver that has it already can say so by a status that records take for a refusal.
        let isOdd = result == .success && status.map { !(200...299).contains($0) } == true
        return DeliveryRecord.Attempt(at: began, outcome: result, status: isOdd ? nil : status)
    }
}

extension BundleSession {
    /// Records deliveries that have come to an end, each once.
    ///
    /// - Parameters:
    ///   - deliveries: Deliveries about this bundle.
    ///   - terms: When, and by which policy; no record of a delivery is signed.
    /// - Returns: Where the new records lie.
    /// - Throws: `WorkflowError`; those that are in the receipt of an earlier call are stored.
    package mutating func record(
        _ deliveries: [FinishedDelivery], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        var receipt = Receipt()
        for delivery in deliveries where delivery.summary.seal == sealDigest {
            guard let record = delivery.record else { continue }
            let known = try await evidence(terms.append).state.records.contains {
                $0.body == .delivery(record)
            }
            guard !known else { continue }
            receipt.append(try await write(RecordDraft(body: .delivery(record)), terms))
        }
        return receipt
    }
}
