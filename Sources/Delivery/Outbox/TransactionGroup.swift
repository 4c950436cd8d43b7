import GRDB
import Synchronization

/// Runs requests on the database, and commits together those that come while others are being committed.
///
/// A commit waits for the disk; many workers share one wait. A request sees what those before it did, and its result is
/// given out after the commit. No thread of the concurrency pool waits, and a task that is cancelled does not lose its
/// request: what an attempt came to is recorded in any case.
final class TransactionGroup: Sendable {
    private let file: OutboxFile
    private let queue: DatabaseQueue
    private let waiting = Mutex<[Request]>([])

    init(_ file: OutboxFile) {
        self.file = file
        queue = file.queue
    }

    /// Confirms that others find what is written.
    func confirmPlace() throws(OutboxError) { try file.confirmPlace() }

    /// Runs a request in a transaction that is on the disk when this returns.
    ///
    /// Where it throws, nothing of it is kept. It may be run a second time, after what the first run did was taken
    /// back.
    @discardableResult
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(OutboxError) -> Value {
        let box = Box<Value>()
        let failure: OutboxError? = await withCheckedContinuation { continuation in
            let request = Request(
                body: { database in box.put(try body(database)) },
                end: { continuation.resume(returning: $0) })
            waiting.withLock { $0.append(request) }
            queue.asyncWriteWithoutTransaction { self.serve($0) }
        }
        return try box.value(unless: failure)
    }

    /// Reads one state of the database, without waiting for other processes that write.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(OutboxError) -> Value {
        try confirmPlace()
        let box = Box<Value>()
        let failure: OutboxError? = await withCheckedContinuation { continuation in
            queue.asyncRead { database in
                do {
                    box.put(try body(try database.get()))
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: OutboxError(error))
                }
            }
        }
        return try box.value(unless: failure)
    }

    /// Waits for what runs and lets go of the file.
    func close() throws(OutboxError) {
        do { try queue.close() } catch { throw OutboxError(error) }
    }

    /// Serves all that wait; whoever asked in between finds nothing left to do.
    private func serve(_ database: Database) {
        let requests = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        guard !requests.isEmpty else { return }
        let failure = commit(requests, in: database)
        // The fault of one request is not that of the others: each is run alone.
        if let failure, failure.isOfOneRequest, requests.count > 1 {
            for request in requests { request.end(commit([request], in: database)) }
        } else {
            for request in requests { request.end(failure) }
        }
    }

    private func commit(_ requests: [Request], in database: Database) -> OutboxError? {
        do {
            try confirmPlace()
            try database.inTransaction(.immediate) {
                for request in requests { try request.body(database) }
                return .commit
            }
            try confirmPlace()
            return nil
        } catch {
            return OutboxError(error)
        }
    }

    private struct Request: Sendable {
        let body: @Sendable (Database) throws -> Void
        let end: @Sendable (OutboxError?) -> Void
    }

    private final class Box<Value: Sendable>: Sendable {
        private let value = Mutex<Value?>(nil)

        func put(_ new: Value) {
            value.withLock { $0 = new }
        }

        func value(unless failure: OutboxError?) throws(OutboxError) -> Value {
            if let failure { throw failure }
            guard let value = value.withLock({ $0 }) else { throw .failed(code: -1) }
            return value
        }
    }
}
