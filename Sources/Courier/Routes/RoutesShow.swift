import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound

/// Prints routes, with the places of their secrets and none of the secrets.
struct RoutesShow: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the routes, and where their secrets are.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: RoutesOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let routes = try file.load().routes
        switch format {
        case .json:
            try context.console.result(["routes": .array(routes.map(\.json))] as JSON)
        case .text:
            let rows = routes.map { [$0.name, $0.provider.rawValue, $0.receiver] }
            let head = ["route", "provider", "receiver"]
            let widths = head.indices.map { column in
                ([head] + rows).map { $0[column].count }.max() ?? 0
            }
            func line(_ cells: [String], _ last: String) -> String {
                zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ") + "  \(last)\n"
            }
            var text = line(head, "events")
            for (route, row) in zip(routes, rows) {
                text += line(row, route.eventNames.joined(separator: ", "))
                for secret in route.secrets { text += "  \(secret.member): \(secret.reference)\n" }
                for range in route.allowed { text += "  allow_addresses: \(range)\n" }
            }
            try context.console.result(text)
        }
    }
}

extension Route {
    /// The events that it gets.
    fileprivate var eventNames: [String] { events.map(\.rawValue).sorted() }

    /// Host and port; of a URL that is a secret only that it is one.
    fileprivate var receiver: String {
        switch (address, settings) {
        case (.written(let url), _):
            guard let target = try? Destination(url, ports: ports) else { return "(refused)" }
            return "https://\(target.host.inURL)" + (target.port == 443 ? "" : ":\(target.port)")
        case (.secret, _): return "(secret)"
        case (nil, let syslog as SyslogSettings): return "\(syslog.host):\(syslog.port)"
        case (nil, let mail as MailSettings): return "\(mail.host):\(mail.port)"
        case (nil, _): return "-"
        }
    }

    fileprivate var json: JSON {
        [
            "name": JSON(name), "provider": JSON(provider.rawValue), "receiver": JSON(receiver),
            "events": .array(eventNames.map { JSON($0) }),
            "connections": .integer(Int64(connections)),
            "deadline": .integer(deadline.components.seconds),
            "allow_addresses": .array(allowed.map { JSON("\($0)") }),
            "secrets": .array(
                secrets.map {
                    ["member": JSON($0.member), "from": JSON("\($0.reference)")] as JSON
                }),
        ]
    }
}
