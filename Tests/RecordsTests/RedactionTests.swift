import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("What is left out of the evidence")
struct RedactionTests {
    @Test("a tag is the same for one receiver under one key, and joins nothing else")
    func tags() throws {
        let key = try routeKey()
        let url = "https://hooks.example.com/services/T0/B0"
        #expect(try key.tag(of: url) == key.tag(of: url))
        #expect(try key.tag(of: url) != key.tag(of: url + "1"))
        let other = try routeKey(6)
        #expect(try other.tag(of: url).tag != key.tag(of: url).tag && other.id != key.id)
        // HMAC-SHA256, by a foreign tool, of `closeout/route/v1`, 0x00 and the URL; and of the name of ids.
        let tag = try key.tag(of: url)
        #expect(Hex.string(tag.tag) == "0e59794715b58fb34741dab5d7136573")
        #expect(Hex.string(tag.key) == "220b9fc0f0f39190")
    }

    @Test("a key is 32 bytes from a file of digits, and is never printed")
    func keys() throws {
        let file = try RouteKey.newFile()
        let key = try #require(try RouteKey(parsing: file))
        #expect(try RouteKey(parsing: Array(file.dropLast())) == key)
        #expect(try RouteKey(parsing: Array(file.dropLast(3))) == nil)
        #expect(try RouteKey(parsing: file + Array("\n".utf8)) == nil)
        var dumped = ""
        dump(key, to: &dumped)
        let digits = String(decoding: file.dropLast(), as: UTF8.self)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(!text.contains(digits.prefix(8)), "\(text)")
        }
    }

    @Test(
        "a commitment is the SHA-256 of the disclosure's own letters, and shows nothing by itself")
    func commitments() throws {
        let key = try routeKey()
        let shown = try key.disclosure(of: .destination, "hooks.example.com:443", delivery: "d-1")
        #expect(try shown.commitment == SHA256Digest.of(shown.encoded))
        #expect(Disclosure(encoded: shown.encoded) == shown)
        // The same fact of one delivery has one commitment, whatever record says it.
        #expect(
            try key.disclosure(of: .destination, "hooks.example.com:443", delivery: "d-1") == shown)
        for other in [
            try key.disclosure(of: .destination, "hooks.example.com:444", delivery: "d-1"),
            try key.disclosure(of: .destination, "hooks.example.com:443", delivery: "d-2"),
            try key.disclosure(of: .body, "hooks.example.com:443", delivery: "d-1"),
            try routeKey(6).disclosure(
                of: .destination, "hooks.example.com:443", delivery: "d-1"),
        ] {
            #expect(try other.commitment != shown.commitment)
        }
        #expect(!"\(shown)".contains("example") && !String(reflecting: shown).contains("example"))
    }

    @Test("of changed disclosures takes none that is not one")
    func changed() throws {
        let good = try routeKey().disclosure(of: .body, "ab", delivery: "d").encoded
        for (index, letter) in good.indices.flatMap({ index in
            Array("A_b=+".utf8).map { (index, $0) }
        }) {
            var bytes = good
            bytes[index] = letter
            if let taken = Disclosure(encoded: bytes) { #expect(taken.encoded == bytes) }
        }
        #expect(Disclosure(encoded: good + Array("=".utf8)) == nil)
        #expect(Disclosure(encoded: []) == nil)
        #expect(Disclosure(encoded: Array("WyJhIiwiYm9keSIsImMiXQ".utf8)) == nil)
    }

    private func delivered(_ disclosures: [Disclosure]) throws -> Record {
        let attempt = DeliveryRecord.Attempt(
            at: try at("2026-05-02T00:00:00Z"), outcome: .success, status: 200,
            details: .init(
                ended: nil, group: 1, code: try code("http.ok"), assurance: .delivered))
        return try record(
            .delivery(
                DeliveryRecord(
                    delivery: "d-1", event: .decision, route: "chat", provider: "webhook",
                    state: .delivered, attempts: [attempt],
                    details: .init(commitments: try disclosures.map { try $0.commitment }))))
    }

    @Test("an opening shows what the record commits to, and nothing else passes for it")
    func openings() throws {
        let key = try routeKey()
        let shown = try key.disclosure(of: .destination, "hooks.example.com:443", delivery: "d-1")
        let kept = try key.disclosure(of: .body, String(repeating: "a", count: 64), delivery: "d-1")
        let record = try delivered([shown, kept])
        let seal = record.header.seal
        func opening(_ disclosures: [Disclosure], of id: SHA256Digest? = nil) throws -> Opening {
            let made = Opening(
                seal: seal, record: try id ?? record.id, audience: "auditor",
                disclosures: disclosures)
            let read = try Opening(parsing: made.canonicalBytes)
            #expect(read == made)
            return read
        }
        let good = try opening([shown])
        try good.check(against: record, record.id, of: seal)
        #expect(!String(decoding: good.canonicalBytes, as: UTF8.self).contains("body"))
        // A value that somebody made up, with a salt of their own.
        let forged = try routeKey(9).disclosure(
            of: .destination, "other.example.com:443", delivery: "d-1")
        #expect(throws: OpeningFault.unmatched(.destination)) {
            try opening([shown, forged]).check(against: record, record.id, of: seal)
        }
        #expect(throws: OpeningFault.otherRecord) {
            try opening([shown], of: digest("x")).check(against: record, record.id, of: seal)
        }
        #expect(throws: OpeningFault.otherSeal) {
            try good.check(against: record, record.id, of: digest("other"))
        }
    }

    @Test("an opening is refused where it is not canonical, out of order, or says a thing twice")
    func malformed() throws {
        let key = try routeKey()
        let one = try key.disclosure(of: .destination, "a:1", delivery: "d")
        let two = try key.disclosure(of: .body, "b", delivery: "d")
        let good = Opening(
            seal: try digest("s"), record: try digest("r"), audience: "auditor",
            disclosures: [one, two])
        let text = String(decoding: good.canonicalBytes, as: UTF8.self)
        let words = good.disclosures.map { String(decoding: $0.encoded, as: UTF8.self) }
        for bad in [
            text + "\n", text.replacing("redaction-opening/v1", with: "redaction-opening/v2"),
            text.replacing(words[1], with: words[0]),
            text.replacing(
                "\"\(words[0])\",\"\(words[1])\"", with: "\"\(words[1])\",\"\(words[0])\""),
            text.replacing("\"\(words[0])\",\"\(words[1])\"", with: ""),
            text.replacing("auditor", with: "https://example.com"),
        ] {
            #expect(throws: (any Error).self, "\(bad)") { try Opening(parsing: Array(bad.utf8)) }
        }
    }

    @Test("a receipt says by which rule and why, and commits to nothing that is never shown")
    func receipts() throws {
        for rule in RedactionRule.allCases {
            let receipt = try #require(rule.receipt())
            #expect(receipt.rule.text == rule.rawValue && receipt.field.text == rule.field)
        }
        let commitment = try digest("c")
        for (rule, isShown) in [
            (RedactionRule.url, false), (.headers, false), (.response, false),
            (.destination, true), (.body, true), (.recipient, true),
        ] {
            let attempt = DeliveryRecord.Attempt(
                at: try at("2026-05-02T00:00:00Z"), outcome: .permanent, status: 410,
                details: .init(ended: nil, group: 1, code: try code("http.gone")))
            let told = try record(
                .delivery(
                    DeliveryRecord(
                        delivery: "d-1", event: .closeout, route: "r", provider: "webhook",
                        state: .failed, attempts: [attempt],
                        details: .init(
                            commitments: [commitment],
                            redactions: [try #require(rule.receipt(commitment))]))))
            #expect(((try? Record(parsing: told.canonicalBytes)) != nil) == isShown, "\(rule)")
        }
    }
}
