import CloseoutEncodings
package import CloseoutFiles
import CloseoutOpenSSL
package import CloseoutRecords
import GRDB

/// The queue of what is to be delivered, in one file that outlives the process (docs/outbox.md).
///
///     let outbox = try await Outbox.open(path)
///     try await outbox.enqueue(event, deliveries: deliveries, now: now)
///     for lease in try await outbox.claim(route: "chat", limit: 10, now: now, seconds: 60).leases {
///         let attempt = try await outbox.begin(lease, now: now)   // on the disk before a byte leaves
///         let result = await send(lease)
///         try await outbox.finish(attempt, result, now: later)
///     }
///
/// What a call did is on the disk when it returns. Several processes may work on one file. A delivery is sent at least
/// once, always with the same id and the same bytes. No call reads a clock.
package final class Outbox: Sendable {
    let transactions: TransactionGroup
    /// When deliveries are tried again.
    package let schedule: RetrySchedule

    private init(_ file: OutboxFile, schedule: RetrySchedule) {
        transactions = TransactionGroup(file)
        self.schedule = schedule
    }

    /// Opens an outbox.
    ///
    /// - Parameters:
    ///   - path: Where the file is, in a folder that exists.
    ///   - creating: Whether to make it where there is none.
    ///   - schedule: When deliveries are tried again.
    ///   - busySeconds: How long a call waits for other processes that write.
    ///   - wait: How long to wait for others that open it.
    /// - Returns: The outbox.
    /// - Throws: `OutboxError` where there is none, or the file is not one that can be used safely.
    package static func open(
        _ path: [UInt8], creating: Bool = true, schedule: RetrySchedule = .standard,
        busySeconds: Double = 10, waiting wait: LockWait = LockWait()
    ) async throws(OutboxError) -> Outbox {
        let file = try await OutboxFile.open(
            path, creating: creating, busySeconds: busySeconds, waiting: wait)
        return Outbox(file, schedule: schedule)
    }

    /// Confirms that the file is still where it was opened, so that others find what is written there.
    ///
    /// Each call of the outbox confirms it too.
    ///
    /// - Throws: `.replaced`.
    package func confirmPlace() throws(OutboxError) {
        try transactions.confirmPlace()
    }

    /// Lets go of the file, after what is under way.
    package func close() throws(OutboxError) {
        try transactions.close()
    }

    /// The id of the delivery of an event on a route: the same in every outbox, so that a receiver recognises it also
    /// after the file was lost.
    package static func deliveryID(
        event: String, route: String
    ) throws(OutboxError) -> String {
        let name = "closeout/delivery/v1\0\(event)\0\(route)"
        do {
            return "d-" + Hex.string(Array(try SHA256Digest.of(Array(name.utf8)).bytes.prefix(16)))
        } catch {
            throw .libcrypto
        }
    }
}

extension Instant {
    /// The instant so many seconds later, or the same where there is none.
    func later(by seconds: Int64) -> Instant { adding(seconds: seconds) ?? self }
}
