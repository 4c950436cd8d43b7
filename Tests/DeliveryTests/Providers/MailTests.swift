import CloseoutDelivery
import CloseoutEncodings
import Testing

@Suite("Provider: mail")
struct ProviderMailTests {
    @Test("a mail has one recipient, a Message-ID that stays and marks of an automatic message")
    func plain() throws {
        let first = try Self.mail(try Samples.event())
        let later = try Self.mail(try Samples.event(), try Samples.attempt(later: 7200))
        #expect(first.bytes == later.bytes)
        #expect(first.to == "people@example.org")
        let lines = Self.lines(first)
        let head = Array(lines.prefix { !$0.isEmpty })
        #expect(head[0] == "Date: Mon, 30 Nov 2026 12:00:00 +0000")
        #expect(head.contains("From: Closeout <closeout@example.com>"))
        #expect(head.contains("To: <people@example.org>"))
        #expect(head.contains("Subject: Decision on example 1.0: blocked"))
        #expect(head.contains("Auto-Submitted: auto-generated"))
        #expect(head.contains("X-Auto-Response-Suppress: All"))
        #expect(
            head.contains {
                $0.hasPrefix("Message-ID: <closeout-") && $0.hasSuffix("@example.com>")
            })
        let other = try Self.mail(try Samples.event(), try Samples.attempt("d-2"))
        #expect(first.bytes != other.bytes)
    }

    @Test("names add no header field, no recipient and no end of the message")
    func hostile() throws {
        for event in [
            try Samples.event(name: "x\r\nBcc: <y@example.org>\r\n\r\n.\r\n", version: "é\r\n."),
            try Samples.event(name: Samples.hostile), try Samples.longEvent(),
        ] {
            let mail = try Self.mail(event)
            let lines = Self.lines(mail)
            let names = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.map {
                String($0.prefix { $0 != ":" })
            }
            #expect(
                names == [
                    "Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted",
                    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
                    "Content-Transfer-Encoding",
                ])
            #expect(lines.allSatisfy { $0.utf8.count <= 78 && !$0.hasPrefix(".") })
            #expect(!lines.contains { $0.hasPrefix("From ") })
            #expect(
                mail.bytes.allSatisfy { 0x20...0x7e ~= $0 || $0 == 0x0d || $0 == 0x0a })
        }
    }

    @Test("a text in quoted-printable reads as it was")
    func decoded() throws {
        let mail = try Self.mail(try Samples.event(name: "Fä.=x", version: ". y "))
        let body = Self.lines(mail).drop { !$0.isEmpty }.dropFirst()
        var bytes: [UInt8] = []
        for line in body {
            let text = Array(line.utf8)
            var index = 0
            var isSoft = false
            while index < text.count {
                if text[index] != UInt8(ascii: "=") {
                    bytes.append(text[index])
                    index += 1
                } else if index == text.count - 1 {
                    isSoft = true
                    index += 1
                } else {
                    let digits = String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self)
                    bytes.append(try #require(UInt8(digits, radix: 16)))
                    index += 3
                }
            }
            if !isSoft { bytes.append(0x0a) }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            text.hasPrefix("Decision on Fä.=x . y : blocked\n\nRelease: Fä.=x\nVersion: . y \n"))
    }

    @Test(
        "a reply of the relay means what RFC 5321 says",
        arguments: [
            (250, true, AttemptResult.Outcome.success(.acceptedUnconfirmed)),
            (450, true, .transient), (421, false, .transient), (550, true, .permanent),
            (552, false, .permanent), (535, false, .permanent), (250, false, .transient),
            (354, true, .unknownOutcome),
        ])
    func replies(reply: Int, isAtEnd: Bool, outcome: AttemptResult.Outcome) {
        let result = AttemptResult.ofMail(reply: reply, isAtEnd: isAtEnd)
        #expect(result.outcome == outcome)
        #expect(result.isCredentialFault == (reply == 535))
    }

    private static func mail(
        _ event: DeliveryEvent, _ attempt: DeliveryAttempt? = nil
    ) throws -> MailMessage {
        guard case .mail(let provider) = try Samples.ready(.smtp).provider else {
            throw Samples.Absent()
        }
        return try provider.message(for: event, try attempt ?? Samples.attempt())
    }

    private static func lines(_ mail: MailMessage) -> [String] {
        String(decoding: mail.bytes, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false
        ).map(String.init)
    }
}
