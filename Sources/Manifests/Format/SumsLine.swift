internal import CloseoutFiles

/// Writes the lines of `SHA256SUMS`, as `sha256sum -c` reads them (docs/manifest.md, "SHA256SUMS").
enum SumsLine {
    /// What is put before the path `-`, which alone would be the standard input.
    private static let standardInput = Array("./".utf8)
    private static let backslash = UInt8(ascii: "\\")

    /// Appends the line of a file, with its LF; `digits` are the 64 of its digest.
    static func append(file path: Span<UInt8>, digits: Span<UInt8>, to sums: inout [UInt8]) {
        var isEscaped = false
        for index in path.indices where needsEscape(path[index]) { isEscaped = true }
        if isEscaped { sums.append(backslash) }
        sums.append(copying: digits)
        sums.append(UInt8(ascii: " "))
        sums.append(UInt8(ascii: " "))
        if path.count == 1, path[0] == UInt8(ascii: "-") { sums += standardInput }
        if isEscaped {
            for index in path.indices { append(escaped: path[index], to: &sums) }
        } else {
            sums.append(copying: path)
        }
        sums.append(lineFeed)
    }

    private static func append(escaped byte: UInt8, to sums: inout [UInt8]) {
        guard needsEscape(byte) else { return sums.append(byte) }
        sums.append(backslash)
        switch byte {
        case lineFeed: sums.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): sums.append(UInt8(ascii: "r"))
        default: sums.append(backslash)
        }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte == backslash || byte == lineFeed || byte == UInt8(ascii: "\r")
    }
}

/// What ends every line of a manifest and of `SHA256SUMS`.
let lineFeed: UInt8 = 0x0A
