import CloseoutEncodings
import CloseoutOutbound

/// ServiceNow's Table API: a row for each delivery, found again by its correlation id.
struct ServiceNowSettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The table, such as `incident`.
    let table: String
    /// The account; nil where the secret is a token of OAuth.
    let user: String?
    /// The account's password, or a token of OAuth.
    let secret: SecretReference

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        table = try reader.optional("table")?.segment(most: 80) ?? "incident"
        let user = reader.optional("user")
        self.user = try user?.word()
        if let user, self.user?.contains(":") == true {
            throw user.invalid("must be without a colon")
        }
        secret = try reader.secret(user == nil ? "token" : "password")
    }

    var secrets: [NamedSecret] { [NamedSecret(user == nil ? "token" : "password", secret)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        let member = user == nil ? "settings.token" : "settings.password"
        return .http(
            ServiceNowProvider(
                origin: try destination.orFault(), settings: self,
                secret: try secrets.secret(secret, at: member)))
    }
}

/// Looks for the row first, then creates it.
struct ServiceNowProvider: HTTPProvider {
    let origin: Destination
    let settings: ServiceNowSettings
    let secret: Secret

    /// The most characters of a short description.
    static let longestShort = 160
    /// The most characters of a description.
    static let longestDescription = 4000

    /// The id by which the row of a delivery is found; it can begin no expression.
    static func correlation(_ delivery: String) throws(ProviderFault) -> String {
        "closeout-" + (try DeliveryName.hashed(delivery))
    }

    func preparation(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> OutboundRequest? {
        let id = try Self.correlation(attempt.delivery)
        return try Requests.make(
            .get,
            to: try origin.at(
                "/api/now/table/\(settings.table)?sysparm_query=correlation_id%3D\(id)"
                    + "&sysparm_fields=sys_id&sysparm_limit=1"), fields)
    }

    func conclude(_ result: OutboundResult, asOf now: Instant) -> PreparationResult {
        guard let response = result.response, response.head.status == 200,
            let found = response.answer?.lists["result"]
        else { return .failed(result, asOf: now) }
        return found == 0
            ? .proceed(nil)
            : .settled(.success(.duplicate, response.head, code: "servicenow.exists"))
    }

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        let lines = text.facts.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        let level =
            switch event.severity {
            case .critical, .high: "1"
            case .medium: "2"
            case .low, .info: "3"
            }
        let body: JSON = [
            "short_description": JSON(cutter.text(text.title, most: Self.longestShort)),
            "description": JSON(cutter.text(lines, most: Self.longestDescription)),
            "urgency": JSON(level), "impact": JSON(level),
            "correlation_id": JSON(try Self.correlation(attempt.delivery)),
            "correlation_display": "closeout",
        ]
        let request = try Requests.make(
            .post, to: try origin.at("/api/now/table/\(settings.table)?sysparm_fields=sys_id"),
            fields + [Requests.json], body: body.canonicalBytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    private var fields: [OutboundRequest.Field] {
        let who =
            settings.user.map { Requests.basic($0, secret) }
            ?? Requests.authorization("Bearer", secret)
        return [who, OutboundRequest.Field("Accept", "application/json")]
    }

    /// 201 with the id of the row.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        guard response.head.status == 201,
            response.answer?.inner["result.sys_id"]?.isEmpty == false
        else { return nil }
        return .success(.delivered, response.head)
    }
}
