import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

import struct CloseoutRecords.RetrySchedule

/// The instant so many seconds after the story of a test begins.
func at(_ seconds: Int64) throws -> Instant {
    try #require(Instant(secondsSince1970: 1_800_000_000 + seconds))
}

/// A digest that is 32 times the same byte.
func seal(_ byte: UInt8 = 7) throws -> SHA256Digest {
    try #require(SHA256Digest([UInt8](repeating: byte, count: 32)))
}

/// A decision to be delivered.
func event(_ id: String = "decision-1", body: String = "{}") throws -> QueuedEvent {
    QueuedEvent(id: id, kind: "decision", seal: try seal(), body: Array(body.utf8))
}

/// A delivery on a route.
func newDelivery(_ route: String = "chat", isIdempotent: Bool = true) -> NewDelivery {
    NewDelivery(route: route, provider: "webhook", isIdempotent: isIdempotent)
}

/// Results as a provider would give them.
extension AttemptResult {
    static let delivered = AttemptResult(.success(.delivered), status: 200, code: "ok")
    static let refused = AttemptResult(.permanent, status: 400, code: "http.status")
    static let failed = AttemptResult(.transient, status: 503, code: "http.status")
    static let unknown = AttemptResult(.unknownOutcome, code: "timeout")
    static let noCredentials = AttemptResult(
        .permanent, status: 401, code: "http.status", isCredentialFault: true)

    static func throttled(_ seconds: Int64) -> AttemptResult {
        AttemptResult(.transient, status: 429, code: "http.status", retryAfter: seconds)
    }
}

/// An outbox in a folder of its own, which can be opened again and again.
struct OutboxPlace {
    /// The folder.
    let folder: String
    /// The file.
    var path: String { folder + "/outbox.sqlite" }

    func open(
        creating: Bool = true, schedule: RetrySchedule = .standard, busySeconds: Double = 10
    ) async throws -> Outbox {
        try await Outbox.open(
            Array(path.utf8), creating: creating, schedule: schedule, busySeconds: busySeconds)
    }

    /// Runs a script of Python on the file; `db` is a connection to it that commits by itself.
    @discardableResult
    func python(_ script: String) async throws -> [String] {
        let head = "import os,sqlite3,sys\ndb=sqlite3.connect(sys.argv[1],isolation_level=None)\n"
        let output = try await runSuccessfully("python3", ["-c", head + script, path])
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// Runs a test with an outbox of its own.
func withOutbox(
    schedule: RetrySchedule = .standard, _ body: (Outbox, OutboxPlace) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let place = OutboxPlace(folder: folder)
        let outbox = try await place.open(schedule: schedule)
        try await body(outbox, place)
        try outbox.close()
    }
}

extension Outbox {
    /// Queues a delivery of an event of its own.
    @discardableResult
    func queue(
        _ number: Int, route: String = "chat", isIdempotent: Bool = true, now: Instant
    ) async throws -> String {
        let result = try await enqueue(
            event("event-\(number)", body: "\(number)"),
            deliveries: [newDelivery(route, isIdempotent: isIdempotent)], now: now)
        return try #require(result.added.first)
    }

    /// Claims the only delivery that is due.
    func claimOne(route: String = "chat", now: Instant, seconds: Int64 = 60) async throws -> Lease {
        let leases = try await claim(route: route, limit: 1, now: now, seconds: seconds).leases
        return try #require(leases.first)
    }

    /// Claims a delivery and makes an attempt with a result, all at one time.
    @discardableResult
    func attempt(
        _ result: AttemptResult, route: String = "chat", now: Instant
    ) async throws -> FinishedAttempt {
        let attempt = try await begin(claimOne(route: route, now: now), now: now)
        return try await finish(attempt, result, now: now)
    }

    /// The state of a delivery.
    func state(of delivery: String) async throws -> CloseoutDelivery.DeliveryState {
        try #require(try await self.delivery(delivery)).state
    }
}

/// The error that a call of an outbox throws; nil where it throws none.
func failure(_ body: () async throws -> Void) async -> OutboxError? {
    do {
        try await body()
    } catch let error as OutboxError {
        return error
    } catch {
        Issue.record(error)
    }
    return nil
}
