import CloseoutConsole
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@Suite("Records that people add by way of a console", .serialized, .requires("curl"))
struct ChangesTests {
    static let hold = """
        {"kind": "legal-hold", "action": "place", "matter": "ACME-7", "custodian": "Records", "reason": "A case"}
        """

    @Test("a record is prepared, signed elsewhere by the command, brought back, and counts")
    func added() async throws {
        try await withConsole(changing: { $0.allowsChanges = true }) { scene in
            _ = try await scene.page("/")
            #expect(try await scene.page("/changes").contains("legal-hold"))
            let digest = try await scene.prepare(Self.hold)
            let page = try await scene.get("/changes?record=\(digest)").body
            #expect(page.contains("ACME-7") && page.contains("closeout record envelope record-"))
            let bytes = try await scene.get("/changes/bytes?digest=\(digest)")
            #expect(bytes.field("Content-Disposition")?.hasPrefix("attachment; ") == true)
            try writeFile(bytes.body, to: scene.folder + "/record.json")
            let signed = try await run(
                closeoutExecutable,
                ["record", "envelope", "record.json", "--key", "keys/records.pem"],
                workingDirectory: scene.folder)
            #expect(signed.status == 0, "\(signed.stderrText)")
            #expect(signed.stderrText.contains("a legal-hold record about payments 1.4.0"))
            try writeFile(signed.stdout, to: scene.folder + "/envelope")
            let reply = try await scene.sign(digest, with: "envelope")
            #expect(reply.status == 200 && reply.body.contains("stored evidence/"), "\(reply.body)")
            #expect(scene.log.text.contains("\"event\":\"change\""))
            let after = try await scene.page("/retention")
            #expect(after.contains("ACME-7"))
            #expect(try await scene.page("/").contains("</span>INCOMPLETE"))
            let verified = try await run(
                closeoutExecutable,
                [
                    "checkpoint", "payments-1.4.0.closeout", "--key", "keys/log.pem", "--trust",
                    "trust.json",
                ],
                workingDirectory: scene.folder)
            #expect(verified.status == 0, "\(verified.stderrText)")
        }
    }

    @Test("a second person signs a record of the bundle, and so a risk is accepted")
    func second() async throws {
        try await withConsole(changing: { $0.allowsChanges = true }) { scene in
            _ = try await scene.page("/")
            let seal = try readFile(scene.folder + "/payments-1.4.0.closeout/seal.json")
            let digest = try await scene.prepare(
                """
                {"kind": "risk-acceptance", "action": "accept", "finding": "C4", "owner": "Ada", "reason": "why",
                 "compensating_control": "what", "external_reference": "RISK-9", "expires": "2027-01-01T00:00:00Z",
                 "links": [{"kind": "evidence", "sha256": "\(try SHA256Digest.of(seal).hex)"}]}
                """)
            for (name, state) in [("product", "waiting"), ("security", "accepted")] {
                _ = try await scene.page("/changes?record=\(digest)")
                let bytes = try await scene.get("/changes/bytes?digest=\(digest)").body
                let key = LocalKey(
                    try PrivateKey(
                        parsing: readFile("\(scene.folder)/keys/\(name).pem"), passphrase: nil))
                let envelope = try await EnvelopeSigner(key).sign(.record(Array(bytes.utf8)))
                try writeFile(envelope.bytes, to: scene.folder + "/envelope")
                let reply = try await scene.sign(digest, with: "envelope")
                #expect(reply.status == 200, "\(reply.body)")
                let risks = try await scene.page("/risks")
                #expect(risks.contains("RISK-9") || risks.contains("C4"), "\(state): \(risks)")
                // A key that has no part in it adds nothing.
                let other = LocalKey(
                    try PrivateKey(
                        parsing: readFile("\(scene.folder)/keys/records.pem"), passphrase: nil))
                let foreign = try await EnvelopeSigner(other).sign(.record(Array(bytes.utf8)))
                try writeFile(foreign.bytes, to: scene.folder + "/envelope")
                #expect(try await scene.sign(digest, with: "envelope").status == 409)
            }
            _ = try await scene.page("/")
            let record = try await scene.page("/record?digest=\(digest)")
            #expect(record.contains("product-team, security-team"), "\(record)")
        }
    }

