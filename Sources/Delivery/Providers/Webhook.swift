import CloseoutEncodings
import CloseoutOutbound

/// A hook of any receiver: Standard Webhooks or CloudEvents, signed.
struct WebhookSettings: ProviderSettings {
    static let addressForm = AddressForm.whole

    /// How the event is wrapped.
    enum Format: String, CaseIterable, Hashable, Sendable {
        /// Standard Webhooks 1.0: type, time and data.
        case standard
        /// CloudEvents 1.0 with its attributes in the body.
        case structured = "cloudevents-structured"
        /// CloudEvents 1.0 with its attributes in header fields.
        case binary = "cloudevents-binary"
    }

    /// What the receiver gets of the event.
    enum Body: String, CaseIterable, Hashable, Sendable {
        /// Our own members.
        case plain
        /// A Compliance Finding of OCSF.
        case ocsf
        /// Assessment results of OSCAL.
        case oscal
    }

    /// A header field of the route's owner.
    struct Header: Hashable, Sendable {
        let name: String
        let value: Value

        enum Value: Hashable, Sendable {
            case written(String)
            case secret(SecretReference)
        }
    }

    /// How the event is wrapped.
    let format: Format
    /// What the receiver gets.
    let body: Body
    /// The source of CloudEvents: a URI.
    let source: String
    /// The secrets of signatures, `whsec_…` or `whsk_…`, the present one first.
    let signing: [SecretReference]
    /// Header fields of the route's owner.
    let headers: [Header]

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        format = try reader.optional("format")?.choice() ?? .standard
        body = try reader.optional("body")?.choice() ?? .plain
        source = try reader.optional("source").map(Self.source) ?? "urn:closeout"
        var signing: [SecretReference] = []
        if let item = reader.optional("signing_secrets") {
            for item in try item.array() { signing.append(try SecretReference(item)) }
            guard (1...8).contains(signing.count) else { throw item.invalid("must name 1 to 8") }
        }
        self.signing = signing
        headers = try reader.optional("headers").map(Self.headers) ?? []
    }

    private static func source(_ item: JSONItem) throws(JSONShapeError) -> String {
        let source = try item.word(most: 255)
        guard !source.utf8.contains(where: { Set(" \"%<>\\^`{|}".utf8).contains($0) }) else {
            throw item.invalid("must be a URI without blanks, quotes and escapes")
        }
        return source
    }

    /// Names of fields that the provider sets.
    private static let taken: Set<String> = [
        "user-agent", "content-type", "idempotency-key", "webhook-id", "webhook-timestamp",
        "webhook-signature",
    ]

    private static func headers(_ item: JSONItem) throws(JSONShapeError) -> [Header] {
        var headers: [Header] = []
        var names: Set<String> = []
        for item in try item.array() {
            var reader = try item.object()
            let nameItem = try reader.required("name")
            let name = try nameItem.segment(most: 64)
            let lower = name.lowercased()
            guard !taken.contains(lower), !lower.hasPrefix("ce-") else {
                throw nameItem.invalid("the provider sets this field itself")
            }
            guard names.insert(lower).inserted else { throw nameItem.invalid("named before") }
            let value = try reader.required("value")
            if case .string = value.value {
                guard !isOfCredentials(lower) else {
                    throw value.invalid(
                        "a secret is never written here: say where it is, by env, file or command")
                }
                headers.append(Header(name: name, value: .written(try value.word(most: 1024))))
            } else {
                headers.append(Header(name: name, value: .secret(try SecretReference(value))))
            }
            try reader.finish()
            do throws(RequestRefusal) {
                try FieldCheck.confirm(name)
            } catch {
                throw nameItem.invalid(error.sentence)
            }
        }
        guard headers.count <= 32 else { throw item.invalid("has more than 32 fields") }
        return headers
    }

    /// Whether a field of this name holds credentials.
    private static func isOfCredentials(_ name: String) -> Bool {
        [
            "auth", "bearer", "cookie", "credential", "jwt", "key", "pass", "secret", "session",
            "token",
        ].contains { name.contains($0) }
    }

    var findings: [SettingsFinding] {
        var findings: [SettingsFinding] = []
        if signing.isEmpty {
            findings.append(
                SettingsFinding(
                    "signing_secrets", "webhook.unsigned",
                    "Nothing is signed: the receiver cannot tell who sent it."))
        }
        if format != .standard && source == "urn:closeout" {
            findings.append(
                SettingsFinding(
                    "source", "webhook.source",
                    "All installations have this source: give a URI of your own."))
        }
        return findings
    }

    var secrets: [NamedSecret] {
        signing.enumerated().map { NamedSecret("signing_secrets[\($0)]", $1) }
            + headers.enumerated().compactMap { index, header in
                guard case .secret(let reference) = header.value else { return nil }
                return NamedSecret("headers[\(index)].value", reference)
            }
    }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        var signers: [WebhookSigner] = []
        for (index, reference) in signing.enumerated() {
            let member = "settings.signing_secrets[\(index)]"
            let secret = try secrets.secret(reference, at: member)
            guard let signer = WebhookSigner(secret) else {
                throw RouteFault(member: member, reason: .secret(.malformed))
            }
            signers.append(signer)
        }
        var fields: [OutboundRequest.Field] = []
        for (index, header) in headers.enumerated() {
            switch header.value {
            case .written(let text): fields.append(OutboundRequest.Field(header.name, text))
            case .secret(let reference):
                let secret = try secrets.secret(
                    reference, at: "settings.headers[\(index)].value")
                fields.append(OutboundRequest.Field(header.name, secret.revealed))
            }
        }
        return .http(
            WebhookProvider(
                destination: try destination.orFault(), settings: self, signers: signers,
                fields: fields))
    }
}

