import CloseoutDelivery
import CloseoutEncodings
import CloseoutOutbound
import CloseoutTestSupport
import Testing

@Suite("Mail to relays", .serialized, .requires(pythonTool), .requires("openssl"))
struct MailSendingTests {
    @Test(
        "arrives as it was made, over STARTTLS with AUTH PLAIN and over TLS with AUTH LOGIN",
        arguments: [("starttls", "starttls", "PLAIN"), ("tls", "tls", "LOGIN")])
    func arrives(relay name: String, security: String, mechanism: String) async throws {
        try await withRelays { relay in
            let sent = try await relay.send(to: name, security: security)
            #expect(sent.result.outcome == .success(.acceptedUnconfirmed), "\(sent)")
            #expect(sent.result.status == 250)
            #expect(sent.result.code == "smtp.accepted-by-relay")
            guard case .allowedByOwner = sent.permission else {
                Issue.record("what allowed the address is not said: \(sent)")
                return
            }
            #expect(try relay.events().contains("login \(mechanism) bot"))
            let mails = try relay.mails()
            let made = try message()
            #expect(
                mails == [Array("closeout@example.com people@example.org\r\n".utf8) + made.bytes])
            #expect(sent.bytes == made.bytes.count)
        }
    }

    @Test(
        "of a relay that misbehaves has the class and code of what it did",
        arguments: Case.all)
    func misbehaving(item: Case) async throws {
        try await withRelays { relay in
            var sent = try await relay.send(
                to: item.relay, security: item.security, deadline: item.stalls ? 2 : 20)
            // A slow machine may not reach the stall in that time.
            var deadline = 4
            while item.stalls, sent.result.code != item.code, deadline <= 32 {
                sent = try await relay.send(to: item.relay, deadline: deadline)
                deadline *= 2
            }
            #expect(sent.result.outcome == item.outcome, "\(sent)")
            #expect(sent.result.code == item.code, "\(sent)")
            #expect(sent.result.status == item.status, "\(sent)")
            #expect(sent.permission != nil, "what allowed the address is not said: \(sent)")
            #expect(sent.result.isCredentialFault == (item.code == "smtp.credentials"))
            let said = try relay.saidInTheClear(to: item.relay)
            #expect(Set(said).isSubset(of: ["EHLO", "STARTTLS", "QUIT"]), "\(said)")
            #expect(!(try relay.events().contains { $0.contains(Relay.password) }))
        }
    }

    @Test("says no password to a relay without TLS, though it offers AUTH in the clear")
    func noTLS() async throws {
        try await withRelays { relay in
            let sent = try await relay.send(to: "clear")
            #expect(sent.result.outcome == .permanent)
            #expect(sent.result.code == "smtp.no-tls")
            #expect(try relay.events().isEmpty)
            let other = try await relay.send(to: "clear", security: "tls")
            #expect(other.result.outcome == .transient, "\(other)")
            #expect(["tls-failed", "connection-failed"].contains(other.result.code), "\(other)")
            #expect(try relay.events().isEmpty)
        }
    }

    @Test(
        "has in it what swaks and msmtp send from the same text", .requires("swaks"),
        .requires("msmtp"))
    func oracles() async throws {
        try await withRelays { relay in
            _ = try await relay.send(to: "starttls")
            let text = relay.folder + "/text"
            // Both take lines that end with LF alone.
            let bytes = try message().bytes.filter { $0 != UInt8(ascii: "\r") }
            try writeFile(bytes, to: text)
            try writeFile("\(Relay.password)\n", to: relay.folder + "/password")
            for client in [try swaks(relay, "starttls"), try msmtp(relay, "starttls")] {
                let result = try await run("sh", ["-c", client])
                #expect(result.status == 0, "\(client): \(result.stderrText)")
            }
            let mails = try relay.mails()
            #expect(mails.count == 3)
            for mail in mails { #expect(withoutEnd(mail) == withoutEnd(mails[0])) }
        }
    }

    @Test(
        "is refused where msmtp refuses the relay, and swaks too where it looks",
        .requires("swaks"), .requires("msmtp"),
        arguments: [
            "clear", "other-name-starttls", "greeting-refused", "greeting-later", "login-refused",
            "sender-later", "recipient-later", "recipient-refused", "data-refused", "end-later",
            "end-refused", "login-missing",
        ])
    func refusedByOracles(name: String) async throws {
        try await withRelays { relay in
            let sent = try await relay.send(to: name)
            if case .success = sent.result.outcome { Issue.record("\(name): \(sent)") }
            try writeFile(try message().bytes.filter { $0 != 0x0d }, to: relay.folder + "/text")
            try writeFile("\(Relay.password)\n", to: relay.folder + "/password")
            #expect(try await run("sh", ["-c", try msmtp(relay, name)]).status != 0)
            // swaks compares no names.
            guard name != "other-name-starttls" else { return }
            #expect(try await run("sh", ["-c", try swaks(relay, name)]).status != 0)
        }
    }

    @Test("is not sent where no address of the relay is allowed, or the name has none")
    func addresses() async throws {
        let settings = """
            "settings":{"host":"localhost","from":"a@example.com","to":"b@example.com"}
            """
        let sender = try Sending.sender("smtp", settings)
        let sent = await sender.send(try Sending.event(), try Sending.attempt())
        #expect(sent.result.outcome == .permanent)
        #expect(sent.result.code == "address-refused.loopback")
        #expect(sent.permission == nil)
    }

    /// What a relay does, and what it is to be.
    struct Case: Sendable, CustomTestStringConvertible {
        let relay: String
        let outcome: AttemptResult.Outcome
        let code: String
        let status: Int?
        var security = "starttls"

        var stalls: Bool { relay.hasSuffix("-stalls") }
        var testDescription: String { relay }

        init(
            _ relay: String, _ outcome: AttemptResult.Outcome, _ code: String, _ status: Int? = nil,
            security: String = "starttls"
        ) {
            self.relay = relay
            self.outcome = outcome
            self.code = code
            self.status = status
            self.security = security
        }

        static let all = [
            Case("other-name", .permanent, "certificate-not-accepted", security: "tls"),
            Case("other-name-starttls", .permanent, "certificate-not-accepted"),
            Case("greeting-later", .transient, "smtp.later", 421),
            Case("greeting-refused", .permanent, "smtp.refused", 554),
            Case("greeting-http", .transient, "smtp.reply-not-understood"),
            Case("greeting-endless", .transient, "smtp.reply-not-understood"),
            Case("greeting-long", .transient, "smtp.reply-not-understood"),
            Case("greeting-stalls", .transient, "timed-out-before-sending.connection"),
            Case("starttls-refused", .transient, "smtp.later", 454),
            Case("starttls-forged", .transient, "tls-failed"),
            Case("login-refused", .permanent, "smtp.credentials", 535),
            Case("login-later", .transient, "smtp.later", 454),
            Case("login-missing", .permanent, "smtp.no-login"),
            Case("sender-later", .transient, "smtp.later", 451),
            Case("recipient-later", .transient, "smtp.later", 450),
            Case("recipient-refused", .permanent, "smtp.refused", 550),
            Case("data-refused", .permanent, "smtp.refused", 554),
            Case("size-small", .permanent, "smtp.too-large"),
            Case("two-codes", .transient, "smtp.reply-not-understood"),
            Case("end-later", .transient, "smtp.later", 452),
            Case("end-refused", .permanent, "smtp.refused", 554),
            Case("end-garbage", .unknownOutcome, "no-response.malformed"),
            Case("end-cut", .unknownOutcome, "no-response.cut"),
            Case("data-cut", .unknownOutcome, "no-response.cut"),
            Case("end-stalls", .unknownOutcome, "no-response.timed-out"),
            Case("goodbye-stalls", .success(.acceptedUnconfirmed), "smtp.accepted-by-relay", 250),
        ]
    }

    /// The mail that the provider makes.
    private func message() throws -> MailMessage {
        guard case .mail(let provider) = try Samples.ready(.smtp).provider else {
            throw Samples.Absent()
        }
        let made = try provider.message(for: try Sending.event(), try Sending.attempt())
        #expect(made.to == "people@example.org")
        return made
    }

    private func swaks(_ relay: Relay, _ name: String) throws -> String {
        "swaks --server 127.0.0.1:\(try relay.port(name)) --tls --auth PLAIN --auth-user bot "
            + "--auth-password \(Relay.password) --from closeout@example.com "
            + "--to people@example.org --helo localhost --timeout 10 --data @\(relay.folder)/text"
    }

    private func msmtp(_ relay: Relay, _ name: String) throws -> String {
        "msmtp --host localhost --port \(try relay.port(name)) --tls=on --tls-starttls=on "
            + "--tls-trust-file=\(relay.authority.own.path) --auth=plain --user=bot "
            + "--passwordeval='cat \(relay.folder)/password' --from=closeout@example.com "
            + "--timeout=10 people@example.org < \(relay.folder)/text"
    }

    /// A mail without line ends at its end, which one of the clients adds.
    private func withoutEnd(_ mail: [UInt8]) -> String {
        var mail = mail
        while mail.last == 0x0a || mail.last == 0x0d { mail.removeLast() }
        return String(decoding: mail, as: UTF8.self)
    }
}
