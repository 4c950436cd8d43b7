import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import Testing

@Suite("Provider: verdicts")
struct ProviderVerdictTests {
    /// One row: what the receiver answers, and what that means.
    struct Row: Sendable, CustomTestStringConvertible {
        let kind: ProviderKind
        let status: Int
        let body: String
        let outcome: AttemptResult.Outcome
        let code: String
        var isCredentialFault = false

        var testDescription: String { "\(kind) \(status) \(body.prefix(40))" }

        init(
            _ kind: ProviderKind, _ status: Int, _ body: String, _ outcome: AttemptResult.Outcome,
            _ code: String, isCredentialFault: Bool = false
        ) {
            (self.kind, self.status, self.body) = (kind, status, body)
            (self.outcome, self.code) = (outcome, code)
            self.isCredentialFault = isCredentialFault
        }
    }

    static let accepted = AttemptResult.Outcome.success(.acceptedUnconfirmed)
    static let delivered = AttemptResult.Outcome.success(.delivered)
    static let odd = "http.body-not-understood"

    static let rows = [
        Row(.webhook, 200, "anything", delivered, "accepted"),
        Row(.webhook, 204, "", delivered, "accepted"),
        Row(.webhook, 202, "", accepted, "accepted"),
        Row(.webhook, 410, "", .permanent, "http.gone"),
        Row(.slack, 200, "ok", delivered, "accepted"),
        Row(.slack, 200, "ok\n", delivered, "accepted"),
        Row(.slack, 200, "<html>ok</html>", .unknownOutcome, odd),
        Row(.slack, 400, "invalid_payload", .permanent, "slack.invalid_payload"),
        Row(.slack, 400, "user_not_found", .permanent, "slack.user_not_found"),
        Row(
            .slack, 403, "action_prohibited", .permanent, "slack.action_prohibited",
            isCredentialFault: true),
        Row(.slack, 404, "channel_not_found", .permanent, "slack.channel_not_found"),
        Row(.slack, 404, "no_service", .permanent, "slack.no_service"),
        Row(.slack, 410, "channel_is_archived", .permanent, "slack.channel_is_archived"),
        Row(.slack, 429, "", .transient, "http.too-many"),
        Row(.slack, 500, "rollup_error", .transient, "slack.rollup_error"),
        Row(.teams, 202, "", accepted, "accepted"),
        Row(.teams, 200, "1", delivered, "accepted"),
        Row(
            .teams, 200,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP "
                + "error 429 with ContextId x", .transient, "teams.in-body-429"),
        Row(
            .teams, 200, "Microsoft Teams endpoint returned HTTP error 403 with x", .permanent,
            "teams.in-body-403", isCredentialFault: true),
        Row(
            .teams, 202, "Microsoft Teams endpoint returned HTTP error 503", .transient,
            "teams.in-body-503"),
        Row(.teams, 200, "", .unknownOutcome, odd),
        Row(.pagerduty, 202, #"{"status":"success","dedup_key":"x"}"#, accepted, "accepted"),
        Row(.pagerduty, 202, "", .unknownOutcome, odd),
        Row(.pagerduty, 400, #"{"status":"invalid event"}"#, .permanent, "http.refused"),
        Row(.pagerduty, 429, "", .transient, "http.too-many"),
        Row(.pagerdutyChange, 202, #"{"status":"success"}"#, accepted, "accepted"),
        Row(.splunk, 200, #"{"text":"Success","code":0}"#, accepted, "accepted"),
        Row(.splunk, 200, #"{"text":"Success"}"#, .unknownOutcome, odd),
        Row(.splunk, 200, #"{"text":"x","code":9}"#, .transient, "splunk.9"),
        Row(.splunk, 503, #"{"text":"Server is busy","code":9}"#, .transient, "splunk.9"),
        Row(.splunk, 401, #"{"code":2}"#, .permanent, "splunk.2", isCredentialFault: true),
        Row(.splunk, 401, #"{"code":3}"#, .permanent, "splunk.3", isCredentialFault: true),
        Row(.splunk, 403, #"{"code":1}"#, .permanent, "splunk.1", isCredentialFault: true),
        Row(.splunk, 403, #"{"code":4}"#, .permanent, "splunk.4", isCredentialFault: true),
        Row(.splunk, 302, #"{"code":9}"#, .permanent, "http.redirect"),
        Row(.splunk, 400, #"{"code":6}"#, .permanent, "splunk.6"),
        Row(.splunk, 400, #"{"code":10}"#, .permanent, "splunk.10"),
        Row(.elastic, 201, #"{"result":"created"}"#, delivered, "accepted"),
        Row(.elastic, 409, "{}", .success(.duplicate), "elastic.exists"),
        Row(.elastic, 200, "{}", .unknownOutcome, odd),
        Row(.elastic, 429, "{}", .transient, "http.too-many"),
        Row(.jira, 201, #"{"id":"1","key":"REL-1","self":"x"}"#, delivered, "accepted"),
        Row(.jira, 201, "{}", .unknownOutcome, odd),
        Row(.jira, 400, "CONTENT_LIMIT_EXCEEDED", .permanent, "http.refused"),
        Row(.servicenow, 201, #"{"result":{"sys_id":"x"}}"#, delivered, "accepted"),
        Row(.servicenow, 200, #"{"result":{"sys_id":"x"}}"#, .unknownOutcome, odd),
        Row(.sentinel, 204, "", accepted, "accepted"),
        Row(.sentinel, 200, "", .unknownOutcome, odd),
        Row(.sentinel, 413, "", .permanent, "http.refused"),
        Row(.githubGate, 204, "", delivered, "accepted"),
        Row(.githubGate, 422, "", .permanent, "http.refused"),
    ]

    @Test("each answer means what its provider says", arguments: rows)
    func row(row: Row) throws {
        let result = try Samples.http(row.kind).judge(
            Samples.answer(row.status, row.body), asOf: try Samples.now())
        #expect(result.outcome == row.outcome)
        #expect(result.code == row.code)
        #expect(result.status == row.status)
        #expect(result.isCredentialFault == row.isCredentialFault)
    }

    @Test("a status that no provider speaks of means the same to all", arguments: Samples.httpKinds)
    func general(kind: ProviderKind) throws {
        let provider = try Samples.http(kind)
        let now = try Samples.now()
        for status in [300, 301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 415, 422] {
            let result = provider.judge(Samples.answer(status), asOf: now)
            #expect(result.outcome == .permanent, "\(status)")
            #expect(result.isCredentialFault == [401, 403].contains(status))
        }
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            let result = provider.judge(Samples.answer(status, retryAfter: 30), asOf: now)
            #expect(result.outcome == .transient, "\(status)")
            #expect(result.retryAfter == 30)
        }
        let odd = provider.judge(Samples.answer(999), asOf: now)
        #expect(odd.outcome == .unknownOutcome)
        #expect(odd.status == nil)
    }

    @Test("a success whose body is cut is an unknown outcome, a refusal stays one")
    func cut() throws {
        let now = try Samples.now()
        for kind in Samples.httpKinds {
            let provider = try Samples.http(kind)
            for status in [200, 201, 202, 204] {
                let failure = OutboundFailure.bodyInterrupted(ResponseHead(status: status), .cut)
                let result = provider.judge(OutboundResult(outcome: .failure(failure)), asOf: now)
                #expect(result.outcome == .unknownOutcome)
                #expect(result.status == status)
            }
            let failure = OutboundFailure.bodyInterrupted(ResponseHead(status: 503), .timedOut)
            let result = provider.judge(OutboundResult(outcome: .failure(failure)), asOf: now)
            #expect(result.outcome == .transient)
        }
        let huge = Samples.answer(200, "ok", isWhole: false)
        #expect(try Samples.http(.slack).judge(huge, asOf: now).outcome == .unknownOutcome)
        #expect(try Samples.http(.webhook).judge(huge, asOf: now).outcome == Self.delivered)
    }

    @Test(
        "a failure of the connection is permanent, transient or unknown by what may have left",
        arguments: [
            (OutboundFailure.otherOrigin, AttemptResult.Outcome.permanent),
            (.addressRefused(.loopback, canBeAllowed: true), .permanent),
            (.certificateNotAccepted, .permanent), (.nameNotFound, .transient),
            (.nameLookupFailed, .transient), (.connectionRefused, .transient),
            (.unreachable, .transient), (.connectionFailed, .transient), (.tlsFailed, .transient),
            (.timedOut(.lookup), .transient), (.timedOut(.connection), .transient),
            (.cancelled, .transient), (.notSent, .transient),
            (.noResponse(.timedOut), .unknownOutcome), (.noResponse(.cut), .unknownOutcome),
            (.noResponse(.cancelled), .unknownOutcome),
            (.noResponse(.tlsFailed), .unknownOutcome),
            (.noResponse(.malformed), .unknownOutcome),
            (.noResponse(.headTooLarge), .unknownOutcome),
        ])
    func failures(failure: OutboundFailure, outcome: AttemptResult.Outcome) throws {
        let result = try Samples.http(.webhook).judge(
            OutboundResult(outcome: .failure(failure)), asOf: try Samples.now())
        #expect(result.outcome == outcome)
        #expect(result.code == failure.code)
        #expect(result.code.utf8.count <= 64)
    }

    @Test("a look beforehand finds the message, finds none, or ends the attempt without sending")
    func preparations() throws {
        let now = try Samples.now()
        for (kind, list) in [(ProviderKind.jira, "issues"), (.servicenow, "result")] {
            let provider = try Samples.http(kind)
            let none = Samples.answer(200, #"{"\#(list)":[],"x":1.5}"#)
            #expect(provider.conclude(none, asOf: now) == .proceed(nil))
            let found = Samples.answer(200, #"{"\#(list)":[{"key":"REL-1"}]}"#)
            guard case .settled(let result) = provider.conclude(found, asOf: now) else {
                Issue.record("not settled")
                continue
            }
            #expect(result.outcome == .success(.duplicate))
        }
        for kind in [ProviderKind.jira, .servicenow, .sentinel] {
            let provider = try Samples.http(kind)
            for (answer, outcome) in [
                (Samples.answer(200, "<html>"), AttemptResult.Outcome.transient),
                (Samples.answer(401), .permanent), (Samples.answer(503), .transient),
                (
                    OutboundResult(outcome: .failure(.noResponse(.timedOut))),
                    .transient
                ),
            ] {
                guard case .settled(let result) = provider.conclude(answer, asOf: now) else {
                    Issue.record("not settled")
                    continue
                }
                #expect(result.outcome == outcome)
                #expect(result.code.hasPrefix("before."))
                #expect(result.code.utf8.count <= 64)
            }
        }
    }

    @Test("a limit of GitHub is no fault of the credentials")
    func gateLimit() throws {
        let result = try Samples.http(.githubGate).judge(
            Samples.answer(403, retryAfter: 60), asOf: try Samples.now())
        #expect(result.outcome == .transient)
        #expect(!result.isCredentialFault)
        #expect(result.retryAfter == 60)
    }

    @Test("no verdict holds a word of a receiver")
    func noForeignText() throws {
        for kind in Samples.httpKinds {
            for status in [200, 202, 400, 403, 500] {
                for body in ["canary", #"{"status":"canary","code":"canary","key":5}"#] {
                    let result = try Samples.http(kind).judge(
                        Samples.answer(status, body), asOf: try Samples.now())
                    #expect(!"\(result)".contains("canary"))
                }
            }
        }
    }
}
