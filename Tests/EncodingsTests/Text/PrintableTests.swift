import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite struct PrintableTests {
    @Test(
        "leaves visible text of any script as it is",
        arguments: [
            "", "bin/tool-1.4.0_x86~!@#$%^&*()'\"<>|", "žluťoučký kůň", "Ελληνικά", "日本語", "한국어",
            "e\u{301}", "👍🏽", "€½→",
        ])
    func visible(text: String) {
        #expect(printable(text) == text)
    }

    @Test(
        "escapes what could move the cursor, hide, reorder or break the line",
        arguments: [
            ("a\nb\rc\td", #"a\nb\rc\td"#), ("\u{1B}[2J\u{7}\0", #"\u{1b}[2J\u{7}\u{0}"#),
            ("\u{7F}\u{85}\u{9B}", #"\u{7f}\u{85}\u{9b}"#),
            ("\u{202E}gpj.exe\u{2066}\u{200F}\u{61C}", #"\u{202e}gpj.exe\u{2066}\u{200f}\u{61c}"#),
            (
                "a\u{200B}\u{200D}\u{2060}\u{FEFF}\u{AD}",
                #"a\u{200b}\u{200d}\u{2060}\u{feff}\u{ad}"#
            ),
            ("\u{2028}\u{2029}\u{A0}\u{3000}", #"\u{2028}\u{2029}\u{a0}\u{3000}"#),
            (
                "\u{E0041}\u{FE0F}\u{E000}\u{378}\u{FFFF}",
                #"\u{e0041}\u{fe0f}\u{e000}\u{378}\u{ffff}"#
            ),
            ("##vso[a]##", #"#\u{23}vso[a]#\u{23}"#), ("a#b###", #"a#b#\u{23}\u{23}"#),
            (
                "\u{2800}\u{FFFC}\u{13441}\u{13442}\u{16FE4}\u{1D159}",
                #"\u{2800}\u{fffc}\u{13441}\u{13442}\u{16fe4}\u{1d159}"#
            ),
            ("\u{3164}\u{115F}\u{FFF9}", #"\u{3164}\u{115f}\u{fff9}"#), (#"a\nb"#, #"a\\nb"#),
        ])
    func escaped(text: String, expected: String) {
        #expect(printable(text) == expected)
    }

    @Test(
        "shows each byte that is not UTF-8",
        arguments: [
            ([0xFF], #"\xff"#), ([0x61, 0xC3], #"a\xc3"#), ([0xED, 0xA0, 0x80], #"\xed\xa0\x80"#),
            ([0xC0, 0x8A], #"\xc0\x8a"#), ([0xE2, 0x82, 0x41], #"\xe2\x82A"#),
            ([0xF0, 0x9F, 0x98, 0x80, 0x80], #"😀\x80"#),
        ] as [([UInt8], String)])
    func invalidUTF8(bytes: [UInt8], expected: String) {
        #expect(printable(bytes) == expected)
    }

    @Test("any bytes at all become one line of visible characters, and no two become the same")
    func anyBytes() {
        var seen: [String: [UInt8]] = [:]
        let sample = Array("a\\\u{202E}\n é\u{FF}".utf8)
        var wrong: [[UInt8]] = []
        for bytes in mutations(of: sample, seed: 11, count: 20_000, tokens: ["\\n", "\\x", "\\u{"])
        {
            let text = printable(bytes)
            let isVisible = text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0.value != 0x7F && !$0.properties.isBidiControl
                    && $0.properties.generalCategory != .control
            }
            if !isVisible
                || seen.updateValue(bytes, forKey: "\(text.unicodeScalars.map(\.value))") ?? bytes
                    != bytes
            {
                wrong.append(bytes)
            }
        }
        #expect(wrong.isEmpty)
    }
}
