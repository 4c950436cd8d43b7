import CloseoutDelivery
import CloseoutEncodings
import Testing

@Suite("Provider: syslog")
struct ProviderSyslogTests {
    @Test("a frame has its length, the head of RFC 5424, structured data and a body in CEF")
    func plain() throws {
        let event = try Samples.event(findings: ["C4"])
        let frame = try Self.frame(event)
        let text = String(decoding: frame.bytes, as: UTF8.self)
        let message = text.drop { $0 != " " }.dropFirst()
        #expect(text.hasPrefix("\(message.utf8.count) "))
        #expect(
            message
                == """
                <107>1 2026-11-30T12:00:00Z build-1 closeout - decision \
                [closeout@32473 delivery="d-1" event="event-1" bundle="\(event.bundle.hex)"] \
                CEF:0|Closeout|closeout|1|closeout.decision|Decision on example 1.0: blocked|8|\
                rt=1796040000000 externalId=d-1 act=decision outcome=blocked cs1Label=release \
                cs1=example cs2Label=version cs2=1.0 cs3Label=bundle cs3=\(event.bundle.hex) \
                cs4Label=findings cs4=C4 cn1Label=failed cn1=2 cn2Label=unknown cn2=1
                """)
        #expect(frame.cut == 0)
    }

    @Test("hostile names end no line, no field and no structured data")
    func hostile() throws {
        let frame = try Self.frame(
            try Samples.event(name: "a|b=c]\"\\\r\n<13>1 x", version: "1|=\n"))
        #expect(!frame.bytes.contains { $0 < 0x20 || $0 == 0x7f })
        let text = String(decoding: frame.bytes, as: UTF8.self)
        #expect(
            text.contains("|Decision on a\\|b=c]\"\\\\\\\\\\\\r\\\\n<13>1 x 1\\|=\\\\n: blocked|"))
        #expect(text.contains(" cs1=a|b\\=c]\"\\\\\\\\\\\\r\\\\n<13>1 x cs2Label"))
    }

    @Test("a frame never has more than 8,000 bytes, and what was left out is counted")
    func long() throws {
        let frame = try Self.frame(try Samples.longEvent())
        let message = frame.bytes.drop { $0 != 0x20 }.dropFirst()
        #expect(message.count <= 8000)
        #expect(frame.cut > 1900)
    }

    @Test("what was sent is never called delivered")
    func sent() {
        #expect(SyslogProvider.sent.outcome == .success(.sentUnconfirmed))
    }

    private static func frame(_ event: DeliveryEvent) throws -> SyslogFrame {
        guard case .syslog(let provider) = try Samples.ready(.syslog).provider else {
            throw Samples.Absent()
        }
        return try provider.frame(for: event, try Samples.attempt())
    }
}
