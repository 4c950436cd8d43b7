import CloseoutEncodings
import CloseoutOutbound

/// Splunk's HTTP Event Collector.
struct SplunkSettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The token of the input.
    let token: SecretReference
    /// The index; nil for that of the token.
    let index: String?
    /// What the event is said to come from.
    let source: String
    /// The type of the source.
    let sourceType: String
    /// The host that the event is said to come from.
    let host: String?

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        token = try reader.secret("token")
        index = try reader.optional("index").map { item throws(JSONShapeError) in
            try item.segment(most: 80)
        }
        source = try reader.optional("source")?.word() ?? "closeout"
        sourceType = try reader.optional("sourcetype")?.word() ?? "closeout:event"
        host = try reader.optional("host")?.word()
    }

    var secrets: [NamedSecret] { [NamedSecret("token", token)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(
            SplunkProvider(
                origin: try destination.orFault(), settings: self,
                token: try secrets.secret(token, at: "settings.token")))
    }
}

/// Makes one event a request, and reads the code of the answer.
struct SplunkProvider: HTTPProvider {
    let origin: Destination
    let settings: SplunkSettings
    let token: Secret

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        var members = [
            JSONMember("time", .integer(event.at.secondsSince1970)),
            JSONMember("source", JSON(settings.source)),
            JSONMember("sourcetype", JSON(settings.sourceType)),
            JSONMember("event", event.data(&cutter)),
            JSONMember(
                "fields",
                ["delivery": JSON(attempt.delivery), "severity": JSON(event.severity.rawValue)]),
        ]
        if let index = settings.index { members.append(JSONMember("index", JSON(index))) }
        if let host = settings.host { members.append(JSONMember("host", JSON(host))) }
        let request = try Requests.make(
            .post, to: try origin.at("/services/collector/event"),
            [Requests.authorization("Splunk", token), Requests.json],
            body: JSON.object(members).canonicalBytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    /// By the code in the body: 0 is taken and not yet indexed.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        let head = response.head
        guard head.status == 200 || head.status >= 400,
            let code = response.answer?.numbers["code"]
        else { return nil }
        if head.status == 200, code == 0 { return .success(.acceptedUnconfirmed, head) }
        switch code {
        case 1...4:
            return .refusal(
                .permanent, head, code: "splunk.\(code)", asOf: now, isCredentialFault: true)
        case 5...7, 10...16: return .refusal(.permanent, head, code: "splunk.\(code)", asOf: now)
        case 8, 9, 18...20:
            return .refusal(.transient, head, code: "splunk.\(code)", asOf: now)
        default: return nil
        }
    }
}
