import CloseoutEncodings
import CloseoutOpenSSL
import Testing

@Suite struct HexTests {
    @Test("writes two lower-case digits a byte and reads them back")
    func roundTrip() {
        let bytes = Array(UInt8.min...UInt8.max)
        let digits = Hex.encode(bytes)
        #expect(digits.starts(with: "000102030405060708090a0b0c0d0e0f10".utf8))
        #expect(Hex.decode(digits) == bytes)
        #expect(Hex.string([0xC1, 0x05, 0xE0]) == "c105e0")
    }

    @Test(
        "refuses upper case, odd counts and every other byte",
        arguments: [
            "A0", "0", "abc", "0g", "0x00", " 00", "0 0", "00\n", "é", "\u{FF10}0", "0/", "0:",
            "0`",
        ])
    func strict(text: String) {
        #expect(Hex.decode(Array(text.utf8)) == nil)
    }

    @Test("reads a digest only of exactly 64 digits")
    func digest() throws {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        let digest = try SHA256Digest.of([])
        #expect(digest.hex == hex)
        #expect(digest.hexBytes == Array(hex.utf8))
        #expect(SHA256Digest(hex: Array(hex.utf8)) == digest)
        #expect(SHA256Digest(hex: Array(hex.utf8.dropLast(2))) == nil)
        #expect(SHA256Digest(hex: Array((hex + "00").utf8)) == nil)
        #expect(SHA256Digest(hex: Array(hex.uppercased().utf8)) == nil)
    }
}
