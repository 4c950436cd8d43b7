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
