import CloseoutEncodings

/// The forms of text that mail has.
enum MailText {
    /// The header field `Subject`, in several lines where it is long or not plain ASCII (RFC 2047).
    static func subject(_ text: String) -> [String] {
        let isPlain = text.utf8.allSatisfy { 0x20...0x7e ~= $0 } && !text.contains("=?")
        if isPlain, text.utf8.count <= 60 { return ["Subject: " + text] }
        var lines: [String] = []
        var part: [UInt8] = []
        func end() {
            guard !part.isEmpty else { return }
            lines.append((lines.isEmpty ? "Subject: " : " ") + "=?utf-8?B?\(Base64.string(part))?=")
            part = []
        }
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            // 42 bytes are 56 letters: with the marks around them a word is 68, its line 77 at most.
            if part.count + bytes.count > 42 { end() }
            part += bytes
        }
        end()
        return lines
    }

    /// A line as quoted-printable (RFC 2045, section 6.7), in lines of at most 76 bytes; none begins with a dot or
    /// `From `.
    static func quotedPrintable(_ line: String) -> [String] {
        var lines: [String] = []
        var current = ""
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isPlain =
                0x21...0x7e ~= byte && byte != UInt8(ascii: "=")
                || byte == UInt8(ascii: " ") && !isLast
            let atStart = current.isEmpty
            let isKept =
                isPlain && !(atStart && (byte == UInt8(ascii: ".") || byte == UInt8(ascii: "F")))
            let piece =
                isKept
                ? String(decoding: [byte], as: UTF8.self)
                : "=" + Hex.string([byte]).uppercased()
            if current.utf8.count + piece.utf8.count > 75 {
                lines.append(current + "=")
                current = ""
                // It comes first in a line now.
                if [UInt8(ascii: "."), UInt8(ascii: "F")].contains(byte) {
                    current = "=" + Hex.string([byte]).uppercased()
                    continue
                }
            }
            current += piece
        }
        return lines + [current]
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// A date such as `Mon, 30 Nov 2026 12:00:00 +0000`.
    static func date(_ instant: Instant) -> String {
        let text = instant.description
        let fields = text.split { $0 == "-" || $0 == "T" || $0 == "Z" }.map(String.init)
        let day = (instant.secondsSince1970 / 86_400 % 7 + 7) % 7
        let month = (Int(fields[1]) ?? 1) - 1
        return "\(days[Int(day)]), \(fields[2]) \(months[month]) \(fields[0]) \(fields[3]) +0000"
    }
}
