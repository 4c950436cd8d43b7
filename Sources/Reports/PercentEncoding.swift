/// A text as a part of a URI (RFC 3986): letters, digits and `-._~` stay, other bytes become `%XX`.
///
/// - Parameters:
///   - text: The text.
///   - sparing: Other bytes that stay.
/// - Returns: The part of the URI.
func percentEncoded(_ text: String, sparing: [UInt8] = []) -> String {
    var out: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            out.append(byte)
        default:
            if sparing.contains(byte) {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
    }
    return String(decoding: out, as: UTF8.self)
}

private let digits = Array("0123456789ABCDEF".utf8)
