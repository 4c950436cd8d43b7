/// One reply of a relay: three digits, and text in one or more lines (RFC 5321, section 4.2).
struct MailReply: Sendable {
    /// The most bytes of a line.
    static let longestLine = 2048
    /// The most lines.
    static let mostLines = 128

    /// The three digits.
    let code: Int
    /// The text of each line; it is looked at for what the relay offers, and kept nowhere.
    let texts: [[UInt8]]

    /// Reads a reply.
    ///
    /// - Throws: `Inbox.Malformed` where it is none, and why no more comes.
    init(from stream: TLSStream) async throws {
        var texts: [[UInt8]] = []
        var code: Int?
        var isLast = false
        while !isLast {
            guard texts.count < Self.mostLines else { throw Inbox.Malformed() }
            let line = try await stream.line(longest: Self.longestLine)
            guard let read = Self.read(line), code == nil || code == read.code else {
                throw Inbox.Malformed()
            }
            (code, isLast) = (read.code, read.isLast)
            texts.append(Array(line.dropFirst(4)))
        }
        guard let code else { throw Inbox.Malformed() }
        self.code = code
        self.texts = texts
    }

    /// The digits of a line, and whether it is the last; nil where it is no line of a reply.
    private static func read(_ line: [UInt8]) -> (code: Int, isLast: Bool)? {
        let digits = line.prefix(3).map { Int($0) - 0x30 }
        guard digits.count == 3, digits.allSatisfy({ (0...9).contains($0) }),
            (2...5).contains(digits[0])
        else { return nil }
        let code = digits[0] * 100 + digits[1] * 10 + digits[2]
        guard line.count > 3 else { return (code, true) }
        switch line[3] {
        case UInt8(ascii: " "): return (code, true)
        case UInt8(ascii: "-"): return (code, false)
        default: return nil
        }
    }
}

/// What a relay offers in its reply to `EHLO`.
struct MailOffers: Sendable {
    /// A way of logging in.
    enum Login: String, CaseIterable, Sendable {
        case plain = "PLAIN"
        case login = "LOGIN"
    }

    /// Whether TLS can be begun.
    private(set) var hasStartTLS = false
    /// The ways of logging in that are known here, the best first.
    private(set) var logins: [Login] = []
    /// Whether it takes the size of a mail.
    private(set) var hasSize = false
    /// The most bytes of a mail; nil where it does not say.
    private(set) var largest: Int?

    /// Reads the lines behind the first.
    init(_ reply: MailReply) {
        for text in reply.texts.dropFirst() {
            let words = String(decoding: text, as: UTF8.self).uppercased().split(separator: " ")
            switch words.first {
            case "STARTTLS": hasStartTLS = true
            case "AUTH": logins = Login.allCases.filter { words.contains(Substring($0.rawValue)) }
            case "SIZE":
                hasSize = true
                largest = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            default: break
            }
        }
    }
}
