package import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords

extension RedactionProof {
    /// Queues every event for every route in an outbox, makes an attempt of each delivery that ends as one answer or failure
    /// does, and searches the file and the log beside it.
    ///
    /// - Parameters:
    ///   - folder: An empty folder, in which the outbox stays.
    ///   - now: An instant.
    /// - Throws: `OutboxError`, `FileError`, and what `run(at:)` throws.
    package mutating func runOutbox(in folder: [UInt8], at now: Instant) async throws {
        let path = folder + Array("/outbox.sqlite".utf8)
        let outbox = try await Outbox.open(path)
        for (number, planted) in canaries.enumerated() {
            let routes = try Routes(parsing: planted.file)
            for kind in DeliveryEvent.Kind.allCases where kind != .test {
                _ = try await outbox.enqueue(
                    try event(kind, id: "event-\(number)-\(kind.rawValue)", at: now), for: routes,
                    now: now)
            }
            for route in routes.routes {
                try await attempt(route.ready(with: planted), of: outbox, at: now)
            }
        }
        for part in ["", "-wal"] {
            let file = path + Array(part.utf8)
            examine("outbox\(part)", try readFile(file, limit: 1 << 30))
        }
        try outbox.close()
    }

    /// Attempts all that is due on a route, each with another result.
    private func attempt(
        _ route: ReadyRoute, of outbox: Outbox, at now: Instant
    ) async throws {
        let leases = try await outbox.claim(
            route: route.name, limit: 100, now: now, seconds: 60
        ).leases
        var begun: [BegunAttempt] = []
        for lease in leases { begun.append(try await outbox.begin(lease, now: now)) }
        for (index, attempt) in begun.enumerated() {
            _ = try await outbox.finish(attempt, result(index, attempt, over: route, now), now: now)
        }
    }

    /// The result of an attempt: over HTTP as the provider judges an answer that repeats the request, or a failure.
    private func result(
        _ index: Int, _ attempt: BegunAttempt, over route: ReadyRoute, _ now: Instant
    ) -> AttemptResult {
        guard case .http(let provider) = route.provider,
            let event = try? DeliveryEvent(stored: attempt.lease.body)
        else { return AttemptResult(.transient, code: "connection-refused") }
        let results = Speech.results(echoing: Speech.echo(provider, event, at: now))
        let chosen = results[(index * 7 + route.name.utf8.count) % results.count]
        return provider.judge(chosen, asOf: now)
    }

    private func event(
        _ kind: DeliveryEvent.Kind, id: String, at now: Instant
    ) throws -> DeliveryEvent {
        DeliveryEvent(
            kind: kind, id: id, at: now, releaseName: "example", releaseVersion: "1.0",
            bundle: try SHA256Digest.of([1]), record: try SHA256Digest.of([2]), outcome: .blocked,
            severity: .high, counts: .init(pass: 1, fail: 1), findings: ["C4"])
    }
}
