import CloseoutEncodings
import CloseoutRecords
import Testing

@Suite("The record of an attachment's name")
struct AttachmentTests {
    private func description(_ name: String) -> AttachmentDescription? {
        AttachmentDescription(name: Array(name.utf8), mediaType: "text/plain")
    }

    private func sample() throws -> String {
        let body = try #require(description("a.txt"))
        return String(
            decoding: try record(.attachment(body), [("attachment", "a")]).canonicalBytes,
            as: UTF8.self)
    }

    @Test(
        "takes a plain file name, and refuses a folder, a control character and a name that is too long",
        arguments: [
            ("a", true), ("A b.xml", true), ("..a", true), (".hidden", true), ("é😀\u{202E}", true),
            ("-", true),
            (String(repeating: "a", count: 255), true), (String(repeating: "a", count: 256), false),
            ("", false), (".", false), ("..", false), ("a/b", false), ("/", false),
            ("a\u{0}", false),
            ("a\n", false), ("\u{1B}[31m", false), ("a\u{7F}", false), ("a\u{85}b", false),
            ("\u{A0}", true),
        ])
    func names(name: String, isTaken: Bool) throws {
        #expect((description(name) != nil) == isTaken)
        let text = try sample().replacing(
            #""name":"a.txt""#,
            with: #""name":\#(String(decoding: JSON(name).canonicalBytes, as: UTF8.self))"#)
        #expect(((try? Record(parsing: Array(text.utf8))) != nil) == isTaken)
    }

    @Test("is no name where its bytes are no UTF-8")
    func encoding() {
        #expect(AttachmentDescription(name: [0x61, 0xFF], mediaType: "text/plain") == nil)
    }

    @Test(
        "takes a media type without parameters, and nothing else",
        arguments: [
            ("text/plain", true), ("application/vnd.cyclonedx+json", true), ("a/b", true),
            ("text", false),
            ("text/", false), ("/plain", false), ("text/plain; charset=utf-8", false),
            ("a/b/c", false),
            ("text/plain\n", false), ("", false), ("téxt/plain", false), ("+a/b", false),
            ("a/" + String(repeating: "b", count: 125), true),
            ("a/" + String(repeating: "b", count: 126), false),
        ])
    func mediaTypes(type: String, isTaken: Bool) throws {
        #expect((AttachmentDescription(name: Array("a".utf8), mediaType: type) != nil) == isTaken)
        let text = try sample().replacing(
            "\"text/plain\"", with: String(decoding: JSON(type).canonicalBytes, as: UTF8.self))
        #expect(((try? Record(parsing: Array(text.utf8))) != nil) == isTaken)
    }

    @Test(
        "is restricted unless its maker says otherwise, needs no signature, and names one attachment"
    )
    func shape() throws {
        let record = try Record(parsing: Array(sample().utf8))
        #expect(record.header.visibility == .restricted && record.signingRules.isEmpty)
        #expect(!record.isForEveryone && record.kind.isWritten && !record.kind.isComputed)
        for links in [[], [("attachment", "a"), ("attachment", "b")], [("tests", "a")]] {
            let wrong = try record.canonicalBytesAgain(links)
            #expect(throws: RecordError.self) { try Record(parsing: wrong) }
        }
    }

    @Test("shows no readiness and changes no state, and each of several names is found")
    func state() throws {
        var story = Story()
        let before = try story.state()
        try story.add(
            .attachment(#require(description("a.txt"))), [("attachment", try digest("a"))])
        try story.add(
            .attachment(#require(description("b.txt"))), [("attachment", try digest("a"))])
        try story.add(
            .attachment(#require(description("b.txt"))), [("attachment", try digest("a"))])
        let state = try story.state()
        #expect(state.names.names(of: try digest("a")) == ["a.txt", "b.txt"])
        #expect(state.names.names(of: try digest("b")) == [])
        #expect(state.readiness == before.readiness && state.issues.isEmpty)
        #expect(state.records.allSatisfy { $0.status == .logged })
    }
}

extension Record {
    /// The same record with other links.
    fileprivate func canonicalBytesAgain(_ links: [(String, String)]) throws -> [UInt8] {
        try record(body, links.map { (kind: $0.0, file: $0.1) }).canonicalBytes
    }
}
