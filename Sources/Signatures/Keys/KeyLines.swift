/// A key file as text whose lines end in LF: some systems write them with CR LF.
///
/// Only what comes before a line feed is taken off; a carriage return anywhere else stays.
func endingLinesInLF(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(0x0D) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for byte in text {
        if byte == 0x0A, result.last == 0x0D { result.removeLast() }
        result.append(byte)
    }
    return result
}
