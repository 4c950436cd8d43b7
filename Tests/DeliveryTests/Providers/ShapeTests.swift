import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import Testing

@Suite("Provider: shapes of messages")
struct ProviderShapeTests {
    @Test("the body is the same bytes at each attempt", arguments: Samples.httpKinds)
    func stable(kind: ProviderKind) throws {
        let provider = try Samples.http(kind)
        let event = try Samples.event()
        let first = try provider.message(for: event, try Samples.attempt())
        let later = try provider.message(for: event, try Samples.attempt(later: 4000))
        #expect(first.request.body == later.request.body)
        #expect(first.request.destination == later.request.destination)
        #expect(first.cut == 0)
        #expect(Samples.field("User-Agent", of: first.request) == "closeout-courier")
    }

    @Test(
        "hostile and long names are cut, counted and never break a body",
        arguments: Samples.httpKinds)
    func hostile(kind: ProviderKind) throws {
        let provider = try Samples.http(kind)
        let short = try provider.message(
            for: try Samples.event(name: Samples.hostile), try Samples.attempt())
        _ = try JSON(parsingCanonical: short.request.body)
        let long = try provider.message(for: try Samples.longEvent(), try Samples.attempt())
        let body = try JSON(parsingCanonical: long.request.body)
        if kind != .githubGate { #expect(long.cut > 1900) }
        #expect(long.request.body.count < 100_000)
        if [.slack, .teams, .jira, .servicenow].contains(kind) {
            #expect(!body.strings.contains { $0.utf8.contains(0x0d) || $0.contains("\u{202E}") })
        }
    }

    @Test("a message for Slack has text without markup, within all limits")
    func slack() throws {
        let provider = try Samples.http(.slack)
        for event in [
            try Samples.event(name: Samples.hostile), try Samples.longEvent(),
            try Samples.event(),
        ] {
            let request = try provider.message(for: event, try Samples.attempt()).request
            let body = try JSON(parsingCanonical: request.body)
            let text = try #require(body.at("text").text)
            #expect(!text.contains("<") && !text.contains(">"))
            let header = body.at("blocks", "0")
            #expect(header.at("type").text == "header")
            #expect(try #require(header.at("text", "text").text).utf16.count <= 150)
            let fields = body.at("blocks", "1", "fields").elements
            #expect((1...10).contains(fields.count))
            for field in fields + [header.at("text")] {
                #expect(field.at("type").text == "plain_text")
                #expect(try #require(field.at("text").text).utf16.count <= 2000)
            }
            #expect(request.destination.target == "/services/T0/B0/canary-slack")
        }
    }

    @Test("a message for Teams is an adaptive card of runs of text")
    func teams() throws {
        let provider = try Samples.http(.teams)
        let request = try provider.message(
            for: try Samples.longEvent(), try Samples.attempt()
        ).request
        #expect(request.body.count <= 28_000)
        let body = try JSON(parsingCanonical: request.body)
        #expect(body.at("type").text == "message")
        let attachment = body.at("attachments", "0")
        #expect(attachment.at("contentType").text == "application/vnd.microsoft.card.adaptive")
        #expect(attachment["contentUrl"] == .null)
        #expect(attachment.at("content", "type").text == "AdaptiveCard")
        for block in attachment.at("content", "body").elements {
            #expect(block.at("type").text == "RichTextBlock")
            #expect(block.at("inlines").elements.allSatisfy { $0.at("type").text == "TextRun" })
        }
    }

    @Test("PagerDuty triggers by bundle and kind, and resolves by the same key")
    func pagerDuty() throws {
        let provider = try Samples.http(.pagerduty)
        let bad = try Self.body(provider, try Samples.event(outcome: .blocked))
        let good = try Self.body(provider, try Samples.event(outcome: .readyForRelease))
        #expect(bad.at("event_action").text == "trigger")
        #expect(good.at("event_action").text == "resolve")
        #expect(bad.at("dedup_key") == good.at("dedup_key"))
        #expect(try #require(bad.at("dedup_key").text).utf8.count <= 255)
        #expect(bad.at("routing_key").text == "canary-token-0123456789")
        #expect(
            bad.at("payload").keys.isSuperset(of: ["summary", "source", "severity", "timestamp"]))
        #expect(bad.at("payload", "severity").text == "error")
        let test = try Self.body(provider, try Samples.event(.test, outcome: .pass))
        #expect(test.at("event_action").text == "trigger")
        #expect(test.at("payload", "severity").text == "info")
        #expect(test.at("dedup_key").text == "closeout/test/d-1")
        let request = try provider.message(
            for: try Samples.event(), try Samples.attempt()
        ).request
        #expect(request.destination.target == "/v2/enqueue")
    }

