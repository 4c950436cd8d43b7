package import CloseoutEncodings
package import CloseoutOpenSSL

/// Why a file is not of the signature format that it is said to be.
package enum SignatureError: Error, Equatable, Sendable {
    /// The file has more bytes than a signature file may have.
    case tooLarge(limit: Int)
    /// The file is not the JSON that the format demands.
    case json(JSONError)
    /// The file is JSON of another shape.
    case shape(JSONShapeError)
    /// The file is no signed note.
    case note(NoteError)
    /// The file is not the CMS signature that is read here.
    case cms(CMSError)
    /// The file is not the text that the format demands, which is described.
    case notText(expected: String)
    /// The file is text in an encoding that no format has.
    case encoding(UnreadEncoding)
    /// The file is text, where the format has the bare bytes of a signature.
    case isText
    /// The signature's bytes have a length that no accepted algorithm produces.
    case wrongLength(Int)
    /// The file names an algorithm that is not accepted.
    case unknownAlgorithm([UInt8])
    /// The file is not the OpenPGP that is read here.
    case openPGP(OpenPGPError)
    /// The public key in the file is none that can be used.
    case key(KeyError)
    /// A line that people read has control characters in it or is not UTF-8.
    case unprintable(String)
    /// A line that people read is longer than its limit in bytes.
    case lineTooLong(String, limit: Int)
    /// The signed message is in the file, where a signature beside the message belongs.
    case embeddedMessage
    /// What is signed begins as a list of digests and is none, for the reason given.
    case digestList(String)
    /// A variant of the format that is not read, as described.
    case unsupported(String)
    /// Bytes follow after the end of the signature.
    case trailingBytes
    /// The file holds no signature.
    case noSignature
    /// The file holds more signatures than the limit.
    case tooManySignatures(limit: Int)
}

extension SignatureError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .json(let error): "\(error)"
        case .shape(let error): "\(error)"
        case .note(let error): "\(error)"
        case .cms(let error): "\(error)"
        case .notText(let expected): "expected \(expected)"
        case .encoding(let encoding): "\(encoding)"
        case .isText: "text, where the bare bytes of a signature belong"
        case .wrongLength(let length): "no accepted algorithm makes a signature of \(length) bytes"
        case .unknownAlgorithm(let name): "unknown algorithm \(printable(name))"
        case .openPGP(let error): "\(error)"
        case .key(let error): "its public key: \(error)"
        case .unprintable(let line): "the \(line) has control characters or is not UTF-8"
        case .lineTooLong(let line, let limit): "the \(line) is longer than \(limit) bytes"
        case .embeddedMessage: "holds a signed message, where a detached signature belongs"
        case .digestList(let reason): "what is signed is nearly a list of digests: \(reason)"
        case .unsupported(let what): what
        case .trailingBytes: "bytes follow after the signature"
        case .noSignature: "holds no signature"
        case .tooManySignatures(let limit): "holds more than \(limit) signatures"
        }
    }
}

extension SignatureError {
    /// Whether the file is sound as far as it could be read, and uses something that is not accepted;
    /// anything else is corrupt or of another format.
    var isUnsupported: Bool {
        switch self {
        case .unsupported: true
        case .openPGP(let error): error.isUnsupported
        case .key(.weak): true
        case .cms(.contentType): true
        case .tooLarge, .json, .shape, .note, .cms, .notText, .encoding, .isText, .wrongLength,
            .key,
            .unknownAlgorithm, .embeddedMessage, .digestList, .unprintable, .lineTooLong,
            .trailingBytes, .noSignature, .tooManySignatures:
            false
        }
    }
}
