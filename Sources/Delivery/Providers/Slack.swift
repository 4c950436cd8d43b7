import CloseoutEncodings
import CloseoutOutbound

/// Slack, by an incoming webhook: the URL is the credential, so there are no settings.
struct SlackSettings: ProviderSettings {
    static let addressForm = AddressForm.credential

    init(taking reader: inout JSONObjectReader) {}

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(SlackProvider(destination: try destination.orFault()))
    }
}

/// Makes messages of blocks in plain text, and reads the one word that Slack answers.
struct SlackProvider: HTTPProvider {
    let destination: Destination

    /// The most characters of a header.
    static let longestHeader = 150
    /// The most characters of a field.
    static let longestField = 2000
    /// The most fields of a section.
    static let mostFields = 10

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        let fields = cutter.list(text.facts, most: Self.mostFields).map { fact in
            Self.plain(cutter.text("\(fact.name)\n\(fact.value)", most: Self.longestField))
        }
        let body: JSON = [
            "text": JSON(Self.escaped(text.title)), "mrkdwn": false, "unfurl_links": false,
            "unfurl_media": false,
            "blocks": [
                [
                    "type": "header",
                    "text": Self.plain(cutter.text(text.title, most: Self.longestHeader)),
                ],
                ["type": "section", "fields": .array(fields)],
            ],
        ]
        let request = try Requests.make(
            .post, to: destination, [Requests.json], body: body.canonicalBytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    /// Text in which nothing is markup.
    private static func plain(_ text: String) -> JSON {
        ["type": "plain_text", "text": JSON(text), "emoji": false]
    }

    /// Text that is markup, with what begins a mention or a link escaped.
    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    /// The words that Slack is known to answer with.
    static let words: Set<String> = [
        "invalid_payload", "user_not_found", "action_prohibited", "channel_not_found",
        "no_service", "no_active_hooks", "no_team", "team_disabled", "channel_is_archived",
        "posting_to_general_channel_denied", "too_many_attachments", "rollup_error",
    ]

    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        let word = response.word
        if response.head.status == 200, word == "ok" { return .success(.delivered, response.head) }
        guard !response.head.isSuccess, let word, Self.words.contains(word) else { return nil }
        let general = AttemptResult.of(response.head, asOf: now)
        return AttemptResult(
            general.outcome, status: general.status, code: "slack.\(word)",
            retryAfter: general.retryAfter, isCredentialFault: general.isCredentialFault)
    }
}
