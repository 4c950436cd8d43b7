import CloseoutEncodings

/// The two lines with which every file of minisign and signify begins: a comment and a value.
///
/// Implements "minisign" and "signify" of docs/signatures.md.
struct CommentedBlob {
    /// The comment, without the words before it; nobody has signed it.
    let comment: [UInt8]
    /// The value, decoded.
    let value: [UInt8]
    /// What comes after the two lines.
    let rest: ArraySlice<UInt8>
    /// Whether both lines end in CR LF.
    let endsInCRLF: Bool

    private static let prefix = Array("untrusted comment: ".utf8)
    private static let longestComment = 1024

    /// Reads the two lines.
    ///
    /// - Throws: `SignatureError.notText`, or `unprintable` for the comment.
    init(parsing file: [UInt8]) throws(SignatureError) {
        guard let blob = CommentedBlob(opening: file) else {
            throw .notText(expected: "a line `untrusted comment: …` and a line of base64")
        }
        try checkComment(blob.comment, longest: Self.longestComment, name: "untrusted comment")
        self = blob
    }

    /// Reads the two lines without verifying the comment; `nil` where there are none such.
    init?(opening file: [UInt8]) {
        var rest = file[...]
        endsInCRLF = rest.prefix { $0 != UInt8(ascii: "\n") }.last == UInt8(ascii: "\r")
        guard let first = takeLine(from: &rest, endingInCRLF: endsInCRLF),
            first.starts(with: Self.prefix),
            let second = takeLine(from: &rest, endingInCRLF: endsInCRLF),
            let value = Base64.decode(second)
        else { return nil }
        comment = Array(first.dropFirst(Self.prefix.count))
        self.value = value
        self.rest = rest
    }
}

/// Takes a line off the front, without its LF, which the last one may lack; `nil` at the end.
func takeLine(from text: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard !text.isEmpty else { return nil }
    let line = text.prefix { $0 != UInt8(ascii: "\n") }
    text = text.dropFirst(line.count + 1)
    return Array(line)
}

/// The same where CR LF ends every line; `nil` also for a line that LF alone ends.
func takeLine(from text: inout ArraySlice<UInt8>, endingInCRLF: Bool) -> [UInt8]? {
    let isLast = !text.contains(UInt8(ascii: "\n"))
    guard var line = takeLine(from: &text) else { return nil }
    guard endingInCRLF else { return line }
    if line.last == UInt8(ascii: "\r") {
        line.removeLast()
    } else if !isLast {
        return nil
    }
    return line
}

/// Whether nothing but empty lines is left.
func isEmptyLines(_ text: ArraySlice<UInt8>) -> Bool {
    text.isEmpty || text.last == UInt8(ascii: "\n") && withoutEmptyLines(Array(text)).isEmpty
}

/// Refuses a comment that is longer than the limit, or that a terminal would not show as it is.
///
/// Readers disagree on what a carriage return or NUL ends; a tab is what minisign itself writes.
func checkComment(_ comment: [UInt8], longest: Int, name: String) throws(SignatureError) {
    guard comment.count <= longest else { throw .lineTooLong(name, limit: longest) }
    let text = String(decoding: comment, as: UTF8.self)
    guard firstInvalidUTF8(in: comment) == nil,
        text.unicodeScalars.allSatisfy({ $0 == "\t" || $0.properties.generalCategory != .control })
    else { throw .unprintable(name) }
}
