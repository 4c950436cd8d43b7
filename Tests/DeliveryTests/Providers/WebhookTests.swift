import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
import Testing

@Suite("Provider: signed hooks")
struct ProviderWebhookTests {
    @Test("the published vector of Standard Webhooks gives the published signature")
    func published() throws {
        let signer = try #require(
            WebhookSigner(try Self.secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        let item = try signer.item(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", time: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(item == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("an Ed25519 signature is accepted by the public half, of a key with and without it")
    func ed25519() throws {
        // The key of RFC 8032, section 7.1, test 1.
        let seed = try #require(
            Hex.decode(
                Array("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".utf8)))
        let half = try #require(
            Hex.decode(
                Array("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".utf8)))
        for bytes in [seed, seed + half] {
            let signer = try #require(
                WebhookSigner(try Self.secret("whsk_" + Base64.string(bytes))))
            let item = try signer.item(id: "d-1", time: 5, body: Array("{}".utf8))
            let signature = try #require(Base64.decode(Array(item.utf8.dropFirst(4))))
            #expect(item.hasPrefix("v1a,"))
            let key = try PublicKey(ed25519: half)
            #expect(
                try key.accepts(signature, over: Array("d-1.5.{}".utf8), algorithm: .ed25519))
        }
        let wrong = Base64.string(seed + seed)
        #expect(WebhookSigner(try Self.secret("whsk_" + wrong)) == nil)
    }

    @Test(
        "what is no secret of Standard Webhooks is refused",
        arguments: [
            "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsk_AAAA",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ])
    func malformed(text: String) throws {
        #expect(WebhookSigner(try Self.secret(text)) == nil)
    }

    @Test("each secret signs what is sent, so that a receiver can change from one to the next")
    func rotation() throws {
        let message = try Samples.http(.webhook).message(
            for: try Samples.event(), try Samples.attempt(later: 60))
        let request = message.request
        let items = try #require(Samples.field("webhook-signature", of: request)).split(
            separator: " ")
        #expect(items.count == 2)
        let time = try Samples.now().secondsSince1970 + 60
        #expect(Samples.field("webhook-timestamp", of: request) == "\(time)")
        #expect(Samples.field("webhook-id", of: request) == "d-1")
        #expect(Samples.field("Idempotency-Key", of: request) == "d-1")
        #expect(Samples.field("X-Api-Key", of: request) == "canary-token-0123456789")
        #expect(request.destination.target == "/in?x=1")
        let signed = Array("d-1.\(time).".utf8) + request.body
        let key = try #require(Base64.decode(Array("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8)))
        #expect(items[0] == "v1,\(Base64.string(try HMAC.sha256(key: key, over: signed)))")
        #expect(items[1].hasPrefix("v1a,"))
    }

    @Test("a hook of Standard Webhooks has type, time and data")
    func standard() throws {
        let message = try Samples.http(.webhook).message(
            for: try Samples.event(.retentionAlert), try Samples.attempt())
        let body = try JSON(parsingCanonical: message.request.body)
        #expect(body.keys == ["type", "timestamp", "data"])
        #expect(body.at("type").text == "closeout.retention_alert")
        #expect(body.at("timestamp").text == "2026-11-30T12:00:00Z")
        #expect(
            body.at("data").keys == [
                "kind", "event", "at", "release", "bundle", "record", "outcome", "severity",
                "counts", "findings", "findings_left_out",
            ])
        #expect(body.at("data", "findings") == ["C4", "RH-SHORT/a"])
        #expect(message.cut == 0)
    }

    @Test("CloudEvents come with their attributes in the body or in header fields")
    func cloudEvents() throws {
        let structured = try Self.message(#""format":"cloudevents-structured","source":"urn:x""#)
        let body = try JSON(parsingCanonical: structured.request.body)
        #expect(
            body.keys == [
                "specversion", "id", "source", "type", "time", "datacontenttype", "data",
            ])
        #expect(body.at("id").text == "d-1")
        #expect(
            Samples.field("Content-Type", of: structured.request)
                == "application/cloudevents+json; charset=utf-8")
        let binary = try Self.message(#""format":"cloudevents-binary","source":"urn:x""#).request
        #expect(Samples.field("ce-id", of: binary) == "d-1")
        #expect(Samples.field("ce-source", of: binary) == "urn:x")
        #expect(Samples.field("ce-specversion", of: binary) == "1.0")
        #expect(Samples.field("ce-type", of: binary) == "closeout.decision")
        #expect(Samples.field("ce-time", of: binary) == "2026-11-30T12:00:00Z")
        #expect(Samples.field("Content-Type", of: binary) == "application/json")
        #expect(try JSON(parsingCanonical: binary.body) == body.at("data"))
        #expect(Samples.field("webhook-signature", of: binary) == nil)
    }

    @Test("a body of OCSF is a Compliance Finding")
    func ocsf() throws {
        let body = try JSON(parsingCanonical: try Self.message(#""body":"ocsf""#).request.body)
        for (name, number) in [
            ("activity_id", 1), ("category_uid", 2), ("class_uid", 2003), ("type_uid", 200_301),
            ("severity_id", 4), ("status_id", 1), ("time", 1_796_040_000_000),
        ] {
            #expect(body.at(name) == .integer(Int64(number)), "\(name)")
        }
        #expect(body.at("compliance", "status_id") == 3)
        #expect(body.at("metadata", "product", "name").text == "Closeout")
        #expect(body.at("metadata", "version").text == "1.8.0")
        #expect(body.at("finding_info").keys == ["uid", "title"])
    }

    @Test("a body of OSCAL has all that assessment results must have, with names that stay")
    func oscal() throws {
        let event = try Samples.event()
        let body = try JSON(parsingCanonical: try Self.message(#""body":"oscal""#).request.body)
        let results = body.at("assessment-results")
        #expect(results.keys == ["uuid", "metadata", "import-ap", "results", "back-matter"])
        let uuid = try #require(results.at("uuid").text)
        let form = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        #expect(uuid.wholeMatch(of: form) != nil)
        #expect(
            results.at("metadata").keys == ["title", "last-modified", "version", "oscal-version"])
        let finding = results.at("results", "0", "findings", "0")
        #expect(finding.at("target", "status", "state").text == "not-satisfied")
        #expect(finding.at("target", "target-id").text == event.kind.rawValue.prefixed)
        #expect(results.at("results", "0").strings.contains(event.bundle.hex))
    }

    private static func secret(_ text: String) throws -> Secret {
        try Secret(trimming: Array(text.utf8))
    }

    private static func message(_ settings: String) throws -> ProviderMessage {
        let provider = try Samples.provider(
            "webhook", #""url":"https://a.example.com/","settings":{\#(settings)}"#)
        return try provider.message(for: try Samples.event(), try Samples.attempt())
    }
}

extension String {
    fileprivate var prefixed: String { "closeout." + self }
}