extension WebhookSettings.Header: Unprinted {
    var description: String { "[header field]" }
}

/// Asks the client's own rules whether a name may be that of a header field.
enum FieldCheck {
    static func confirm(_ name: String) throws(RequestRefusal) {
        guard let anywhere = try? Destination("https://example.com/") else { return }
        _ = try OutboundRequest(.post, to: anywhere, fields: [.init(name, "x")])
    }
}

/// Makes signed hooks; the id is that of the delivery and stays, the time is that of the attempt.
struct WebhookProvider: HTTPProvider {
    let destination: Destination
    let settings: WebhookSettings
    let signers: [WebhookSigner]
    let fields: [OutboundRequest.Field]

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let data: JSON =
            switch settings.body {
            case .plain: event.data(&cutter)
            case .ocsf: OCSFFinding.json(event, &cutter)
            case .oscal: try OSCALResult.json(event, attempt.delivery, &cutter)
            }
        let (body, type) = wrapped(data, event, attempt)
        var fields = [OutboundRequest.Field("Content-Type", type)]
        fields.append(OutboundRequest.Field("Idempotency-Key", attempt.delivery))
        if settings.format == .binary {
            fields += [
                ("ce-specversion", "1.0"), ("ce-id", attempt.delivery),
                ("ce-source", settings.source), ("ce-type", event.type),
                ("ce-time", event.at.description),
            ].map { OutboundRequest.Field($0.0, $0.1) }
        }
        let bytes = body.canonicalBytes
        let time = attempt.at.secondsSince1970
        fields += [
            OutboundRequest.Field("webhook-id", attempt.delivery),
            OutboundRequest.Field("webhook-timestamp", String(time)),
        ]
        if !signers.isEmpty {
            var items: [String] = []
            for signer in signers {
                items.append(try signer.item(id: attempt.delivery, time: time, body: bytes))
            }
            fields.append(
                OutboundRequest.Field("webhook-signature", items.joined(separator: " ")))
        }
        let request = try Requests.make(
            .post, to: destination, fields + self.fields, body: bytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    /// The body and its type.
    private func wrapped(
        _ data: JSON, _ event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) -> (JSON, String) {
        switch settings.format {
        case .standard where settings.body == .plain:
            let body: JSON = [
                "type": JSON(event.type), "timestamp": JSON(event.at.description), "data": data,
            ]
            return (body, "application/json")
        case .standard, .binary: return (data, "application/json")
        case .structured:
            let body: JSON = [
                "specversion": "1.0", "id": JSON(attempt.delivery),
                "source": JSON(settings.source), "type": JSON(event.type),
                "time": JSON(event.at.description), "datacontenttype": "application/json",
                "data": data,
            ]
            return (body, "application/cloudevents+json; charset=utf-8")
        }
    }

    /// Any 2xx, whatever the body says; 202 promises less.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        guard response.head.isSuccess else { return nil }
        return .success(
            response.head.status == 202 ? .acceptedUnconfirmed : .delivered, response.head)
    }
}
