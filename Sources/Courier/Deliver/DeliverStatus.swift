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

    @Argument(help: "The id of the delivery, as `deliver status` prints it.")
    var delivery: String

    @OptionGroup var outbox: OutboxOptions

    func execute(_ context: Context) async throws {
        let outbox = try await outbox.open(creating: false, context)
        do throws(OutboxError) {
            let change = try await outbox.replay(delivery, now: context.now)
            try outbox.close()
            context.console.note("\(change.words); it is due now")
        } catch {
            throw CommandFailure(outbox: error)
        }
    }
}
