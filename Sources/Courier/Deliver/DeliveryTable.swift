import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL

/// Deliveries as a table and as JSON (docs/delivery.md, "Status").
struct DeliveryTable {
    /// One delivery with its last attempt.
    fileprivate struct Row {
        let delivery: DeliverySummary
        let last: KeptAttempt?
        let attempts: Int
    }

    private let rows: [Row]

    /// All deliveries about a release.
    init(about seal: SHA256Digest, in outbox: Outbox) async throws {
        try await self.init(try await outbox.deliveries(about: seal), in: outbox)
    }

    /// These deliveries.
    init(_ deliveries: [DeliverySummary], in outbox: Outbox) async throws {
        var rows: [Row] = []
        do throws(OutboxError) {
            for delivery in deliveries {
                let attempts = try await outbox.attempts(of: delivery.id)
                rows.append(
                    Row(delivery: delivery, last: attempts.last, attempts: attempts.count))
            }
        } catch {
            throw CommandFailure(outbox: error)
        }
        self.rows = rows
    }

    /// The exit code that the states call for; nil where all have arrived.
    func status(queueOnly: Bool) -> ExitStatus? {
        let states = Set(rows.map(\.delivery.state))
        if states.contains(.dead) || states.contains(.needsReview) { return .failed }
        let isOpen = states.contains(.waiting) || states.contains(.sending)
        return isOpen && !queueOnly ? .incomplete : nil
    }

    /// Prints it as a result.
    func print(_ format: OutputFormat, _ console: Console) throws {
        switch format {
        case .text: try console.result(text)
        case .json: try console.result(json)
        }
    }

    /// One line a delivery, in columns.
    var text: String {
        let cells = rows.map { row in
            [
                row.delivery.words, row.delivery.route, row.delivery.eventKind, row.delivery.id,
                row.words,
            ]
        }
        let widths = (0..<4).map { column in cells.map { $0[column].utf8.count }.max() ?? 0 }
        return cells.map { cells in
            let columns = zip(cells, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.utf8.count)
            }
            return (columns + [cells[4]]).joined(separator: "  ") + "\n"
        }.joined()
    }

    /// An array with an object for each delivery.
    var json: JSON { .array(rows.map(\.json)) }
}

extension DeliverySummary {
    /// Its state in one word.
    fileprivate var words: String {
        state == .settled ? assurance?.rawValue ?? state.rawValue : state.rawValue
    }
}

extension DeliveryTable.Row {
    /// How many attempts there were, how the last ended and what follows.
    fileprivate var words: String {
        var words = [attempts == 1 ? "1 attempt" : "\(attempts) attempts"]
        if let last, delivery.state != .settled {
            let status = last.status.map { " \($0)" } ?? ""
            words.append((last.code ?? "under way") + status)
        }
        switch delivery.state {
        case .waiting: words.append("next \(delivery.nextAttempt)")
        case .dead: words.append("given up: \(delivery.reason?.rawValue ?? "")")
        case .needsReview: words.append("nobody knows whether it arrived")
        case .sending, .settled: break
        }
        return words.joined(separator: ", ")
    }

    fileprivate var json: JSON {
        [
            "delivery": JSON(delivery.id), "event": JSON(delivery.event),
            "event_kind": JSON(delivery.eventKind), "bundle": JSON(delivery.seal.hex),
            "route": JSON(delivery.route), "provider": JSON(delivery.provider),
            "state": JSON(delivery.state.rawValue),
            "assurance": delivery.assurance.map { JSON($0.rawValue) } ?? .null,
            "reason": delivery.reason.map { JSON($0.rawValue) } ?? .null,
            "attempts": .integer(Int64(attempts)), "group": .integer(Int64(delivery.group)),
            "created": JSON(delivery.created.description),
            "deadline": JSON(delivery.deadline.description),
            "next_attempt": delivery.state == .waiting
                ? JSON(delivery.nextAttempt.description) : .null,
            "last_code": last?.code.map { JSON($0) } ?? .null,
            "last_status": last?.status.map { .integer(Int64($0)) } ?? .null,
        ]
    }
}

extension OutboxChange {
    /// The change as a warning.
    var words: String {
        switch kind {
        case .circuit(_, .open, let cause):
            "route \(route) is left alone for a while: \(cause.map(Self.words) ?? "it failed")"
        case .circuit(_, .halfOpen, _): "route \(route) is probed with one delivery"
        case .circuit(_, .closed, _): "route \(route) is used again"
        case .dead(let delivery, let reason):
            "delivery \(delivery) on \(route) is given up: \(reason.rawValue)"
        case .needsReview(let delivery):
            "delivery \(delivery) on \(route): nobody knows whether it arrived"
        case .replayed(let delivery): "delivery \(delivery) on \(route) is sent again"
        }
    }

    private static func words(_ cause: Circuit.Cause) -> String {
        switch cause {
        case .credentials: "its credentials were refused"
        case .row: "too many attempts failed one after another"
        case .share: "too many of the last attempts failed"
        case .probe: "the probe failed"
        }
    }
}
