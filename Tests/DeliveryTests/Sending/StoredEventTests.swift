import CloseoutDelivery
import CloseoutEncodings
import Testing

@Suite("Stored events")
struct StoredEventTests {
    @Test("an event is read as it was stored, whatever its texts hold")
    func roundTrip() throws {
        let events = [
            try Samples.event(), try Samples.event(name: Samples.hostile, version: "é\u{202E}"),
            try Samples.event(.retentionAlert, findings: []), try Samples.event(id: "without"),
        ]
        for event in events { #expect(try DeliveryEvent(stored: event.stored) == event) }
    }

    @Test("what no event gives is refused")
    func strict() throws {
        let stored = String(decoding: try Samples.event().stored, as: UTF8.self)
        #expect(stored.contains(#""findings":["C4","RH-SHORT/a"]"#))
        let changes = [
            ("\"kind\"", " \"kind\""), ("event/v1", "event/v2"), (#""pass":3"#, #""pass":-3"#),
            (#""pass":3"#, #""more":1,"pass":3"#), (#"["C4","RH-SHORT/a"]"#, #"["b","a"]"#),
            (#""event-1""#, #""-""#), ("\"high\"", "\"higher\""), (#""version":"1.0""#, ""),
        ]
        for (old, new) in changes {
            let changed = stored.replacing(old, with: new)
            #expect(changed != stored)
            #expect(throws: (any Error).self, "\(new)") {
                try DeliveryEvent(stored: Array(changed.utf8))
            }
        }
    }
}
