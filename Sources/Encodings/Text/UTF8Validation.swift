/// The index of the first byte that is not part of well-formed UTF-8; nil when all are.
package func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
    // Nearly all texts are ASCII, which is found out many bytes at a time.
    if bytes.reduce(0, |) < 0x80 { return nil }
    var index = 0
    while index < bytes.count {
        if bytes[index] < 0x80 {
            index += 1
        } else if let length = lengthOfScalar(at: index, in: bytes) {
            index += length
        } else {
            return index
        }
    }
    return nil
}

/// The number of bytes of the UTF-8 scalar that starts at an index; nil when none does.
///
/// Overlong forms, surrogates and values beyond U+10FFFF are no scalars.
func lengthOfScalar(at index: Int, in bytes: [UInt8]) -> Int? {
    let length: Int
    let second: ClosedRange<UInt8>
    switch bytes[index] {
    case ...0x7F: return 1
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return nil
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
    let rest = bytes[index + 2..<index + length]
    return rest.allSatisfy { $0 & 0xC0 == 0x80 } ? length : nil
}
