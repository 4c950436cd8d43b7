/// A C2SP signed note: a text and signatures over it, not yet verified.
///
/// Implements "Signed notes" of docs/log.md. What it was read from and `encoded` are the same bytes.
package struct SignedNote: Equatable, Sendable {
    /// The text that is signed, which ends in a line feed.
    package let text: [UInt8]
    /// The signatures in their order; never none in a note that was read.
    package private(set) var signatures: [NoteSignature]

    /// The most bytes of a note.
    package static let largestSize = 1 << 20
    /// The most signatures of a note.
    package static let mostSignatures = 100

    /// Puts a note together.
    ///
    /// - Throws: `NoteError` for a text that a note cannot hold or too many signatures.
    package init(text: [UInt8], signatures: [NoteSignature] = []) throws(NoteError) {
        guard text.last == Self.lineFeed else { throw .unterminatedText }
        try Self.check(text)
        self.text = text
        self.signatures = []
        for signature in signatures { try append(signature) }
    }

    /// Reads a note.
    ///
    /// - Throws: `NoteError` for anything but the exact form.
    package init(parsing bytes: [UInt8]) throws(NoteError) {
        try Self.check(bytes)
        guard let end = Self.endOfText(in: bytes), bytes.last == Self.lineFeed else {
            throw .noSignatures
        }
        let text = Array(bytes[..<end])
        let lines = bytes[(end + 1)...].dropLast().split(
            separator: Self.lineFeed, maxSplits: Self.mostSignatures,
            omittingEmptySubsequences: false)
        guard lines.count <= Self.mostSignatures else {
            throw .tooManySignatures(limit: Self.mostSignatures)
        }
        var lineNumber = text.count { $0 == Self.lineFeed } + 1
        var signatures: [NoteSignature] = []
        for line in lines {
            lineNumber += 1
            guard let signature = NoteSignature(line: line) else {
                throw .malformedSignature(line: lineNumber)
            }
            signatures.append(signature)
        }
        self.text = text
        self.signatures = signatures
    }

    /// Adds a signature line at the end.
    ///
    /// - Throws: `NoteError.tooManySignatures`.
    package mutating func append(_ signature: NoteSignature) throws(NoteError) {
        guard signatures.count < Self.mostSignatures else {
            throw .tooManySignatures(limit: Self.mostSignatures)
        }
        signatures.append(signature)
    }

    /// The note as it is stored and sent.
    package var encoded: [UInt8] {
        signatures.reduce(into: text + [Self.lineFeed]) { $0 += $1.encodedLine }
    }

    private static let lineFeed: UInt8 = 0x0A

    private static func check(_ bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= largestSize else { throw .tooLarge(limit: largestSize) }
        if let offset = firstInvalidUTF8(in: bytes) { throw .invalidUTF8(offset: offset) }
        if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != lineFeed }) {
            throw .controlCharacter(offset: offset)
        }
    }

    /// The index of the last blank line that has something after it; the text may hold blank lines.
    private static func endOfText(in bytes: [UInt8]) -> Int? {
        (1..<max(1, bytes.count)).last {
            bytes[$0 - 1] == lineFeed && bytes[$0] == lineFeed
        }.flatMap { $0 + 1 < bytes.count ? $0 : nil }
    }
}
