import CloseoutEncodings
import CloseoutOutbound

/// Elasticsearch: a document whose id is that of the delivery, so that it is there once.
struct ElasticSettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The index or data stream.
    let index: String
    /// The key in the form `base64(id:key)`, as Elastic calls it "encoded".
    let key: SecretReference

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let item = try reader.required("index")
        index = try item.segment()
        guard index == index.lowercased(), let first = index.utf8.first, first.isAlphanumeric else {
            throw item.invalid("must be in lower case and begin with a letter or digit")
        }
        key = try reader.secret("api_key")
    }

    var secrets: [NamedSecret] { [NamedSecret("api_key", key)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        let key = try secrets.secret(key, at: "settings.api_key")
        guard let plain = Base64.decode(Array(key.revealed.utf8)),
            plain.contains(UInt8(ascii: ":"))
        else { throw RouteFault(member: "settings.api_key", reason: .secret(.malformed)) }
        return .http(ElasticProvider(origin: try destination.orFault(), index: index, key: key))
    }
}

/// Makes documents with the names of the Elastic Common Schema.
struct ElasticProvider: HTTPProvider {
    let origin: Destination
    let index: String
    let key: Secret

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let outcome =
            switch event.outcome.verdict {
            case .pass: "success"
            case .warning: "unknown"
            case .fail: "failure"
            }
        var text = Cutter()
        let body: JSON = [
            "@timestamp": JSON(event.at.description),
            "message": JSON(EventText(event, &text).title),
            "event": [
                "id": JSON(attempt.delivery), "action": JSON(event.type), "provider": "closeout",
                "kind": event.kind == .retentionAlert ? "alert" : "event",
                "category": ["configuration"], "type": ["info"], "outcome": JSON(outcome),
            ],
            "labels": [
                "severity": JSON(event.severity.rawValue), "test": JSON.bool(event.kind == .test),
            ],
            "closeout": event.data(&cutter),
        ]
        let request = try Requests.make(
            .put,
            to: try origin.at("/\(index)/_create/" + Requests.percentEncoded(attempt.delivery)),
            [Requests.authorization("ApiKey", key), Requests.json], body: body.canonicalBytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    /// 201 is there, 409 was there.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        switch response.head.status {
        case 201: .success(.delivered, response.head)
        case 409: .success(.duplicate, response.head, code: "elastic.exists")
        default: nil
        }
    }
}
