import CloseoutEncodings
import CloseoutOpenSSL

/// Makes the UUIDs of a report out of names, so that the same report has the same.
enum NameUUID {
    /// The namespace of URLs and other URIs (RFC 9562, 6.6).
    private static let namespace: [UInt8] = [
        0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1,
        0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
    ]

    /// The UUID of version 5 of a URI.
    static func make(_ uri: String) throws(OpenSSLError) -> String {
        var bytes = Array(try sha1Name(of: namespace + uri.utf8).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Hex.string(bytes).utf8
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
