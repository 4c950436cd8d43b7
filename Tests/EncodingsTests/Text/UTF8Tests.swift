import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite struct UTF8Tests {
    @Test("accepts every Unicode scalar")
    func scalars() {
        let text = (UInt32(0)...0x10FFFF).compactMap(Unicode.Scalar.init).map(Character.init)
        #expect(firstInvalidUTF8(in: Array(String(text).utf8)) == nil)
    }

    @Test("agrees with the standard library on all sequences of three bytes that matter")
    func sequences() {
        let edges: [UInt8] = [
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0,
            0xE1, 0xEC,
            0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        var wrong: [[UInt8]] = []
        for a in edges {
            for b in edges {
                for c in edges {
                    for bytes in [[a], [a, b], [a, b, c], [a, b, c, 0x80], [0xF0, a, b, c]] {
                        let isValid = String(validating: bytes, as: UTF8.self) != nil
                        if (firstInvalidUTF8(in: bytes) == nil) != isValid { wrong.append(bytes) }
                    }
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test("names the first byte of what is broken")
    func offset() {
        #expect(firstInvalidUTF8(in: Array("aé".utf8) + [0xE2, 0x82] + Array("x".utf8)) == 3)
        #expect(firstInvalidUTF8(in: Array("é".utf8.dropLast())) == 0)
        #expect(firstInvalidUTF8(in: []) == nil)
    }
}
