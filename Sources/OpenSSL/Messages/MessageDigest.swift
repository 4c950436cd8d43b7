/// One digest that a signature may be over: of a message, in the form that the signer gave it, and of
/// what the signer put behind it.
package struct MessageDigest: Hashable, Sendable {
    /// How it is computed.
    let algorithm: DigestAlgorithm
    /// What the signer made of the message first.
    let form: MessageForm
    /// What comes behind the message.
    let suffix: [UInt8]

    package init(
        _ algorithm: DigestAlgorithm, of form: MessageForm = .itself,
        followedBy suffix: [UInt8] = []
    ) {
        self.algorithm = algorithm
        self.form = form
        self.suffix = suffix
    }
}

/// What a signer makes of a message before it is signed.
package enum MessageForm: CaseIterable, Sendable {
    /// Nothing: the bytes are signed as they are.
    case itself
    /// Text, whose lines end in CR LF.
    case text
    /// The same, behind the header of a mail's text.
    case mail

    /// The forms of a signer in text mode.
    static let textForms: [MessageForm] = [.text, .mail]

    /// What comes before the message.
    var header: [UInt8] {
        self == .mail ? Array("Content-Type: text/plain\r\n\r\n".utf8) : []
    }
}

/// Gives each line of a text the end CR LF, piece by piece: whatever returns were before its line feed.
struct TextLines {
    /// Returns that have come and may belong to a line's end.
    private var returns = 0
    private var output: [UInt8] = []

    private static let outputSize = 1 << 16
    private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

    /// Takes the next piece.
    mutating func convert(
        _ piece: borrowing Span<UInt8>, _ take: (borrowing Span<UInt8>) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) {
        for index in 0..<piece.count {
            let byte = piece[index]
            if byte == Self.carriageReturn {
                returns += 1
                continue
            }
            if byte == Self.lineFeed { returns = 1 }
            try giveReturns(take)
            output.append(byte)
        }
        try give(take)
    }

    /// Ends the text.
    mutating func end(
        _ take: (borrowing Span<UInt8>) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) {
        try giveReturns(take)
        try give(take)
    }

    private mutating func giveReturns(
        _ take: (borrowing Span<UInt8>) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) {
        while returns > 0 {
            output.append(Self.carriageReturn)
            returns -= 1
            if output.count >= Self.outputSize { try give(take) }
        }
    }

    private mutating func give(
        _ take: (borrowing Span<UInt8>) throws(OpenSSLError) -> Void
    ) throws(OpenSSLError) {
        try take(output.span)
        output.removeAll(keepingCapacity: true)
    }
}