    @Test("a change event pages nobody: it has no action and no severity")
    func change() throws {
        let provider = try Samples.http(.pagerdutyChange)
        let body = try Self.body(provider, try Samples.event())
        #expect(body.keys == ["routing_key", "payload"])
        #expect(
            body.at("payload").keys == ["summary", "source", "timestamp", "custom_details"])
        let request = try provider.message(
            for: try Samples.event(), try Samples.attempt()
        ).request
        #expect(request.destination.target == "/v2/change/enqueue")
    }

    @Test("an event for Splunk carries the id of its delivery")
    func splunk() throws {
        let request = try Samples.http(.splunk).message(
            for: try Samples.event(), try Samples.attempt()
        ).request
        let body = try JSON(parsingCanonical: request.body)
        #expect(body.keys == ["time", "source", "sourcetype", "index", "event", "fields"])
        #expect(body.at("time") == 1_796_040_000)
        #expect(body.at("fields", "delivery").text == "d-1")
        #expect(request.destination.target == "/services/collector/event")
        #expect(request.destination.port == 8088)
        #expect(
            Samples.field("Authorization", of: request) == "Splunk canary-token-0123456789")
    }

    @Test("a document for Elastic is created under the id of its delivery, in ECS names")
    func elastic() throws {
        let request = try Samples.http(.elastic).message(
            for: try Samples.event(), try Samples.attempt("d/1:a@b+c")
        ).request
        #expect(request.method == .put)
        #expect(request.destination.target == "/closeout-events/_create/d%2F1%3Aa%40b%2Bc")
        #expect(
            Samples.field("Authorization", of: request) == "ApiKey Y2FuYXJ5LWlkOmNhbmFyeS1rZXk=")
        let body = try JSON(parsingCanonical: request.body)
        #expect(body.at("@timestamp").text == "2026-11-30T12:00:00Z")
        #expect(body.at("event", "id").text == "d/1:a@b+c")
        #expect(body.at("event", "outcome").text == "failure")
        #expect(body.at("event", "category") == ["configuration"])
    }

    @Test("an issue for Jira has a label by which it is looked for first")
    func jira() throws {
        let provider = try Samples.http(.jira)
        let event = try Samples.event()
        let attempt = try Samples.attempt()
        let request = try provider.message(for: event, attempt).request
        let fields = try JSON(parsingCanonical: request.body).at("fields")
        #expect(fields.keys == ["project", "issuetype", "summary", "description", "labels"])
        #expect(fields.at("description", "type").text == "doc")
        #expect(fields.at("description", "version") == 1)
        let long = try Self.body(provider, try Samples.longEvent()).at("fields")
        #expect(try #require(long.at("summary").text).utf16.count <= 255)
        let description = long.at("description").strings.reduce(0) { $0 + $1.utf16.count }
        #expect(description < 32_767)
        let label = try #require(fields.at("labels", "1").text)
        let search = try #require(try provider.preparation(for: event, attempt))
        #expect(search.destination.target == "/rest/api/3/search/jql")
        let jql = try #require(try JSON(parsingCanonical: search.body).at("jql").text)
        #expect(jql == "project = \"REL\" AND labels = \"\(label)\"")
        #expect(
            Samples.field("Authorization", of: request)
                == "Basic " + Base64.string(Array("bot@example.com:canary-token-0123456789".utf8)))
    }

    @Test("a row for ServiceNow has a correlation id by which it is looked for first")
    func serviceNow() throws {
        let provider = try Samples.http(.servicenow)
        let (event, attempt) = (try Samples.longEvent(), try Samples.attempt("javascript:x"))
        let request = try provider.message(for: event, attempt).request
        let body = try JSON(parsingCanonical: request.body)
        #expect(
            body.keys == [
                "short_description", "description", "urgency", "impact", "correlation_id",
                "correlation_display",
            ])
        #expect(try #require(body.at("short_description").text).utf16.count <= 160)
        let id = try #require(body.at("correlation_id").text)
        let search = try #require(try provider.preparation(for: event, attempt))
        #expect(search.method == .get)
        #expect(search.destination.target.contains("correlation_id%3D\(id)&"))
        #expect(id.hasPrefix("closeout-") && !id.contains("javascript"))
    }

    @Test("Sentinel gets one row, with a token that another host gave")
    func sentinel() throws {
        let provider = try Samples.http(.sentinel)
        let event = try Samples.event()
        #expect(throws: ProviderFault.notPrepared) {
            try provider.message(for: event, try Samples.attempt(grant: nil))
        }
        let token = try #require(
            try provider.preparation(for: event, try Samples.attempt(grant: nil)))
        #expect(token.destination.host.name == "login.example.com")
        #expect(token.destination.target == "/t-1/oauth2/v2.0/token")
        #expect(
            String(decoding: token.body, as: UTF8.self)
                == "grant_type=client_credentials&client_id=c-1&client_secret=canary-password"
                + "&scope=https%3A%2F%2Fmonitor.azure.com%2F%2F.default")
        let answer = Samples.answer(
            200, #"{"token_type":"Bearer","expires_in":3599,"access_token":"canary.t"}"#)
        guard case .proceed(let grant?) = provider.conclude(answer, asOf: try Samples.now()) else {
            Issue.record("no grant")
            return
        }
        #expect(grant.lifetime == .seconds(3299))
        let request = try provider.message(
            for: event, try Samples.attempt().granted(grant.secret)
        ).request
        #expect(Samples.field("Authorization", of: request) == "Bearer canary.t")
        #expect(
            request.destination.target
                == "/dataCollectionRules/dcr-1/streams/Custom-Closeout_CL?api-version=2023-01-01")
        let rows = try JSON(parsingCanonical: request.body).elements
        #expect(rows.count == 1)
        let reserved: Set<String> = ["Type", "TenantId", "id", "Title"]
        #expect(rows.allSatisfy { $0.keys.isDisjoint(with: reserved) })
    }

    @Test("a gate of GitHub is answered for decisions only, and approved for a good one only")
    func gate() throws {
        let provider = try Samples.http(.githubGate)
        for outcome in DeliveryEvent.Outcome.allCases {
            let body = try Self.body(provider, try Samples.event(outcome: outcome))
            let isGood = outcome == .readyForRelease || outcome == .readyWithAcceptedRisk
            #expect(body.keys == ["environment_name", "state", "comment"])
            #expect(body.at("state").text == (isGood ? "approved" : "rejected"))
            #expect(body.at("environment_name").text == "production")
        }
        #expect(throws: ProviderFault.noEvents) {
            try provider.message(for: try Samples.event(.closeout), try Samples.attempt())
        }
    }

    @Test(
        "a gate's answer goes to no other host, port or path than that of the route",
        arguments: [
            "https://api.example.org/repos/o/r/actions/runs/7/deployment_protection_rule",
            "https://api.example.com/repos/o/r/actions/runs/7/deployment_protection_rule?x=1",
            "https://api.example.com/repos/o/r/git/refs",
            "https://api.example.com/repos/o/r/actions/runs/x/deployment_protection_rule",
            "https://api.example.com/repos//r/actions/runs/7/deployment_protection_rule",
        ])
    func otherCallback(url: String) throws {
        guard case .http(let provider) = try Samples.ready(.githubGate).provider,
            let gate = provider as? GitHubGateProvider
        else { throw Samples.Absent() }
        #expect(throws: ProviderFault.otherHost) {
            try gate.answering(Array(Samples.gateEvent(callback: url).utf8))
        }
        #expect(throws: ProviderFault.destination(.notHTTPS)) {
            try gate.answering(Array(Samples.gateEvent(callback: "http://api.example.com/").utf8))
        }
        #expect(throws: ProviderFault.malformedRequest) {
            try gate.answering(Array("{}".utf8))
        }
    }

    @Test(
        "an id of a delivery that a receiver could misread is refused",
        arguments: ["", "a.b", "a b", "-a", "a\n", "é", String(repeating: "a", count: 129)])
    func ids(id: String) {
        #expect(throws: ProviderFault.deliveryID) { try Samples.attempt(id) }
    }

    private static func body(
        _ provider: any HTTPProvider, _ event: DeliveryEvent
    ) throws -> JSON {
        try JSON(
            parsingCanonical: try provider.message(for: event, try Samples.attempt()).request.body)
    }
}
