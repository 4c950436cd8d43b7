import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("JSON that is printed")
struct JSONPrintingTests {
    @Test(
        "escapes what the log of a build obeys and what changes the direction of writing",
        arguments: [
            ("##vso[task.setvariable]x", "#\\u0023vso[task.setvariable]x"),
            ("##[error]x", "#\\u0023[error]x"), ("###", "#\\u0023\\u0023"),
            ("::error::x", ":\\u003aerror:\\u003ax"), ("a::b", "a:\\u003ab"),
            ("\u{202E}gpj.exe", "\\u202egpj.exe"), ("a\u{2066}b\u{2069}", "a\\u2066b\\u2069"),
            ("\u{200F}\u{61C}", "\\u200f\\u061c"), ("\u{E0041}", "\\udb40\\udc41"),
            ("\u{85}\u{7F}\u{2028}\u{FEFF}", "\\u0085\\u007f\\u2028\\ufeff"),
            ("\\##\\", "\\\\#\\u0023\\\\"), ("é 日本 🦉 a:b #1", "é 日本 🦉 a:b #1"),
        ])
    func escapes(text: String, printed: String) throws {
        let value = JSON.object([JSONMember(text, JSON(text))])
        let bytes = value.printedBytes
        #expect(String(decoding: bytes, as: UTF8.self) == "{\"\(printed)\":\"\(printed)\"}")
        #expect(try JSON(parsing: bytes) == value)
    }

    @Test("is the same value to a reader, and canonical where nothing had to be escaped")
    func values() throws {
        var random = SplitMix64(seed: 8)
        let pieces = [
            "#", ":", "\\", "\"", "\n", "\u{202E}", "\u{200B}", "a", "é", "🦉", "\u{E0001}", " ",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0..<9, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }.joined()
            let value: JSON = ["k": [JSON(text), 7, true, nil], "l": JSON(text)]
            let printed = value.printedBytes
            #expect(try JSON(parsing: printed) == value)
            let shown = String(decoding: printed, as: UTF8.self)
            #expect(!shown.contains("##") && !shown.contains("::"))
            #expect(shown.unicodeScalars.allSatisfy(isVisible))
            #expect(JSON.printed(printed) == printed)
            let isPlain = !text.contains(":") && !text.contains("#")
            if isPlain && text.unicodeScalars.allSatisfy({ isVisible($0) || $0 == "\n" }) {
                #expect(printed == value.canonicalBytes)
            }
        }
    }

    @Test("a line of a text never begins as a command of a build's log, also behind spaces")
    func lines() {
        func safe(_ text: String) -> String {
            String(decoding: withoutLogCommands(Array(text.utf8)), as: UTF8.self)
        }
        #expect(safe("::error::x\n") == ":\\u{3a}error::x\n")
        #expect(safe("a\n  \t::set-output\n::x") == "a\n  \t:\\u{3a}set-output\n:\\u{3a}x")
        #expect(safe("a::b\n:c\n") == "a::b\n:c\n")
        #expect(safe("") == "" && safe(":") == ":" && safe("::") == ":\\u{3a}")
    }
}
