import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite struct Base64Tests {
    @Test(
        "agrees with the vectors of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) {
        #expect(Base64.string(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(Array(encoded.utf8)) == Array(plain.utf8))
        #expect(Base64.decodeAnyAlphabet(Array(encoded.utf8)) == Array(plain.utf8))
        let unpadded = Array(encoded.filter { $0 != "=" }.utf8)
        #expect(Base64.decodeURL(unpadded) == Array(plain.utf8))
        #expect(Base64.decodeAnyAlphabet(unpadded) == Array(plain.utf8))
    }

    @Test(
        "refuses every other spelling of a value",
        arguments: [
            "Zg", "Zg=", "Zg===", "Z", "Zm8", "Zm8==", "=", "==", "====", "Zm9v=", "Zm9v====",
            "Zg==Zg==",
            "Zh==", "Zm9=", "aGVsbG9=", "Zm 9v", "Zm9v\n", " Zm9v", "Zm9v\r\n", "Zm-v", "Zm_v",
            "Zm9\0",
            "Zm9é", "Z=9v", "Zm=v", "\u{FF21}AAA",
        ])
    func strict(text: String) {
        #expect(Base64.decode(Array(text.utf8)) == nil)
    }

    @Test("reads either alphabet where asked, but never both in one text nor half a padding")
    func alphabets() {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xBF]
        #expect(Base64.string(bytes) == "+/+/")
        #expect(Base64.decode(Array("-_-_".utf8)) == nil)
        #expect(Base64.decodeURL(Array("-_-_".utf8)) == bytes)
        #expect(Base64.decodeURL(Array("+/+/".utf8)) == nil)
        #expect(Base64.decodeURL(Array("Zg==".utf8)) == nil)
        #expect(Base64.decodeAnyAlphabet(Array("-_-_".utf8)) == bytes)
        #expect(Base64.decodeAnyAlphabet(Array("+/+/".utf8)) == bytes)
        #expect(Base64.decodeAnyAlphabet(Array("-w==".utf8)) == [0xFB])
        #expect(Base64.decodeAnyAlphabet(Array("-w".utf8)) == [0xFB])
        for text in ["+_+_", "-/-/", "-w=", "-x", "-x==", "Zg=", "=", "A", "AAAAA", "Zg= ="] {
            #expect(Base64.decodeAnyAlphabet(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("round trips every length up to 64 with random bytes")
    func roundTrip() {
        var generator = SplitMix64(seed: 64)
        for length in 0...64 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test("each text of four letters either decodes to bytes that encode to it, or not at all")
    func oneSpelling() {
        let letters = Array("AQgwBZz/+=".utf8)
        var wrong: [[UInt8]] = []
        for number in 0..<10_000 {
            let digits = [number / 1_000, number / 100 % 10, number / 10 % 10, number % 10]
            let text = digits.map { letters[$0] }
            if let bytes = Base64.decode(text), Base64.encode(bytes) != text { wrong.append(text) }
        }
        #expect(wrong.isEmpty)
    }
}
