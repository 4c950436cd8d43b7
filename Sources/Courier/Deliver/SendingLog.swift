import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles
import Synchronization

/// What a service says of its work: one JSON object a line on standard error, and figures.
///
/// Nothing in it is a secret, an address, or text of anybody else but the paths of bundles.
final class SendingLog: Sendable {
    private let figures = Mutex<[String: Int64]>([:])
    private let clock: any SendingClock

    init(clock: any SendingClock) {
        self.clock = clock
    }

    /// How often what happened.
    var json: JSON {
        let all = figures.withLock { $0 }.sorted { $0.key < $1.key }
        return .object(all.map { JSONMember($0.key, .integer($0.value)) })
    }

    /// Writes what was reported.
    func add(_ report: SendingReport) {
        switch report {
        case .began: count("attempts_begun")
        case .finished(let attempt, let sent, let end, let at):
            count("attempts_" + sent.result.outcomeName)
            write(
                "attempt", at: at,
                members(attempt, sent) + [
                    JSONMember("state", JSON(end.state.rawValue)),
                    JSONMember("next", end.next.map { JSON($0.description) } ?? .null),
                ])
        case .overtaken(let attempt, let sent, let at):
            count("attempts_overtaken")
            write("overtaken", at: at, members(attempt, sent))
        case .changed(let change):
            if case .dead = change.kind { count("deliveries_dead") }
            if case .needsReview = change.kind { count("deliveries_needing_review") }
            write(
                "change", at: change.at,
                [
                    JSONMember("route", JSON(change.route)),
                    JSONMember("message", JSON(change.words)),
                ])
        case .trouble(let route, let error, let at):
            count("troubles")
            write(
                "trouble", at: at,
                [JSONMember("route", JSON(route)), JSONMember("message", JSON("\(error)"))])
        }
    }

    /// Writes something else that happened, now.
    func add(_ event: String, _ members: [JSONMember] = []) {
        count(event.replacing("-", with: "_"))
        write(event, at: clock.now, members)
    }

    private func members(_ attempt: BegunAttempt, _ sent: SentMessage) -> [JSONMember] {
        [
            JSONMember("delivery", JSON(attempt.lease.delivery)),
            JSONMember("route", JSON(attempt.lease.route)),
            JSONMember("number", .integer(Int64(attempt.number))),
            JSONMember("outcome", JSON(sent.result.outcomeName)),
            JSONMember("code", JSON(sent.result.code)),
            JSONMember("status", sent.result.status.map { .integer(Int64($0)) } ?? .null),
        ]
    }

    private func count(_ name: String) {
        figures.withLock { $0[name, default: 0] += 1 }
    }

    private func write(_ event: String, at: Instant, _ members: [JSONMember]) {
        let line = JSON.object(
            [JSONMember("at", JSON(at.description)), JSONMember("event", JSON(event))] + members)
        // Nobody would see that standard error is closed.
        try? StandardStream.write(
            line.printedBytes + [UInt8(ascii: "\n")], to: StandardStream.error)
    }
}
