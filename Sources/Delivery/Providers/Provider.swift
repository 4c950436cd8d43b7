package import CloseoutEncodings
package import CloseoutOutbound

/// The kinds of receiver (docs/routes.md, "Providers").
package enum ProviderKind: String, CaseIterable, Hashable, Sendable {
    case webhook, slack, teams, pagerduty
    case pagerdutyChange = "pagerduty-change"
    case splunk, elastic, jira, servicenow, sentinel
    case githubGate = "github-gate"
    case syslog, smtp

    /// What reads the settings of the provider.
    package var settings: any ProviderSettings.Type {
        switch self {
        case .webhook: WebhookSettings.self
        case .slack: SlackSettings.self
        case .teams: TeamsSettings.self
        case .pagerduty: PagerDutySettings.self
        case .pagerdutyChange: PagerDutyChangeSettings.self
        case .splunk: SplunkSettings.self
        case .elastic: ElasticSettings.self
        case .jira: JiraSettings.self
        case .servicenow: ServiceNowSettings.self
        case .sentinel: SentinelSettings.self
        case .githubGate: GitHubGateSettings.self
        case .syslog: SyslogSettings.self
        case .smtp: MailSettings.self
        }
    }

    /// What sending a message twice does.
    package var repetition: Repetition {
        switch self {
        case .pagerduty, .elastic, .githubGate: .dropped
        case .webhook, .splunk, .smtp: .marked
        case .jira, .servicenow: .searched
        case .slack, .teams, .pagerdutyChange, .sentinel, .syslog: .repeated
        }
    }
}

/// What sending a message twice does, which decides whether an unknown outcome may be tried again.
package enum Repetition: String, CaseIterable, Hashable, Sendable {
    /// The receiver has it once.
    case dropped
    /// The receiver gets it twice with one id by which it can drop the second.
    case marked
    /// The sender looks first whether the receiver has it; what was sent just before may not be found yet.
    case searched
    /// People see it twice.
    case repeated

    /// Whether an attempt of unknown outcome may be repeated without asking a person.
    package var mayRepeatUnknown: Bool { self == .dropped || self == .marked }
}

/// What the `url` of a route is to a provider.
package enum AddressForm: Hashable, Sendable {
    /// There is none: host and port are in the settings.
    case none
    /// The URL to which is sent.
    case whole
    /// The URL to which is sent, and as good as a password.
    case credential
    /// Scheme, host and port, to which the provider adds a path.
    case base
}

/// Where one secret of a route is, and by which member.
package struct NamedSecret: Hashable, Sendable {
    /// The member of the settings, or of the route.
    package let member: String
    /// Where it is.
    package let reference: SecretReference

    package init(_ member: String, _ reference: SecretReference) {
        self.member = member
        self.reference = reference
    }
}

/// The settings of a provider as the file has them: closed, with secrets by reference.
package protocol ProviderSettings: Hashable, Sendable {
    /// What the `url` of the route is.
    static var addressForm: AddressForm { get }

    /// Takes all members out of `settings`.
    ///
    /// - Throws: `JSONShapeError` that names the member, and nothing of what stands there.
    init(taking reader: inout JSONObjectReader) throws(JSONShapeError)

    /// Where the secrets are, by their members of the settings.
    var secrets: [NamedSecret] { get }

    /// Plain mistakes: what is allowed and likely not meant.
    var findings: [SettingsFinding] { get }

    /// A host beside that of the URL, by its member of the settings: the URL of it without a path.
    var peer: (member: String, url: String)? { get }

    /// Reads the secrets.
    ///
    /// - Parameters:
    ///   - destination: The URL of the route; nil only where `addressForm` is `none`.
    ///   - secrets: What reads them.
    /// - Returns: what makes the messages.
    /// - Throws: `RouteFault` that names the member.
    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider
}

extension ProviderSettings {
    /// There are none.
    package var secrets: [NamedSecret] { [] }
    /// There is none.
    package var peer: (member: String, url: String)? { nil }
    /// None.
    package var findings: [SettingsFinding] { [] }
}

/// What makes the messages of a route.
package enum ReadyProvider: Sendable {
    /// Requests over HTTPS.
    case http(any HTTPProvider)
    /// Frames of syslog over TLS.
    case syslog(SyslogProvider)
    /// Mail.
    case mail(MailProvider)
}

