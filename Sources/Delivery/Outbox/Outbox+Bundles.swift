package import CloseoutOpenSSL
import GRDB

extension Outbox {
    /// The deliveries about a release, those queued first first.
    package func deliveries(
        about seal: SHA256Digest
    ) async throws(OutboxError) -> [DeliverySummary] {
        try await transactions.read { database in
            try database.rows(
                summaries + " WHERE e.seal = ? ORDER BY d.created, d.id", [blob(seal.bytes)]
            ).map { try DeliverySummary($0) }
        }
    }

    /// Those deliveries about a release to which nothing more happens by itself, with their attempts.
    package func finished(
        about seal: SHA256Digest
    ) async throws(OutboxError) -> [FinishedDelivery] {
        var finished: [FinishedDelivery] = []
        for summary in try await deliveries(about: seal) {
            switch summary.state {
            case .waiting, .sending: continue
            case .settled, .dead, .needsReview: break
            }
            finished.append(
                FinishedDelivery(
                    summary: summary, attempts: try await attempts(of: summary.id)))
        }
        return finished
    }
}
