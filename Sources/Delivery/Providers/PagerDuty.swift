import CloseoutEncodings
import CloseoutOutbound

/// PagerDuty Events v2: what pages a person, and ends the alert when all is well again.
struct PagerDutySettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The integration key of the service.
    let routingKey: SecretReference

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        routingKey = try reader.secret("routing_key")
    }

    var secrets: [NamedSecret] { [NamedSecret("routing_key", routingKey)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(
            PagerDutyProvider(
                origin: try destination.orFault(),
                key: try secrets.secret(routingKey, at: "settings.routing_key")))
    }
}

/// Triggers one alert for each bundle and kind of event, and resolves it by the same key.
struct PagerDutyProvider: HTTPProvider {
    let origin: Destination
    let key: Secret

    /// The most characters of a summary.
    static let longestSummary = 1024

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        var data = Cutter()
        let isTest = event.kind == .test
        let body: JSON = [
            "routing_key": JSON(key.revealed),
            "event_action": event.outcome.verdict == .pass && !isTest ? "resolve" : "trigger",
            "dedup_key": JSON(
                isTest
                    ? "closeout/test/" + attempt.delivery
                    : "closeout/\(event.kind.rawValue)/\(event.bundle.hex)"),
            "client": "Closeout",
            "payload": [
                "summary": JSON(cutter.text(text.title, most: Self.longestSummary)),
                "source": JSON("closeout/" + event.bundle.hex),
                "severity": JSON(isTest ? "info" : Self.severity(event.severity)),
                "timestamp": JSON(event.at.description), "component": "closeout",
                "class": JSON(event.type), "custom_details": event.data(&data),
            ],
        ]
        let request = try Requests.make(
            .post, to: try origin.at("/v2/enqueue"), [Requests.json], body: body.canonicalBytes,
            most: 512_000)
        return ProviderMessage(request: request, cut: cutter.count + data.count)
    }

    private static func severity(_ severity: DeliveryEvent.Severity) -> String {
        switch severity {
        case .critical: "critical"
        case .high: "error"
        case .medium, .low: "warning"
        case .info: "info"
        }
    }

    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        PagerDutyAnswer.verdict(on: response)
    }
}

/// PagerDuty's answer, the same for events and change events.
enum PagerDutyAnswer {
    /// 202 with `status` `success`: taken, and not yet an alert.
    static func verdict(on response: OutboundResponse) -> AttemptResult? {
        guard response.head.status == 202, response.answer?.strings["status"] == "success" else {
            return nil
        }
        return .success(.acceptedUnconfirmed, response.head)
    }
}

/// PagerDuty change events: what people see beside an incident, and which pages nobody.
struct PagerDutyChangeSettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The integration key of the service.
    let routingKey: SecretReference

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        routingKey = try reader.secret("routing_key")
    }

    var secrets: [NamedSecret] { [NamedSecret("routing_key", routingKey)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(
            PagerDutyChangeProvider(
                origin: try destination.orFault(),
                key: try secrets.secret(routingKey, at: "settings.routing_key")))
    }
}

/// Makes change events.
struct PagerDutyChangeProvider: HTTPProvider {
    let origin: Destination
    let key: Secret

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        var data = Cutter()
        let body: JSON = [
            "routing_key": JSON(key.revealed),
            "payload": [
                "summary": JSON(cutter.text(text.title, most: PagerDutyProvider.longestSummary)),
                "source": JSON("closeout/" + event.bundle.hex),
                "timestamp": JSON(event.at.description), "custom_details": event.data(&data),
            ],
        ]
        let request = try Requests.make(
            .post, to: try origin.at("/v2/change/enqueue"), [Requests.json],
            body: body.canonicalBytes, most: 512_000)
        return ProviderMessage(request: request, cut: cutter.count + data.count)
    }

    /// 202; the status in the body is that of events, where there is one.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        PagerDutyAnswer.verdict(on: response)
    }
}