/// One delivery on its way: what all its attempts share, and what is of this one.
package struct DeliveryAttempt: Hashable, Sendable {
    /// The id of the delivery, the same over all attempts and retries: 1 to 128 of `A-Z a-z 0-9 _ : / @ + -`.
    package let delivery: String
    /// When the attempt began.
    package let at: Instant
    /// What a preparation gave, such as an access token.
    package let grant: Secret?

    /// Checks the id: that of a name of records, without a dot, which signed hooks keep for themselves.
    ///
    /// - Throws: `ProviderFault.deliveryID`.
    package init(
        delivery: String, at: Instant, grant: Secret? = nil
    ) throws(ProviderFault) {
        let bytes = Array(delivery.utf8)
        guard let first = bytes.first, first.isAlphanumeric, bytes.count <= 128,
            bytes.allSatisfy({ $0.isAlphanumeric || Array("_:/@+-".utf8).contains($0) })
        else { throw .deliveryID }
        self.delivery = delivery
        self.at = at
        self.grant = grant
    }

    /// The same with what a preparation gave.
    package func granted(_ grant: Secret?) -> DeliveryAttempt {
        DeliveryAttempt(self, grant)
    }

    private init(_ attempt: DeliveryAttempt, _ grant: Secret?) {
        delivery = attempt.delivery
        at = attempt.at
        self.grant = grant
    }
}

/// Why no message can be made; no case holds text of anybody else.
package enum ProviderFault: Error, Hashable, Sendable {
    /// The id of the delivery has another form than all receivers take.
    case deliveryID
    /// A header field or the URL made of it is refused.
    case request(RequestRefusal)
    /// The URL made for the message is refused.
    case destination(DestinationRefusal)
    /// The message is larger than the receiver takes, however much is cut.
    case tooLarge
    /// A signature cannot be made.
    case signature
    /// The message needs what a preparation gives.
    case notPrepared
    /// The provider answers requests only, and sends no events.
    case noEvents
    /// The URL to answer at is on another host than the route's.
    case otherHost
    /// The file with the request to be answered has another shape.
    case malformedRequest
    /// The message is not in the form that its protocol has, which the provider's own rules rule out.
    case malformedMessage

    /// A stable code.
    package var code: String {
        switch self {
        case .deliveryID: "message.delivery-id"
        case .request: "message.request"
        case .destination: "message.destination"
        case .tooLarge: "message.too-large"
        case .signature: "message.signature"
        case .notPrepared: "message.not-prepared"
        case .noEvents: "message.no-events"
        case .otherHost: "message.other-host"
        case .malformedRequest: "message.malformed-request"
        case .malformedMessage: "message.malformed"
        }
    }
}

extension ProviderFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .deliveryID: "the id of the delivery has another form than all receivers take"
        case .request(let refusal): refusal.sentence
        case .destination(let refusal): refusal.sentence
        case .tooLarge: "the message is larger than the receiver takes, however much is cut"
        case .signature: "the message cannot be signed"
        case .notPrepared: "the message needs a token, which was not asked for"
        case .noEvents: "the provider answers requests only, and sends no events"
        case .otherHost: "the answer is to go to another host than the route's"
        case .malformedRequest: "the request that is to be answered has another shape"
        case .malformedMessage: "the message has another form than its protocol takes"
        }
    }
}

/// A request with what was left out of it.
package struct ProviderMessage: Hashable, Sendable {
    /// The request.
    package let request: OutboundRequest
    /// How many texts were shortened and list elements left out, so that the receiver takes the rest.
    package let cut: Int
}

extension ProviderMessage: Unprinted {
    package var description: String { "[message: \(request), \(cut) cut]" }
}

/// What a preparation gave, such as an access token.
package struct Grant: Hashable, Sendable {
    /// What goes with the message.
    package let secret: Secret
    /// For how long it may serve other deliveries of the route.
    package let lifetime: Duration
}

extension Grant: Unprinted {
    package var description: String { "[grant]" }
}

/// What a preparation led to.
package enum PreparationResult: Hashable, Sendable {
    /// The message is to be sent, with the grant if there is one.
    case proceed(Grant?)
    /// There is nothing to send: the receiver has it, or the attempt ends here.
    case settled(AttemptResult)
}

/// What speaks to one kind of receiver over HTTPS.
///
/// The body of a message depends on event and delivery alone: it is the same bytes at each attempt.
package protocol HTTPProvider: Sendable {
    /// Makes the message.
    ///
    /// - Throws: why none can be made.
    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage

    /// A request that comes before the message: for a token, or to look whether the receiver has it.
    ///
    /// It can go to another host than the route's, and changes nothing there.
    ///
    /// - Returns: nil where nothing comes before.
    /// - Throws: why none can be made.
    func preparation(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> OutboundRequest?

    /// What the preparation led to.
    func conclude(_ result: OutboundResult, asOf now: Instant) -> PreparationResult

    /// What a response with a status below 300, or one that the provider has a rule of its own for, means.
    ///
    /// - Returns: nil where the rules for all of HTTP count.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult?
}

extension HTTPProvider {
    /// Nothing comes before.
    package func preparation(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> OutboundRequest? { nil }

    /// The message is sent.
    package func conclude(_ result: OutboundResult, asOf now: Instant) -> PreparationResult {
        .proceed(nil)
    }

    /// The result of an attempt, by status and body.
    package func judge(_ result: OutboundResult, asOf now: Instant) -> AttemptResult {
        switch result.outcome {
        case .failure(let failure): .of(failure, asOf: now)
        case .response(let response):
            verdict(on: response, asOf: now) ?? .of(response.head, asOf: now)
        }
    }
}