    @Test("what the policy does not take is refused with its reason, and the bundle stays as it is")
    func refused() async throws {
        try await withConsole(changing: { $0.allowsChanges = true }) { scene in
            _ = try await scene.page("/")
            let bundle = scene.folder + "/payments-1.4.0.closeout"
            let log = try readFile(bundle + "/log.jsonl")
            let digest = try await scene.prepare(Self.hold)
            let bytes = Array(try await scene.get("/changes/bytes?digest=\(digest)").body.utf8)
            let other = Array(
                try await scene.get("/changes/bytes?digest=\(scene.prepare(Self.hold))").body.utf8)
            func envelope(_ bytes: [UInt8], by name: String) async throws -> [UInt8] {
                let key = LocalKey(
                    try PrivateKey(
                        parsing: readFile("\(scene.folder)/\(name).pem"), passphrase: nil))
                return try await EnvelopeSigner(key).sign(.record(bytes)).bytes
            }
            _ = try await runSuccessfully(
                closeoutExecutable, ["keygen", "--no-passphrase", "-o", "stranger"],
                workingDirectory: scene.folder)
            var wrong = try await envelope(bytes, by: "keys/records")
            let text = String(decoding: wrong, as: UTF8.self)
            let mark = try #require(text.firstRange(of: "\"sig\":\""))
            let letter = text[mark.upperBound] == "A" ? "B" : "A"
            wrong = Array(
                (text[..<mark.upperBound] + letter + text[mark.upperBound...].dropFirst()).utf8)
            let cases: [([UInt8], String)] = [
                (wrong, "does not count"),
                (try await envelope(bytes, by: "stranger"), "does not count"),
                (try await envelope(other, by: "keys/records"), "no DSSE envelope of this record"),
                ([], "no DSSE envelope"), (Array("{}".utf8), "no DSSE envelope"),
            ]
            for (index, (bytes, reason)) in cases.enumerated() {
                try writeFile(bytes, to: scene.folder + "/envelope")
                let reply = try await scene.sign(digest, with: "envelope")
                #expect(
                    reply.status == 409 && reply.body.contains(reason), "\(index): \(reply.body)")
                #expect(try readFile(bundle + "/log.jsonl") == log, "\(index)")
            }
            for text in ["", "{", "{\"kind\": \"decision\"}", "{\"kind\": \"legal-hold\"}"] {
                try writeFile(text, to: scene.folder + "/draft")
                let reply = try await scene.post(
                    "/changes/prepare", "x=", ["--data-urlencode", "record@\(scene.folder)/draft"])
                #expect(reply.status == 409, "\(text)")
            }
            #expect(
                try await scene.get("/changes?record=\(String(repeating: "0", count: 64))").status
                    == 404)
            #expect(try await scene.get("/changes/bytes?digest=../../x").status == 404)
        }
    }

    @Test("without --allow-changes there are no such pages, and without a policy it does not start")
    func off() async throws {
        try await withPlainConsole { scene in
            _ = try await scene.page("/")
            #expect(try await scene.get("/changes").status == 404)
            #expect(try await scene.post("/changes/prepare", "record=x").status == 404)
            #expect(!(try await scene.page("/")).contains("/changes"))
        }
        var settings = ConsoleSettings()
        settings.allowsChanges = true
        let now = try instant()
        let subject = ConsoleSubject(
            path: [], request: VerificationRequest(trust: Trust(), asOf: now),
            recheck: RecheckRequest(), command: "", now: { now })
        let server = ConsoleServer(subject, settings: settings)
        await #expect(throws: ConsoleError.self) { try await server.run { _ in } }
    }

    @Test(
        "a role adds its own kinds of record, and nobody what another person prepared",
        .requires(pythonTool))
    func roles() async throws {
        try await withLogin("ready", changing: { $0.allowsChanges = true }) { login in
            let approver = try await login.session("approver")
            let auditor = try await login.session("good")
            let viewer = try await login.session("viewer")
            _ = try await approver.page("/")
            _ = try await viewer.page("/")
            let digest = try await approver.prepare(Self.hold)
            #expect(try await approver.get("/changes?record=\(digest)").status == 200)
            let colleague = try await login.session("colleague")
            _ = try await colleague.page("/")
            #expect(try await colleague.get("/changes?record=\(digest)").status == 404)
            #expect(try await colleague.get("/changes/bytes?digest=\(digest)").status == 404)
            #expect(try await viewer.get("/changes?record=\(digest)").status == 404)
            #expect(try await viewer.get("/changes").status == 404)
            #expect(try await auditor.page("/changes").contains("None of your roles"))
            try writeFile(Self.hold, to: auditor.folder + "/draft")
            let form = ["--data-urlencode", "record@\(auditor.folder)/draft"]
            #expect(try await auditor.post("/changes/prepare", "x=", form).status == 409)
            #expect(try await viewer.post("/changes/prepare", "x=", form).status == 404)
            try writeFile(
                "{\"kind\": \"readiness\", \"references\": [{\"kind\": \"change\", \"reference\": \"C-1\"}]}",
                to: approver.folder + "/draft")
            let reply = try await approver.post("/changes/prepare", "x=", form)
            #expect(
                reply.status == 409 && reply.body.contains("none of your roles may add a readiness")
            )
        }
    }
}

extension Scene {
    /// Prepares a record, and gives its digest.
    func prepare(_ record: String) async throws -> String {
        try writeFile(record, to: folder + "/draft")
        let reply = try await post(
            "/changes/prepare", "x=", ["--data-urlencode", "record@\(folder)/draft"])
        let place = try #require(reply.field("Location"), "\(reply.body)")
        #expect(reply.status == 303 && place.hasPrefix("/changes?record="))
        return String(place.suffix(64))
    }

    /// Brings a signature back that is in a file of the folder.
    func sign(_ digest: String, with name: String) async throws -> Reply {
        try await post(
            "/changes/sign", "digest=\(digest)",
            ["--data-urlencode", "envelope@\(folder)/\(name)"])
    }
}
