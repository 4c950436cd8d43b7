import CloseoutEncodings
import Testing

@Suite struct JSONParsingTests {
    @Test("reads every kind of value, with white space where JSON allows it")
    func values() throws {
        let text =
            " {\"a\" :\t[ null,true , false ],\r\n\"b\":{ },\"c\":[ ],\"d\":-12 , \"e\":\"x\"} \n"
        let expected: JSON = ["a": [nil, true, false], "b": [:], "c": [], "d": -12, "e": "x"]
        #expect(try JSON(parsing: Array(text.utf8)) == expected)
        #expect(try JSON(parsing: Array(" 0 ".utf8)) == 0)
    }

    @Test(
        "reads strings of any Unicode text, escaped or not",
        arguments: [
            (#""""#, ""), (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\u0000\b\f\n\r\t\"\\\/""#, "\0\u{8}\u{C}\n\r\t\"\\/"),
            ("\"é😀\u{7F}\u{FFFF}\"", "é😀\u{7F}\u{FFFF}"),
        ])
    func strings(text: String, expected: String) throws {
        #expect(try JSON(parsing: Array(text.utf8)) == JSON(expected))
    }

    @Test(
        "reads whole numbers up to 2^53 - 1 and refuses all others, with place and cause",
        arguments: [
            ("9007199254740991", nil), ("-9007199254740991", nil), ("0", nil), ("[10]", nil),
            ("9007199254740992", JSONError(offset: 0, reason: .numberOutOfRange)),
            ("[-9007199254740992]", JSONError(offset: 1, reason: .numberOutOfRange)),
            ("123456789012345678901234567890", JSONError(offset: 0, reason: .numberOutOfRange)),
            ("1.0", JSONError(offset: 1, reason: .notAnInteger)),
            ("1e3", JSONError(offset: 1, reason: .notAnInteger)),
            ("0E1", JSONError(offset: 1, reason: .notAnInteger)),
            ("-0.5", JSONError(offset: 2, reason: .notAnInteger)),
            ("-0", JSONError(offset: 0, reason: .negativeZero)),
            ("01", JSONError(offset: 0, reason: .leadingZero)),
            ("-007", JSONError(offset: 1, reason: .leadingZero)),
            ("-", JSONError(offset: 1, reason: .unexpectedEnd)),
            ("-x", JSONError(offset: 1, reason: .unexpectedByte(UInt8(ascii: "x")))),
            ("+1", JSONError(offset: 0, reason: .unexpectedByte(UInt8(ascii: "+")))),
            (".5", JSONError(offset: 0, reason: .unexpectedByte(UInt8(ascii: ".")))),
            ("1_000", JSONError(offset: 1, reason: .trailingData)),
            ("0x10", JSONError(offset: 1, reason: .trailingData)),
            ("NaN", JSONError(offset: 0, reason: .unexpectedByte(UInt8(ascii: "N")))),
        ])
    func numbers(text: String, error: JSONError?) {
        expectError(error, reading: Array(text.utf8))
    }

    @Test(
        "refuses what JSON does not allow, with place and cause",
        arguments: [
            ("", JSONError(offset: 0, reason: .unexpectedEnd)),
            ("  ", JSONError(offset: 2, reason: .unexpectedEnd)),
            ("{", JSONError(offset: 1, reason: .unexpectedEnd)),
            ("[1", JSONError(offset: 2, reason: .unexpectedEnd)),
            ("[1,]", JSONError(offset: 3, reason: .unexpectedByte(UInt8(ascii: "]")))),
            ("[,1]", JSONError(offset: 1, reason: .unexpectedByte(UInt8(ascii: ",")))),
            ("[1 2]", JSONError(offset: 3, reason: .unexpectedByte(UInt8(ascii: "2")))),
            (#"{"a":1,}"#, JSONError(offset: 7, reason: .unexpectedByte(UInt8(ascii: "}")))),
            (#"{"a" 1}"#, JSONError(offset: 5, reason: .unexpectedByte(UInt8(ascii: "1")))),
            (#"{a:1}"#, JSONError(offset: 1, reason: .unexpectedByte(UInt8(ascii: "a")))),
            (#"{1:1}"#, JSONError(offset: 1, reason: .unexpectedByte(UInt8(ascii: "1")))),
            ("{'a':1}", JSONError(offset: 1, reason: .unexpectedByte(UInt8(ascii: "'")))),
            ("[1}", JSONError(offset: 2, reason: .unexpectedByte(UInt8(ascii: "}")))),
            ("tru", JSONError(offset: 3, reason: .unexpectedEnd)),
            ("True", JSONError(offset: 0, reason: .unexpectedByte(UInt8(ascii: "T")))),
            ("nul1", JSONError(offset: 3, reason: .unexpectedByte(UInt8(ascii: "1")))),
            ("1 2", JSONError(offset: 2, reason: .trailingData)),
            ("{}{}", JSONError(offset: 2, reason: .trailingData)),
            ("1\0", JSONError(offset: 1, reason: .trailingData)),
            ("// note\n1", JSONError(offset: 0, reason: .unexpectedByte(UInt8(ascii: "/")))),
            ("\u{FEFF}1", JSONError(offset: 0, reason: .byteOrderMark)),
            ("\u{A0}1", JSONError(offset: 0, reason: .unexpectedByte(0xC2))),
        ])
    func grammar(text: String, error: JSONError) {
        expectError(error, reading: Array(text.utf8))
    }

    @Test(
        "refuses strings with control characters, unknown escapes and lone surrogates",
        arguments: [
            ("\"a", JSONError(offset: 2, reason: .unexpectedEnd)),
            ("\"a\n\"", JSONError(offset: 2, reason: .controlCharacter)),
            ("\"\0\"", JSONError(offset: 1, reason: .controlCharacter)),
            (#""a\x41""#, JSONError(offset: 2, reason: .invalidEscape)),
            (#""\'""#, JSONError(offset: 1, reason: .invalidEscape)),
            (#""\U0041""#, JSONError(offset: 1, reason: .invalidEscape)),
            (#""\u00g1""#, JSONError(offset: 5, reason: .invalidEscape)),
            ("\"\\u\u{FF11}111\"", JSONError(offset: 3, reason: .invalidEscape)),
            (#""\u12"#, JSONError(offset: 5, reason: .unexpectedEnd)),
            (#""\"#, JSONError(offset: 2, reason: .unexpectedEnd)),
            (#""x\ud800""#, JSONError(offset: 2, reason: .loneSurrogate)),
            (#""\udc00""#, JSONError(offset: 1, reason: .loneSurrogate)),
            (#""\ud800\u0041""#, JSONError(offset: 1, reason: .loneSurrogate)),
            (#""\ud800\ud800""#, JSONError(offset: 1, reason: .loneSurrogate)),
            (#""\udc00\ud800""#, JSONError(offset: 1, reason: .loneSurrogate)),
            (#""\ud83d\n""#, JSONError(offset: 1, reason: .loneSurrogate)),
        ])
    func brokenStrings(text: String, error: JSONError) {
        expectError(error, reading: Array(text.utf8))
    }

    @Test(
        "refuses bytes that are not UTF-8, in strings and out of them",
        arguments: [
            ([0x22, 0xFF, 0x22], 1), ([0x22, 0x61, 0xC3], 2), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
            ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
            ([0x31, 0x80], 1), ([0xFE, 0xFF, 0x00, 0x31], 0),
        ] as [([UInt8], Int)])
    func invalidUTF8(bytes: [UInt8], offset: Int) {
        expectError(JSONError(offset: offset, reason: .invalidUTF8), reading: bytes)
    }

    @Test(
        "refuses a key that occurs twice, in any order and however it is escaped",
        arguments: [
            (#"{"a":1,"a":1}"#, 7, "a"), (#"{"b":1,"a":2,"b":3}"#, 13, "b"),
            (#"{"a":1,"b":{"c":0,"\u0063":0}}"#, 18, "c"), (#"{"c":1,"b":1,"a":1,"c":1}"#, 19, "c"),
            (#"{"":1,"":2}"#, 6, ""),
        ])
    func duplicateKeys(text: String, offset: Int, key: String) {
        let error = JSONError(offset: offset, reason: .duplicateKey(Array(key.utf8)))
        expectError(error, reading: Array(text.utf8))
    }

    @Test("finds the one duplicate among thousands of keys in random order")
    func duplicateAmongMany() {
        let keys = (0..<5_000).map { #""\#($0 &* 7919 % 5_000)":0"# }
        let text = "{" + keys.joined(separator: ",")
        let error = JSONError(offset: text.utf8.count + 1, reason: .duplicateKey(Array("42".utf8)))
        expectError(nil, reading: Array((text + "}").utf8))
        expectError(error, reading: Array((text + #","42":1}"#).utf8))
    }

    @Test("keeps keys apart that Unicode calls equivalent")
    func equivalentKeys() throws {
        let json = try JSON(parsing: Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8))
        #expect(json["\u{E9}"] == 1)
        #expect(json["e\u{301}"] == 2)
    }

    @Test("reads 16 levels and refuses the 17th where it opens; a limit can be set")
    func depth() {
        let sixteen = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
        expectError(nil, reading: Array(sixteen.utf8))
        let endless = Array(String(repeating: #"{"a":["#, count: 1_000_000).utf8)
        let error = JSONError(offset: 48, reason: .tooDeep(limit: 16))
        expectError(error, reading: endless)
        #expect(throws: JSONError(offset: 1, reason: .tooDeep(limit: 1))) {
            try JSON(parsing: Array("[[]]".utf8), limits: JSONLimits(depth: 1))
        }
    }

    @Test("refuses a document beyond the limit of bytes before it looks at it")
    func size() {
        let limits = JSONLimits(bytes: 4)
        #expect(throws: Never.self) { try JSON(parsing: Array("1234".utf8), limits: limits) }
        #expect(throws: JSONError(offset: 4, reason: .tooLarge(limit: 4))) {
            try JSON(parsing: Array("12345".utf8), limits: limits)
        }
    }

    @Test("says in words what is wrong and where, with nothing untrusted left raw")
    func messages() {
        let error = JSONError(offset: 7, reason: .duplicateKey(Array("a\u{1B}[2J\n".utf8)))
        #expect("\(error)" == #"duplicate key "a\u{1b}[2J\n" at byte 7"#)
    }

    private func expectError(
        _ expected: JSONError?, reading bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var found: JSONError?
        do throws(JSONError) { _ = try JSON(parsing: bytes) } catch { found = error }
        #expect(found == expected, sourceLocation: sourceLocation)
    }
}
