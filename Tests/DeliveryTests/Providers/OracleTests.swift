import CloseoutDelivery
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Provider: what others read")
struct ProviderOracleTests {
    @Test("the schema of OSCAL takes the assessment results", .requires(pythonTool))
    func oscal() async throws {
        var documents: [String] = []
        for event in try Self.events() {
            let provider = try Samples.provider(
                "webhook", #""url":"https://a.example.com/","settings":{"body":"oscal"}"#)
            let body = try provider.message(for: event, try Samples.attempt()).request.body
            documents.append(String(decoding: body, as: UTF8.self))
        }
        let input =
            #"{"schema":"oscal","documents":[\#(documents.joined(separator: ","))]}"#
        let output = try await runSuccessfully(
            pythonTool, [repositoryRoot + "/Tests/ReportsTests/Oracles/schema.py"],
            stdin: Array(input.utf8))
        let faults = try JSON(parsing: output)
        #expect(faults.elements.count == documents.count)
        #expect(faults.strings == [])
    }

    @Test(
        "Python's reader of mail finds no defect, and the texts as they were", .requires("python3"))
    func mail() async throws {
        for event in try Self.events() {
            guard case .mail(let provider) = try Samples.ready(.smtp).provider else {
                throw Samples.Absent()
            }
            let mail = try provider.message(for: event, try Samples.attempt())
            let output = try await runSuccessfully(
                "python3", ["-c", Self.reader], stdin: mail.bytes)
            let read = try JSON(parsing: output)
            #expect(read.at("defects") == [])
            #expect(read.at("to") == ["people@example.org"])
            #expect(read.at("from") == ["closeout@example.com"])
            #expect(read.at("type").text == "text/plain")
            let subject = try #require(read.at("subject").text)
            let body = try #require(read.at("body").text)
            #expect(subject.utf16.count <= 200)
            #expect(subject.hasSuffix("…") || body.hasPrefix(subject + "\n"))
            #expect(body.contains("Bundle: \(event.bundle.hex)\n"))
        }
    }

    @Test("`openssl` verifies the signature by an own key", .requires("openssl"))
    func ownKey() async throws {
        let request = try Samples.http(.webhook).message(
            for: try Samples.event(), try Samples.attempt()
        ).request
        let signatures = try #require(Samples.field("webhook-signature", of: request))
        let item = try #require(signatures.split(separator: " ").last).dropFirst(4)
        let time = try #require(Samples.field("webhook-timestamp", of: request))
        // The public half of RFC 8032, section 7.1, test 1.
        let half = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        let key = try PublicKey(ed25519: try #require(Hex.decode(Array(half.utf8))))
        try await withTemporaryDirectory { directory in
            try writeFile(key.pem, to: directory + "/key")
            try writeFile(Array("d-1.\(time).".utf8) + request.body, to: directory + "/message")
            try writeFile(
                try #require(Base64.decode(Array(item.utf8))), to: directory + "/signature")
            let output = try await runSuccessfully(
                "openssl",
                [
                    "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "message",
                    "-sigfile", "signature",
                ], workingDirectory: directory)
            #expect(String(decoding: output, as: UTF8.self).contains("Verified Successfully"))
        }
    }

    private static let reader = """
        import sys, json, email, email.policy
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        defects = [type(d).__name__ for d in m.defects]
        for name in m.keys():
            defects += [name + type(d).__name__ for d in m[name].defects]
        print(json.dumps({
            "defects": defects, "subject": m["Subject"], "type": m.get_content_type(),
            "to": [a.addr_spec for a in m["To"].addresses],
            "from": [a.addr_spec for a in m["From"].addresses],
            "body": m.get_content().replace(chr(13), "")}))
        """

    private static func events() throws -> [DeliveryEvent] {
        [
            try Samples.event(), try Samples.event(name: Samples.hostile),
            try Samples.event(name: "Größe 数", version: "=?utf-8?B?eA==?= ."),
            try Samples.longEvent(), try Samples.event(.test, outcome: .pass, findings: []),
        ]
    }
}
