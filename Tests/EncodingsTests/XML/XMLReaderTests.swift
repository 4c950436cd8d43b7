import CloseoutEncodings
import Testing

/// All events of a document.
func events(of document: String, limits: XMLReader.Limits = XMLReader.Limits()) throws -> [XMLEvent]
{
    var reader = try XMLReader(Array(document.utf8), limits: limits)
    var events: [XMLEvent] = []
    while let event = try reader.next() { events.append(event) }
    return events
}

/// The reason for which a document is refused.
private func refusal(_ document: String) -> XMLError.Reason? {
    do {
        _ = try events(of: document)
        return nil
    } catch { return (error as? XMLError)?.reason }
}

@Suite struct XMLReaderTests {
    @Test("gives elements, attributes, text and CDATA, and passes comments and instructions over")
    func events() throws {
        let document = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- a --><?p q?>
            <a b='1 &lt;&#x20AC;&#8364;' c:d = "&quot;">x&amp;y<!-- - --><![CDATA[<&]]]]><e/>\r
            z</a>
            """
        let found = try words(of: document)
        #expect(
            found == [
                "<a b=1 <€€ c:d=\">", "x&y", "<&]]", "<e>", "</e>", "\nz", "</a>",
            ])
    }

    /// The events of a document in words.
    private func words(of document: String) throws -> [String] {
        var words: [String] = []
        var reader = try XMLReader(Array(document.utf8))
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        while let event = try reader.next() {
            switch event {
            case .start(let name, let attributes):
                let list = attributes.map { " \(text($0.name))=\(text($0.value))" }
                words.append("<\(text(name))\(list.joined())>")
            case .end(let name): words.append("</\(text(name))>")
            case .text(let bytes): words.append(text(bytes))
            }
        }
        return words
    }

    @Test(
        "refuses what is not well-formed, with the reason",
        arguments: [
            ("", XMLError.Reason.unexpectedEnd), ("<a>", .unexpectedEnd), ("<a></b>", .wrongEnd),
            ("<a/><b/>", .outsideRoot), ("x<a/>", .outsideRoot), ("<a/>&amp;", .outsideRoot),
            ("<a b='1' b='2'/>", .duplicateAttribute), ("<a b='<'/>", .unexpected),
            ("<a b='1'c='2'/>", .unexpected), ("<a b=1/>", .unexpected),
            ("<a>]]></a>", .unexpected),
            ("<a>&nbsp;</a>", .unknownEntity), ("<a>&#0;</a>", .forbiddenCharacter),
            ("<a>&#xD800;</a>", .forbiddenCharacter), ("<a>&#x110000;</a>", .forbiddenCharacter),
            ("<a>&#99999999999999999999;</a>", .forbiddenCharacter),
            ("<a>\u{1}</a>", .forbiddenCharacter),
            ("<a>\u{FFFE}</a>", .forbiddenCharacter), ("<a><!-- -- --></a>", .unexpected),
            (" <?xml version='1.0'?><a/>", .misplacedDeclaration),
            ("<?xml?><a/>", .misplacedDeclaration),
            ("<?xml version='2.0'?><a/>", .declaration), ("<a><![CDATA[x</a>", .unexpectedEnd),
            ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", .encoding),
            ("<!DOCTYPE a><a/>", .documentType), ("<!ELEMENT a><a/>", .unexpected),
            ("<1/>", .unexpected),
        ])
    func refusals(document: String, reason: XMLError.Reason) {
        #expect(refusal(document) == reason)
    }

    @Test("expands no entity of a document, so that nothing grows")
    func entities() {
        var document = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>"
        for index in 1...20 { document += "<!ENTITY a\(index) '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>" }
        #expect(refusal(document + "]><a>&a20;</a>") == .documentType)
        #expect(refusal("<a>&a;</a>") == .unknownEntity)
        #expect(refusal("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>") == .documentType)
    }

    @Test("takes 64 levels, 1,024 attributes and 64 MiB, and no more")
    func limits() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65)) == .tooDeep(limit: 64))
        #expect(refusal(nested(63).replacing("<a></a>", with: "<a><b/></a>")) == nil)
        #expect(
            refusal(nested(64).replacing("<a></a>", with: "<a><b/></a>")) == .tooDeep(limit: 64))
        func wide(_ count: Int) -> String {
            "<a" + (0..<count).map { " b\($0)=''" }.joined() + "/>"
        }
        #expect(refusal(wide(1024)) == nil)
        #expect(refusal(wide(1025)) == .tooManyAttributes(limit: 1024))
        #expect(throws: XMLError(offset: 3, reason: .tooLarge(limit: 3))) {
            _ = try XMLReader(Array("<a/>".utf8), limits: .init(bytes: 3))
        }
        #expect(throws: XMLError(offset: 3, reason: .invalidUTF8)) {
            _ = try XMLReader(Array("<a>".utf8) + [0xFF])
        }
    }
}
