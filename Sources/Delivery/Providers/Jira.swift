import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound

/// Jira Cloud: an issue for each delivery, found again by its label.
struct JiraSettings: ProviderSettings {
    static let addressForm = AddressForm.base
    /// The account that the token belongs to.
    let user: String
    /// The API token.
    let token: SecretReference
    /// The key of the project.
    let project: String
    /// The name of the type of issue.
    let issueType: String

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let user = try reader.required("user")
        self.user = try user.word()
        guard !self.user.contains(":") else { throw user.invalid("must be without a colon") }
        token = try reader.secret("token")
        let project = try reader.required("project")
        self.project = try project.segment(most: 64)
        guard self.project.utf8.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "_") }) else {
            throw project.invalid("must be the key of a project, such as REL")
        }
        issueType = try reader.optional("issue_type")?.word(most: 60) ?? "Task"
    }

    var findings: [SettingsFinding] {
        project == project.uppercased()
            ? []
            : [
                SettingsFinding(
                    "project", "jira.key-case", "Keys of projects are in upper case in most sites.")
            ]
    }

    var secrets: [NamedSecret] { [NamedSecret("token", token)] }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(
            JiraProvider(
                origin: try destination.orFault(), settings: self,
                token: try secrets.secret(token, at: "settings.token")))
    }
}

/// Looks for the issue first, then creates it; its description is a document, in which no text is markup.
struct JiraProvider: HTTPProvider {
    let origin: Destination
    let settings: JiraSettings
    let token: Secret

    /// The most characters of a summary.
    static let longestSummary = 255

    /// The label by which the issue of a delivery is found: without a blank, and never longer than a label may be.
    static func label(_ delivery: String) throws(ProviderFault) -> String {
        "closeout-" + (try DeliveryName.hashed(delivery))
    }

    func preparation(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> OutboundRequest? {
        let label = try Self.label(attempt.delivery)
        let body: JSON = [
            "jql": JSON("project = \"\(settings.project)\" AND labels = \"\(label)\""),
            "maxResults": 1, "fields": ["key"],
        ]
        return try Requests.make(
            .post, to: try origin.at("/rest/api/3/search/jql"), fields, body: body.canonicalBytes)
    }

    func conclude(_ result: OutboundResult, asOf now: Instant) -> PreparationResult {
        guard let response = result.response, response.head.status == 200,
            let found = response.answer?.lists["issues"]
        else { return .failed(result, asOf: now) }
        return found == 0
            ? .proceed(nil)
            : .settled(.success(.duplicate, response.head, code: "jira.exists"))
    }

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        let paragraphs = text.facts.map { fact -> JSON in
            [
                "type": "paragraph",
                "content": [["type": "text", "text": JSON("\(fact.name): \(fact.value)")]],
            ]
        }
        let body: JSON = [
            "fields": [
                "project": ["key": JSON(settings.project)],
                "issuetype": ["name": JSON(settings.issueType)],
                "summary": JSON(cutter.text(text.title, most: Self.longestSummary)),
                "description": ["type": "doc", "version": 1, "content": .array(paragraphs)],
                "labels": ["closeout", JSON(try Self.label(attempt.delivery))],
            ]
        ]
        let request = try Requests.make(
            .post, to: try origin.at("/rest/api/3/issue"), fields, body: body.canonicalBytes,
            most: 32_000)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    private var fields: [OutboundRequest.Field] {
        [
            Requests.basic(settings.user, token), Requests.json,
            OutboundRequest.Field("Accept", "application/json"),
        ]
    }

    /// 201 with the key of the issue.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        guard response.head.status == 201, response.answer?.strings["key"]?.isEmpty == false else {
            return nil
        }
        return .success(.delivered, response.head)
    }
}

/// Ids of deliveries for receivers that take fewer characters.
enum DeliveryName {
    /// The first 32 hexadecimal digits of the id's digest.
    static func hashed(_ delivery: String) throws(ProviderFault) -> String {
        guard let digest = try? SHA256Digest.of(Array(delivery.utf8)) else { throw .signature }
        return String(digest.hex.prefix(32))
    }
}
