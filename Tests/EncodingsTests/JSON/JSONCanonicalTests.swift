import CloseoutEncodings
import Testing

@Suite struct JSONCanonicalTests {
    @Test("orders keys by UTF-16 code units, as in the example of RFC 8785, section 3.2.3")
    func keyOrder() throws {
        let input = #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
             "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
             "\u00f6": "Latin Small Letter O With Diaeresis"}
            """#
        guard case .object(let members) = try JSON(parsing: Array(canonical(input).utf8)) else {
            Issue.record("not an object")
            return
        }
        let names: [JSON] = [
            "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
            "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
        ]
        #expect(members.map(\.value) == names)
    }

    @Test(
        "writes the shortest form of every value",
        arguments: [
            (#" { } "#, "{}"), ("[ ]", "[]"), (" [1 , 2,\t-3 ]\r\n", "[1,2,-3]"),
            (
                #"{"b":1,"a":{"d":null,"c":[true,false]}}"#,
                #"{"a":{"c":[true,false],"d":null},"b":1}"#
            ),
            (#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#, #""€$\u000f\nA'B\"\\\\\"/""#),
            (#""\b\t\n\f\r\u0000\u001F\u007f""#, "\"\\b\\t\\n\\f\\r\\u0000\\u001f\u{7F}\""),
            (#"[9007199254740991,-9007199254740991,0]"#, "[9007199254740991,-9007199254740991,0]"),
            (#"{"":0,"a":1,"A":2,"aa":3}"#, #"{"":0,"A":2,"a":1,"aa":3}"#),
        ])
    func canonicalForm(input: String, expected: String) throws {
        #expect(try canonical(input) == expected)
        #expect(
            try JSON(parsingCanonical: Array(expected.utf8)).canonicalBytes == Array(expected.utf8))
    }

    @Test(
        "takes only the canonical form where that is asked for, and says where another differs",
        arguments: [
            (" {}", 0), ("{} ", 2), (#"{"a": 1}"#, 5), (#"{"b":1,"a":2}"#, 2), (#""\/""#, 1),
            (#""\u0041""#, 1), (#""\u000A""#, 2), (#"{"a":"\u00e9"}"#, 6),
        ])
    func onlyCanonical(input: String, offset: Int) {
        #expect(throws: JSONError(offset: offset, reason: .notCanonical)) {
            try JSON(parsingCanonical: Array(input.utf8))
        }
    }

    private func canonical(_ text: String) throws -> String {
        String(decoding: try JSON(parsing: Array(text.utf8)).canonicalBytes, as: UTF8.self)
    }
}
