/// A mail with its sender and its one recipient, in the form in which it goes over the wire.
package struct MailEnvelope: Hashable, Sendable {
    /// Why a mail is not sent.
    package enum Refusal: String, Error, CaseIterable, Hashable, Sendable, CustomStringConvertible {
        /// The sender is no address of ASCII without blanks and angle brackets.
        case sender
        /// The recipient is none.
        case recipient
        /// A line has more than 998 bytes.
        case lineTooLong = "line-too-long"
        /// The mail has another byte than ASCII without NUL, or a line end that is not CR and LF.
        case malformed

        package var description: String {
            switch self {
            case .sender: "the sender is no address of mail"
            case .recipient: "the recipient is no address of mail"
            case .lineTooLong: "a line of the mail has more than 998 bytes"
            case .malformed: "the mail has a byte or a line end that mail has not"
            }
        }
    }

    /// The most bytes of an address.
    private static let longestAddress = 254
    /// The most bytes of a line (RFC 5321, section 4.5.3.1.6), its end aside.
    private static let longestLine = 998

    let from: String
    let to: String
    /// The lines, with a second dot where one begins with a dot; the line of one dot that ends them is not among them.
    package let lines: [UInt8]

    /// Takes a mail.
    ///
    /// - Parameters:
    ///   - from: The sender's address.
    ///   - to: The recipient's address.
    ///   - message: Header and body in ASCII; each line, the last one too, ends with CR and LF.
    /// - Throws: why it is refused.
    package init(from: String, to: String, message: [UInt8]) throws(Refusal) {
        guard Self.isAddress(from) else { throw .sender }
        guard Self.isAddress(to) else { throw .recipient }
        self.from = from
        self.to = to
        let (return_, feed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var lines: [UInt8] = []
        var rest = message[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: return_), end + 1 < rest.endIndex,
                rest[end + 1] == feed
            else { throw .malformed }
            let line = rest[..<end]
            guard line.allSatisfy({ 0x01...0x7f ~= $0 && $0 != feed }) else { throw .malformed }
            guard line.count <= Self.longestLine else { throw .lineTooLong }
            if line.first == UInt8(ascii: ".") { lines.append(UInt8(ascii: ".")) }
            lines += rest[...(end + 1)]
            rest = rest[(end + 2)...]
        }
        self.lines = lines
    }

    private static func isAddress(_ text: String) -> Bool {
        let brackets = Array("<>".utf8)
        return (3...longestAddress).contains(text.utf8.count)
            && text.utf8.allSatisfy { 0x21...0x7e ~= $0 && !brackets.contains($0) }
            && text.utf8.contains(UInt8(ascii: "@"))
    }
}

extension MailEnvelope: Unprinted {
    package var description: String { "[mail of \(lines.count) bytes]" }
}
