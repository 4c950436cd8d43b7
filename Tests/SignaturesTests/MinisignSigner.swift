import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// A key as minisign and signify have it, and what they write with it.
struct NumberedSigner: Sendable {
    let signer: Signer
    var number: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

    init() throws {
        self.init(signer: try Signer(.ed25519))
    }

    init(signer: Signer) {
        self.signer = signer
    }

    private func blob(_ algorithm: String, _ rest: [UInt8]) -> String {
        Base64.string(Array(algorithm.utf8) + number + rest)
    }

    /// A public key file; the tools differ in the comment alone.
    func publicKey(comment: String = "minisign public key 0807060504030201") throws -> [UInt8] {
        let raw = try #require(signer.publicKey.rawEd25519)
        return Array("untrusted comment: \(comment)\n\(blob("Ed", raw))\n".utf8)
    }

    /// A file of minisign, hashed or legacy.
    func minisign(
        _ message: [UInt8] = seal.bytes, legacy: Bool = false, trusted: String = "a trusted word"
    ) throws -> [UInt8] {
        let input = legacy ? message : try digest(.blake2b512, of: message)
        let signature = try signer.sign(input)
        let global = Base64.string(try signer.sign(signature + Array(trusted.utf8)))
        let value = blob(legacy ? "Ed" : "ED", signature)
        let text = "untrusted comment: words\n\(value)\ntrusted comment: \(trusted)\n\(global)\n"
        return Array(text.utf8)
    }

    /// A file of signify, with the message after the signature where it is embedded.
    func signify(_ message: [UInt8] = seal.bytes, embedded: Bool = false) throws -> [UInt8] {
        let text = "untrusted comment: verify with k.pub\n\(blob("Ed", try signer.sign(message)))\n"
        return Array(text.utf8) + (embedded ? message : [])
    }
}

/// An entry of a policy for a key in the form of its own tool.
func entry(
    _ id: String, _ format: String, _ key: [UInt8], _ members: [JSONMember] = []
) -> JSON {
    .object(
        [
            JSONMember("id", JSON(id)), JSONMember("operator", JSON(id)),
            JSONMember("format", JSON(format)), JSONMember("key", .string(key)),
        ] + members)
}

/// What a policy of one such key makes of a file over content; the first judgement.
func result(
    of file: [UInt8], _ format: SignatureFormat, by key: JSON, over content: SignedContent = seal
) throws -> SignatureResult {
    let policy = try policy([key], roles: ["release": rule(["k"])])
    return try #require(try verify(policy).verify(file, as: format, over: content).first)
}

extension SignatureResult.Outcome {
    /// The outcome's name and its reason.
    var described: String { "\(name): \(reason)" }

    /// The name of the outcome without its reason.
    var name: String {
        switch self {
        case .accepted: "accepted"
        case .malformed: "malformed"
        case .certificate: "certificate"
        case .keyless: "keyless"
        case .invalid: "invalid"
        case .otherContent: "otherContent"
        case .unknownKey: "unknownKey"
        case .notAcceptable: "notAcceptable"
        case .revoked: "revoked"
        case .outsideWindow: "outsideWindow"
        case .timeUnknown: "timeUnknown"
        }
    }
}

/// A text with one piece in place of another, which it must hold.
func replacing(_ piece: String, with other: String, in file: [UInt8]) throws -> [UInt8] {
    let range = try #require(file.firstRange(of: Array(piece.utf8)))
    return Array(file[..<range.lowerBound]) + Array(other.utf8) + Array(file[range.upperBound...])
}

/// The value in a line of base64, changed, and the file with the new value.
func changingValue(
    inLine index: Int, of file: [UInt8], _ change: (inout [UInt8]) -> Void
) throws -> [UInt8] {
    var lines = file.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    var value = try #require(Base64.decode(lines[index]))
    change(&value)
    lines[index] = Base64.encode(value)
    return Array(lines.joined(separator: [0x0A]))
}
