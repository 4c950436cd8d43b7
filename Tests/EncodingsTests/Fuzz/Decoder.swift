import CloseoutEncodings
import CloseoutOpenSSL

/// A decoder, as the fuzz tests see it: bytes in, and what came of them back out.
struct Decoder: Sendable, CustomStringConvertible {
    /// What it reads.
    let description: String
    /// A valid input.
    let sample: String
    /// Pieces that mean something to it.
    let tokens: [String]
    /// Reads an input and writes the value again; nil when it is refused.
    ///
    /// Every decoder here takes one form only, so what comes back must be the input.
    let reencode: @Sendable (_ input: [UInt8]) throws -> [UInt8]?
}

extension Decoder {
    static let all = [
        json, canonicalJSON, foreignJSON, xml, hex, base64, base64URL, instant, note, checkpoint,
        verifierKey,
    ]

    private static let document = """
        {"algorithm":"sha256","excludes":["*.o","é€😀\\u0000\\n\\""],"kind":"closeout/manifest/v1",\
        "nested":{"a":[[],[{}],[0,-1,9007199254740991,true,false,null]]},"outside":false}
        """
    private static let jsonTokens = [
        "{", "}", "[", "]", "\"", "\"a\":", ",", "\\ud800", "\\udc00", "\\u00e9", "\\/", "null",
        "true",
        "-0", "9007199254740992", "1e9", "0.5", "\u{FEFF}", " ",
    ]

    /// Two spellings of one document may both be read; the value must survive its canonical form.
    static let json = Decoder(description: "JSON", sample: document, tokens: jsonTokens) { input in
        guard let json = try? JSON(parsing: input) else { return nil }
        let canonical = try JSON(parsingCanonical: json.canonicalBytes)
        return canonical.canonicalBytes == json.canonicalBytes ? input : canonical.canonicalBytes
    }

    static let canonicalJSON = Decoder(
        description: "canonical JSON", sample: document, tokens: jsonTokens
    ) { input in
        try? JSON(parsingCanonical: input).canonicalBytes
    }

    /// Whatever the strict reader takes, the one of foreign files takes too.
    static let foreignJSON = Decoder(
        description: "foreign JSON", sample: document, tokens: jsonTokens
    ) { input in
        do {
            var reader = try ForeignJSONReader(input)
            try reader.skip()
            try reader.end()
            return input
        } catch {
            return (try? JSON(parsing: input)) == nil ? nil : []
        }
    }

    /// What is read of a document must be what is read of that when it is written again.
    static let xml = Decoder(
        description: "XML",
        sample:
            "<?xml version='1.0'?><a b='1 &amp; 2' c:d=\"&#x20AC;\">é<!-- c --><b/><![CDATA[<]]></a>",
        tokens: [
            "<", ">", "/>", "</a>", "&", "&lt;", "&#1;", "]]>", "<![CDATA[", "--", "<?", "'",
            "<!DOCTYPE a>",
        ]
    ) { input in
        func events(of document: [UInt8]) throws -> [XMLEvent] {
            var reader = try XMLReader(document)
            var events: [XMLEvent] = []
            while let event = try reader.next() { events.append(event) }
            return events
        }
        func written(_ text: [UInt8]) -> String { text.map { "&#\($0);" }.joined() }
        guard let found = try? events(of: input) else { return nil }
        let isASCII = found.allSatisfy { event in
            switch event {
            case .start(_, let attributes):
                attributes.allSatisfy { $0.value.allSatisfy { $0 < 0x80 } }
            case .text(let text): text.allSatisfy { $0 < 0x80 }
            case .end: true
            }
        }
        guard isASCII else { return input }
        var again = ""
        for event in found {
            switch event {
            case .start(let name, let attributes):
                again += "<" + String(decoding: name, as: UTF8.self)
                for item in attributes {
                    again +=
                        " \(String(decoding: item.name, as: UTF8.self))='\(written(item.value))'"
                }
                again += ">"
            case .end(let name): again += "</\(String(decoding: name, as: UTF8.self))>"
            case .text(let text): again += written(text) + "<!-- -->"
            }
        }
        func merged(_ events: [XMLEvent]) -> [XMLEvent] {
            events.filter { $0 != .text([]) }
        }
        return try merged(events(of: Array(again.utf8))) == merged(found) ? input : []
    }

    static let hex = Decoder(
        description: "hex", sample: "00ff7e81c0ffee", tokens: ["A", "0x", "g"]
    ) { input in
        Hex.decode(input).map { Hex.encode($0) }
    }

    static let base64 = Decoder(
        description: "base64", sample: "Zm9vYmFy+/8=", tokens: ["=", "==", "-", "_", "+", "/"]
    ) { input in
        Base64.decode(input).map { Base64.encode($0) }
    }

    /// The URL-safe reader and the one of both alphabets must agree with each other.
    static let base64URL = Decoder(
        description: "URL-safe base64", sample: "Zm9vYmFy-_8", tokens: ["=", "-", "_", "+", "/"]
    ) { input in
        guard let bytes = Base64.decodeURL(input) else { return nil }
        guard Base64.decodeAnyAlphabet(input) == bytes else { return [] }
        let standard = Base64.encode(bytes).filter { $0 != UInt8(ascii: "=") }
        return standard.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
    }

    static let instant = Decoder(
        description: "instant", sample: "2024-02-29T23:59:59Z",
        tokens: ["60", "24", "00", ".0", "+"]
    ) { input in
        Instant(parsing: input)?.bytes
    }

    static let note = Decoder(
        description: "signed note", sample: NoteVectors.c2spCosigned,
        tokens: ["\n", "\n\n", "\u{2014} ", " ", "+", "\u{A0}", "\u{2014} a AAAAAAA=\n"]
    ) { input in
        guard let note = try? SignedNote(parsing: input) else { return nil }
        _ = try NoteVerifier(vkey: Array(NoteVectors.sigsumKey.utf8)).check(note)
        return note.encoded
    }

    static let checkpoint = Decoder(
        description: "checkpoint",
        sample: "a/b\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        tokens: ["\n", "0", "18446744073709551616", "+", "-"]
    ) { input in
        try? Checkpoint(parsing: input).text
    }

    static let verifierKey = Decoder(
        description: "verifier key", sample: NoteVectors.pixelKey, tokens: ["+", "=", "/"]
    ) { input in
        try? NoteVerifier(vkey: input).vkey
    }
}
