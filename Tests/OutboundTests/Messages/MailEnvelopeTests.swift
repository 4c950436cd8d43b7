import CloseoutOutbound
import Testing

@Suite("A mail on its way")
struct MailEnvelopeTests {
    @Test(
        "has a second dot in each line that begins with one, and nothing else is changed",
        arguments: [
            ("", ""), ("a\r\n", "a\r\n"), (".\r\n", "..\r\n"), ("a.\r\n.b\r\n", "a.\r\n..b\r\n"),
            ("\r\n.\r\n\r\n", "\r\n..\r\n\r\n"), ("..\r\n", "...\r\n"),
        ])
    func dots(text: String, sent: String) throws {
        #expect(try Self.envelope(text).lines == Array(sent.utf8))
    }

    @Test(
        "is refused where a line would end otherwise than by CR and LF, or holds what mail has not",
        arguments: [
            "a", "a\n", "a\r", "a\r\nb", "a\rb\r\n", "a\nb\r\n", "\n.\r\n", "a\r\n\n", "\0\r\n",
            "ä\r\n",
        ])
    func malformed(text: String) {
        #expect(throws: MailEnvelope.Refusal.malformed) { try Self.envelope(text) }
    }

    @Test("has lines of at most 998 bytes")
    func longLines() throws {
        let longest = String(repeating: "x", count: 998) + "\r\n"
        #expect(try Self.envelope(longest).lines.count == 1000)
        #expect(throws: MailEnvelope.Refusal.lineTooLong) { try Self.envelope("x" + longest) }
    }

    @Test(
        "has addresses that can end no command",
        arguments: [
            "", "a", "a b@example.com", "a@b>", "<a@b", "a@b\r\nDATA", "ä@example.com", "a@\0b",
        ])
    func addresses(address: String) {
        #expect(throws: MailEnvelope.Refusal.sender) {
            try MailEnvelope(from: address, to: "a@example.com", message: [])
        }
        #expect(throws: MailEnvelope.Refusal.recipient) {
            try MailEnvelope(from: "a@example.com", to: address, message: [])
        }
    }

    @Test("shows nothing of itself, nor does a login, and a refusal says what is wrong in words")
    func unprinted() throws {
        let mail = try MailEnvelope(
            from: "canary@example.com", to: "canary@example.com", message: Array("canary\r\n".utf8))
        let login = MailClient.Login(user: "canary", password: "canary")
        for text in ["\(mail)", "\(login)", String(reflecting: mail), String(reflecting: login)] {
            #expect(!text.contains("canary"))
        }
        for refusal in MailEnvelope.Refusal.allCases {
            #expect("\(refusal)" != refusal.rawValue)
        }
    }

    private static func envelope(_ text: String) throws -> MailEnvelope {
        try MailEnvelope(from: "a@example.com", to: "b@example.com", message: Array(text.utf8))
    }
}
