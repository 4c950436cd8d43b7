import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutWorkflows

/// A delivery to which nothing more happens by itself, with all its attempts: what a record is made of.
package struct FinishedDelivery: Hashable, Sendable {
    /// The delivery.
    package let summary: DeliverySummary
    /// Its attempts, the first first.
    package let attempts: [KeptAttempt]

    package init(summary: DeliverySummary, attempts: [KeptAttempt]) {
        self.summary = summary
        self.attempts = attempts
    }
}

extension BundleSession {
    /// Records deliveries that have come to an end, each once.
    ///
    /// - Parameters:
    ///   - deliveries: Records of deliveries about this bundle, each with the record that was reported where there is
    ///     one; what is on record already is left out.
    ///   - terms: When, and by which policy; no record of a delivery is signed.
    /// - Returns: Where the new records lie.
    /// - Throws: `WorkflowError`; what was stored before stays.
    package mutating func record(
        _ deliveries: [(record: DeliveryRecord, subject: SHA256Digest?)], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let known = try await evidence(terms.append).state.records.compactMap { record in
            if case .delivery(let delivery) = record.body { delivery } else { nil }
        }
        var receipt = Receipt()
        for (delivery, subject) in deliveries
        where !known.contains(where: { $0.saysTheSame(as: delivery) }) {
            receipt.append(try await recordDelivery(delivery, subject: subject, terms).receipt)
        }
        return receipt
    }

    /// Records a delivery that a live run made, unless it is on record: by the same run before it was cut off, or by
    /// whoever recorded what the outbox knew meanwhile.
    ///
    /// - Returns: As `recordDelivery`; the record that is there is named where it is of what the run may send.
    /// - Throws: `WorkflowError` where it could not count; nothing is stored then.
    package mutating func record(
        _ delivery: DeliveryRecord, subject: SHA256Digest?, by permit: RetryPermit,
        _ terms: RecordTerms
    ) async throws(WorkflowError) -> (receipt: Receipt, record: SHA256Digest?) {
        for record in try await evidence(terms.append).state.records {
            guard case .delivery(let known) = record.body, known.saysTheSame(as: delivery) else {
                continue
            }
            let isSame =
                known.details?.commitments == delivery.details?.commitments
                && known.details?.routeTag == delivery.details?.routeTag
            return (Receipt(), isSame ? record.digest : nil)
        }
        let (receipt, record) = try await recordDelivery(
            delivery, subject: subject, by: permit, terms)
        return (receipt, record)
    }
}

extension DeliveryRecord {
    /// Whether two records are of one delivery, after the same attempts.
    fileprivate func saysTheSame(as other: DeliveryRecord) -> Bool {
        delivery.utf8.elementsEqual(other.delivery.utf8)
            && route.utf8.elementsEqual(other.route.utf8) && event == other.event
            && state == other.state
            && attempts.map(\.at) == other.attempts.map(\.at)
            && attempts.map(\.outcome) == other.attempts.map(\.outcome)
    }
}
