import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Provider: damaged input")
struct ProviderMutationTests {
    @Test("whatever a file of routes holds, it is refused or can be looked over")
    func routes() {
        let tokens = [
            #"{"env":"A"}"#, #"{"file":"/a"}"#, #""url":"#, "null", "[]", "{}", "1e9", #""\u0000""#,
            #"{"command":["/a","b"]}"#, "https://", "65536", "::1", "0.0.0.0/0",
        ]
        var read = 0
        for bytes in mutations(of: Samples.file(), seed: 11, count: 2000, tokens: tokens) {
            guard let routes = try? Routes(parsing: bytes) else { continue }
            read += 1
            _ = routes.lint(with: Samples.Source())
        }
        #expect(read > 20)
    }

    @Test("whatever a release is called, each message keeps its form")
    func names() throws {
        let providers = try Samples.httpKinds.map { ($0, try Samples.http($0)) }
        guard case .syslog(let syslog) = try Samples.ready(.syslog).provider,
            case .mail(let mail) = try Samples.ready(.smtp).provider
        else { throw Samples.Absent() }
        let attempt = try Samples.attempt()
        let tokens = ["\r\n", "\u{2028}", "]", "\"", "\\", "|", "=", "=?utf-8?q?", "\u{0}", "<@U>"]
        let sample = Array(Samples.hostile.utf8)
        for bytes in mutations(of: sample, seed: 12, count: 300, tokens: tokens) {
            let name = String(decoding: bytes, as: UTF8.self)
            let event = try Samples.event(name: name, version: name, findings: [name])
            for (kind, provider) in providers {
                let body = try provider.message(for: event, attempt).request.body
                #expect((try? JSON(parsingCanonical: body)) != nil, "\(kind)")
            }
            let frame = try syslog.frame(for: event, attempt)
            #expect(!frame.bytes.contains { $0 < 0x20 || $0 == 0x7f })
            let message = try mail.message(for: event, attempt)
            #expect(message.bytes.allSatisfy { 0x20...0x7e ~= $0 || $0 == 0x0d || $0 == 0x0a })
            let lines = message.bytes.split(
                separator: [0x0d, 0x0a], omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { $0.count <= 78 && $0.first != UInt8(ascii: ".") })
            #expect(lines.allSatisfy { !$0.contains(0x0d) && !$0.contains(0x0a) })
        }
    }

    @Test("whatever a receiver answers, the result is one of our codes")
    func answers() throws {
        let now = try Samples.now()
        let samples = [
            #"{"text":"Success","code":0,"status":"success","key":"canary-1"}"#, "ok", "1",
            #"{"result":{"sys_id":"canary"},"issues":[],"access_token":"canary"}"#,
            "endpoint returned HTTP error 429 canary",
        ]
        for kind in Samples.httpKinds {
            let provider = try Samples.http(kind)
            for sample in samples {
                for bytes in mutations(
                    of: Array(sample.utf8), seed: 13, count: 60, tokens: ["[[", "{\"", "1.5", "-"])
                {
                    for status in [200, 201, 202, 204, 400, 409, 503] {
                        let answer = OutboundResult(
                            outcome: .response(
                                OutboundResponse(
                                    head: ResponseHead(status: status), body: bytes, isWhole: true))
                        )
                        let result = provider.judge(answer, asOf: now)
                        #expect(result.code.utf8.count <= 64)
                        #expect(!"\(result)".contains("canary"))
                        #expect(!"\(provider.conclude(answer, asOf: now))".contains("canary"))
                        if status >= 400, status != 409 {
                            #expect(result.outcome == .permanent || result.outcome == .transient)
                        }
                    }
                }
            }
        }
    }

    @Test("a success that is said by a body is none where the body is cut")
    func cutBodies() throws {
        for row in ProviderVerdictTests.rows where !row.body.isEmpty {
            guard case .success = row.outcome, ![.webhook, .elastic].contains(row.kind) else {
                continue
            }
            let answer = Samples.answer(row.status, row.body, isWhole: false)
            let result = try Samples.http(row.kind).judge(answer, asOf: try Samples.now())
            #expect(result.outcome == .unknownOutcome, "\(row.testDescription)")
        }
    }
}
