package import CloseoutOpenSSL

/// Why bytes are no signed note, no checkpoint or no verifier key, or why none could be made.
package enum NoteError: Error, Equatable, Sendable {
    /// The note has more bytes than the limit.
    case tooLarge(limit: Int)
    /// The note has more signatures than the limit.
    case tooManySignatures(limit: Int)
    /// The bytes from an index on are not UTF-8.
    case invalidUTF8(offset: Int)
    /// A control character other than the line feed is at an index.
    case controlCharacter(offset: Int)
    /// The text does not end in a line feed.
    case unterminatedText
    /// No blank line with signatures after it ends the note.
    case noSignatures
    /// A line after the text is no signature; the first line of the note is line 1.
    case malformedSignature(line: Int)
    /// A key name is empty or holds a space or a plus sign.
    case malformedName([UInt8])
    /// The text of a verifier key is wrong; the reason says how.
    case malformedVerifierKey(reason: String)
    /// A line of a checkpoint is wrong; the reason says how.
    case malformedCheckpoint(line: Int, reason: String)
    /// A key of this type signs no notes of this kind.
    case unsuitableKey(KeyType)
    /// The key could not be read or used.
    case key(KeyError)
    /// libcrypto failed.
    case openSSL(OpenSSLError)
}

extension NoteError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let limit): "signed note larger than \(limit) bytes"
        case .tooManySignatures(let limit): "signed note with more than \(limit) signatures"
        case .invalidUTF8(let offset): "signed note with invalid UTF-8 at byte \(offset)"
        case .controlCharacter(let offset): "signed note with a control character at byte \(offset)"
        case .unterminatedText: "the text of a signed note must end in a line feed"
        case .noSignatures: "signed note without a blank line and signatures after its text"
        case .malformedSignature(let line): "line \(line) of the signed note is no signature"
        case .malformedName(let name): "\"\(printable(name))\" cannot be the name of a note's key"
        case .malformedVerifierKey(let reason): "malformed verifier key: \(reason)"
        case .malformedCheckpoint(let line, let reason): "line \(line) of the checkpoint \(reason)"
        case .unsuitableKey(let type): "a key of type \(type.rawValue) cannot sign this note"
        case .key(let error): "\(error)"
        case .openSSL(let error): "\(error)"
        }
    }
}
