import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings

/// Shows what an outbox holds (docs/delivery.md, "Status").
struct DeliverStatus: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show routes and deliveries; nothing is sent.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var outbox: OutboxOptions

    @Flag(help: "List also the deliveries that have arrived.")
    var all = false

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let outbox = try await outbox.open(creating: false, context)
        let routes: [RouteStatus]
        var deliveries: [DeliverySummary] = []
        do throws(OutboxError) {
            routes = try await outbox.routes(now: context.now)
            for state in DeliveryState.allCases where all || state != .settled {
                deliveries += try await outbox.deliveries(in: state, limit: 10_000)
            }
        } catch {
            throw CommandFailure(outbox: error)
        }
        let table = try await DeliveryTable(deliveries, in: outbox)
        try outbox.close()
        switch format {
        case .text:
            try context.console.result(routes.map(\.line).joined() + table.text)
        case .json:
            let json: JSON = ["routes": .array(routes.map(\.json)), "deliveries": table.json]
            try context.console.result(json)
        }
        if let status = table.status(queueOnly: false) { throw status.code }
    }
}

extension RouteStatus {
    /// The route in one line.
    fileprivate var line: String {
        let counted = DeliveryState.allCases.compactMap { state in
            counts[state].flatMap { $0 > 0 ? "\($0) \(state.rawValue)" : nil }
        }
        let rest = circuit.state == .closed ? "" : ", circuit \(circuit.state.rawValue)"
        return "route \(route): \(counted.isEmpty ? "nothing" : counted.joined(separator: ", "))"
            + rest + "\n"
    }

    /// The route as a value for canonical JSON.
    var json: JSON {
        [
            "route": JSON(route), "circuit": JSON(circuit.state.rawValue),
            "cause": circuit.cause.map { JSON($0.rawValue) } ?? .null,
            "reopens": circuit.reopens.map { JSON($0.description) } ?? .null,
            "counts": .object(
                DeliveryState.allCases.map {
                    JSONMember($0.rawValue, .integer(Int64(counts[$0] ?? 0)))
                }),
            "leased": .integer(Int64(leased)),
            "oldest_waiting": oldestWaiting.map { JSON($0.description) } ?? .null,
            "next_attempt": nextAttempt.map { JSON($0.description) } ?? .null,
        ]
    }
}

/// Sends again what was given up (docs/delivery.md, "Replaying").
struct DeliverReplay: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Queue a delivery again that was given up, with the same id and bytes.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp(
            "The id of a delivery, as `deliver status` prints it. Repeatable.", valueName: "id"))
    var deliveries: [String]

    @OptionGroup var outbox: OutboxOptions

    func execute(_ context: Context) async throws {
        let outbox = try await outbox.open(creating: false, context)
        do {
            for id in deliveries { try confirm(try await outbox.delivery(id), id) }
            for id in deliveries {
                let change = try await outbox.replay(id, now: context.now)
                context.console.note("\(change.words); it is due now")
            }
            try outbox.close()
        } catch let error as OutboxError {
            throw CommandFailure(outbox: error)
        }
    }

    /// Confirms that a delivery can be replayed, before any is.
    private func confirm(_ delivery: DeliverySummary?, _ id: String) throws {
        guard let delivery else {
            throw CommandFailure(
                .missing, "\(printable(id)): the outbox has no such delivery",
                hint: "`closeout deliver status --all` lists those that it has")
        }
        guard delivery.state == .dead || delivery.state == .needsReview else {
            throw CommandFailure(
                .usage, "\(printable(id)): \(OutboxError.notReplayable(delivery.state))")
        }
    }
}
