/// One signature line of a signed note.
package struct NoteSignature: Equatable, Sendable {
    /// The name of the signer's key: not empty, without spaces and plus signs.
    package let name: [UInt8]
    /// Four bytes that, with the name, say which key it is and prove nothing.
    package let keyID: [UInt8]
    /// What follows the key id: for most kinds the signature alone.
    package let bytes: [UInt8]

    private static let lineStart = Array("\u{2014} ".utf8)

    /// Puts a signature together.
    ///
    /// - Throws: `NoteError.malformedName`; `malformedSignature` of line 0 for a key id that is not
    ///   four bytes or for no bytes at all.
    package init(name: [UInt8], keyID: [UInt8], bytes: [UInt8]) throws(NoteError) {
        guard Self.isName(name) else { throw .malformedName(name) }
        guard keyID.count == 4, !bytes.isEmpty else { throw .malformedSignature(line: 0) }
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// Reads a line without its line feed; nil when it is no signature.
    init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: Self.lineStart) else { return nil }
        let fields = line.dropFirst(Self.lineStart.count)
            .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count == 2, Self.isName(Array(fields[0])),
            let blob = Base64.decode(Array(fields[1])), blob.count > 4
        else { return nil }
        name = Array(fields[0])
        keyID = Array(blob.prefix(4))
        bytes = Array(blob.dropFirst(4))
    }

    /// The line, with its line feed.
    var encodedLine: [UInt8] {
        Self.lineStart + name + " ".utf8 + Base64.encode(keyID + bytes) + "\n".utf8
    }

    /// Whether bytes can name a key: UTF-8, not empty, no white space, no plus sign.
    static func isName(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, firstInvalidUTF8(in: name) == nil else { return false }
        return String(decoding: name, as: UTF8.self).unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
        }
    }
}
