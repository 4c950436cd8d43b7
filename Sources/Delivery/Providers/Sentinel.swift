import CloseoutEncodings
import CloseoutOutbound

/// Microsoft Sentinel, by the Logs Ingestion API with the credentials of a client.
struct SentinelSettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The id of the tenant.
    let tenant: String
    /// The id of the client.
    let client: String
    /// The client's secret.
    let secret: SecretReference
    /// The immutable id of the data collection rule.
    let rule: String
    /// The stream, such as `Custom-Closeout_CL`.
    let stream: String
    /// Where tokens are given.
    let authority: String
    /// What the token is for.
    let scope: String

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        tenant = try reader.required("tenant").segment()
        client = try reader.required("client_id").segment()
        secret = try reader.secret("client_secret")
        rule = try reader.required("rule").segment()
        stream = try reader.required("stream").segment()
        authority =
            try reader.optional("authority")?.word(most: 255) ?? "https://login.microsoftonline.com"
        scope =
            try reader.optional("scope")?.word(most: 255) ?? "https://monitor.azure.com//.default"
    }

    var peer: (member: String, url: String)? { ("authority", authority) }

    var findings: [SettingsFinding] {
        var findings: [SettingsFinding] = []
        if !rule.hasPrefix("dcr-") {
            findings.append(
                SettingsFinding(
                    "rule", "sentinel.rule",
                    "The immutable id of a data collection rule begins with dcr-."))
        }
        if !stream.hasPrefix("Custom-") {
            findings.append(
                SettingsFinding(
                    "stream", "sentinel.stream", "The stream of a custom table begins with Custom-."
                ))
        }
        return findings
    }

    var secrets: [NamedSecret] { [NamedSecret("client_secret", secret)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        let destination = try destination.orFault()
        let authority: Destination
        do throws(DestinationRefusal) {
            authority = try Destination(self.authority, ports: [443, destination.port])
        } catch {
            throw RouteFault(member: "settings.authority", reason: .destination(error))
        }
        guard authority.target == "/" else {
            throw RouteFault(member: "settings.authority", reason: .notABase)
        }
        return .http(
            SentinelProvider(
                origin: destination, authority: authority, settings: self,
                secret: try secrets.secret(secret, at: "settings.client_secret")))
    }
}

/// Asks for a token first, then sends one row.
struct SentinelProvider: HTTPProvider {
    let origin: Destination
    let authority: Destination
    let settings: SentinelSettings
    let secret: Secret

    /// The request for a token goes to the authority, which is another host than the route's.
    func preparation(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> OutboundRequest? {
        let form = [
            ("grant_type", "client_credentials"), ("client_id", settings.client),
            ("client_secret", secret.revealed), ("scope", settings.scope),
        ].map { "\($0.0)=\(Requests.percentEncoded($0.1))" }.joined(separator: "&")
        return try Requests.make(
            .post, to: try authority.at("/\(settings.tenant)/oauth2/v2.0/token"),
            [OutboundRequest.Field("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(form.utf8))
    }

    /// The token, which serves until five minutes before its end.
    func conclude(_ result: OutboundResult, asOf now: Instant) -> PreparationResult {
        guard let response = result.response, response.head.status == 200,
            let answer = response.answer, let token = answer.strings["access_token"],
            let secret = try? Secret(trimming: Array(token.utf8))
        else { return .failed(result, asOf: now) }
        let lifetime = max(0, (answer.numbers["expires_in"] ?? 0) - 300)
        return .proceed(Grant(secret: secret, lifetime: .seconds(min(lifetime, 86_400))))
    }

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        guard let token = attempt.grant else { throw .notPrepared }
        var cutter = Cutter()
        let findings = cutter.list(event.findings, most: DeliveryEvent.mostFindings)
        let row: JSON = [
            "TimeGenerated": JSON(event.at.description), "DeliveryId": JSON(attempt.delivery),
            "EventId": JSON(event.id), "EventKind": JSON(event.kind.rawValue),
            "ReleaseName": JSON(cutter.text(event.releaseName, most: DeliveryEvent.longestName)),
            "ReleaseVersion": JSON(
                cutter.text(event.releaseVersion, most: DeliveryEvent.longestName)),
            "Bundle": JSON(event.bundle.hex), "Record": JSON(event.record?.hex ?? ""),
            "Outcome": JSON(event.outcome.rawValue),
            "EventSeverity": JSON(event.severity.rawValue),
            "Counts": event.counts.json,
            "Findings": .array(
                findings.map { JSON(cutter.text($0, most: DeliveryEvent.longestFinding)) }),
        ]
        let target =
            "/dataCollectionRules/\(settings.rule)/streams/\(settings.stream)"
            + "?api-version=2023-01-01"
        let request = try Requests.make(
            .post, to: try origin.at(target),
            [Requests.authorization("Bearer", token), Requests.json],
            body: JSON.array([row]).canonicalBytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    /// 204: taken, and not yet in the table.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        response.head.status == 204 ? .success(.acceptedUnconfirmed, response.head) : nil
    }
}
