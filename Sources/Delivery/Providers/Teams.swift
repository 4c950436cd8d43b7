import CloseoutEncodings
import CloseoutOutbound

/// Microsoft Teams, by the trigger of a workflow: the URL is the credential, so there are no settings.
struct TeamsSettings: ProviderSettings {
    static let addressForm = AddressForm.credential

    init(taking reader: inout JSONObjectReader) {}

    var findings: [SettingsFinding] {
        [
            SettingsFinding(
                "", "teams.owner",
                "A workflow belongs to a person and ends with the account: give it a second owner.")
        ]
    }

    func provider(
        to destination: Destination?, secrets: SecretReader
    ) throws(RouteFault) -> ReadyProvider {
        .http(TeamsProvider(destination: try destination.orFault()))
    }
}

/// Makes adaptive cards of runs of text, in which nothing is Markdown, and reads what Teams hides in its body.
struct TeamsProvider: HTTPProvider {
    let destination: Destination

    /// The most bytes of a message.
    static let mostBytes = 28_000

    func message(
        for event: DeliveryEvent, _ attempt: DeliveryAttempt
    ) throws(ProviderFault) -> ProviderMessage {
        var cutter = Cutter()
        let text = EventText(event, &cutter)
        var blocks = [
            Self.line([["type": "TextRun", "text": JSON(text.title), "weight": "bolder"]])
        ]
        blocks += text.facts.map { fact in
            Self.line([
                ["type": "TextRun", "text": JSON(fact.name + ": "), "isSubtle": true],
                ["type": "TextRun", "text": JSON(fact.value)],
            ])
        }
        let body: JSON = [
            "type": "message",
            "attachments": [
                [
                    "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil,
                    "content": [
                        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                        "type": "AdaptiveCard", "version": "1.4", "body": .array(blocks),
                        "fallbackText": JSON(text.title),
                    ],
                ]
            ],
        ]
        let request = try Requests.make(
            .post, to: destination, [Requests.json], body: body.canonicalBytes,
            most: Self.mostBytes)
        return ProviderMessage(request: request, cut: cutter.count)
    }

    private static func line(_ runs: [JSON]) -> JSON {
        ["type": "RichTextBlock", "inlines": .array(runs)]
    }

    /// 202 of a workflow; 200 with `1` of a connector, which passes on a refusal in a body with 200.
    func verdict(on response: OutboundResponse, asOf now: Instant) -> AttemptResult? {
        guard response.head.isSuccess else { return nil }
        if let status = Self.hiddenStatus(in: response.body), !(200..<300).contains(status) {
            let hidden = AttemptResult.of(status: status, response.head, asOf: now)
            return AttemptResult(
                hidden.outcome, status: response.head.recordedStatus,
                code: "teams.in-body-\(status)",
                retryAfter: hidden.retryAfter, isCredentialFault: hidden.isCredentialFault)
        }
        if response.head.status == 202 { return .success(.acceptedUnconfirmed, response.head) }
        return response.head.status == 200 && response.word == "1"
            ? .success(.delivered, response.head) : nil
    }

    /// The status in "… returned HTTP error 429 …".
    static func hiddenStatus(in body: [UInt8]) -> Int? {
        let mark = Array("HTTP error ".utf8)
        guard let place = body.firstRange(of: mark) else { return nil }
        let digits = body[place.upperBound...].prefix { $0.isDigit }
        guard digits.count == 3 else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
