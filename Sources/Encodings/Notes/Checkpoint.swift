package import CloseoutOpenSSL

/// What a log commits to: its size and Merkle root, as the text of a signed note.
///
/// The three lines of C2SP's tlog-checkpoint; extension lines are refused. Implements "Checkpoint"
/// of docs/log.md.
package struct Checkpoint: Equatable, Sendable {
    /// The name of the log: UTF-8, not empty, one line.
    package let origin: [UInt8]
    /// The number of leaves.
    package let size: UInt64
    /// The Merkle root over the leaves.
    package let root: SHA256Digest

    package init(origin: [UInt8], size: UInt64, root: SHA256Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// Reads the text of a note.
    ///
    /// - Throws: `NoteError.malformedCheckpoint` for anything but the exact form.
    package init(parsing text: [UInt8]) throws(NoteError) {
        let lines = text.split(separator: 0x0A, maxSplits: 4, omittingEmptySubsequences: false)
            .map { Array($0) }
        guard lines.count <= 4 else {
            throw .malformedCheckpoint(line: 4, reason: "is an extension line")
        }
        guard lines.count == 4, lines[3].isEmpty else {
            throw .malformedCheckpoint(line: lines.count, reason: "is missing or unterminated")
        }
        guard !lines[0].isEmpty else {
            throw .malformedCheckpoint(line: 1, reason: "names no origin")
        }
        guard let size = Self.size(lines[1]) else {
            throw .malformedCheckpoint(line: 2, reason: "is not a size in decimal")
        }
        guard let bytes = Base64.decode(lines[2]), let root = SHA256Digest(bytes) else {
            throw .malformedCheckpoint(line: 3, reason: "is not 32 bytes in padded base64")
        }
        self.init(origin: lines[0], size: size, root: root)
    }

    /// The text to be signed as a note.
    package var text: [UInt8] {
        origin + "\n\(size)\n".utf8 + Base64.encode(root.bytes) + "\n".utf8
    }

    /// Reads a decimal number without leading zeros; nil beyond 64 bits.
    private static func size(_ digits: [UInt8]) -> UInt64? {
        let text = String(decoding: digits, as: UTF8.self)
        guard let size = UInt64(text), Array(String(size).utf8) == digits else { return nil }
        return size
    }
}
