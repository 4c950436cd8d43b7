package import Encodings
package import OpenSSL

/// Why a trust policy cannot be used.
package enum TrustError: Error, Equatable, Sendable {
    /// The policy is not JSON that the strict reader takes.
    case syntax(JSONError)
    /// Something in it is missing, unknown or not allowed; the error names the place.
    case content(JSONShapeError)
    /// The text or file is no public key of a format that is known.
    case notAPublicKey
    /// The file is text in an encoding that no format has.
    case encoding(UnreadEncoding)
    /// A line of a file of SSH keys cannot be used, for the reason given; lines count from 1.
    case signerLine(Int, String)
    /// The text or file is no public key that can be used, for the reason given.
    case key(KeyError)
    /// The key is too long to stand in a policy, and is in no file that the policy could name.
    case keyTooLong(limit: Int)
    /// The policy has no key of this id.
    case noSuchKey(id: String)
    /// The key is revoked in a way that the change would soften.
    case revokedAlready(id: String, at: Instant, reason: PolicyKey.Reason)
    /// libcrypto could not compute a digest.
    case openSSL(OpenSSLError)
}

extension TrustError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let error): "trust policy: \(error)"
        case .content(let error): "trust policy: \(error)"
        case .notAPublicKey: "not a public key of a known format"
        case .encoding(let encoding): "\(encoding); \(encoding.remedy)"
        case .signerLine(let line, let reason): "line \(line): \(reason)"
        case .key(let error): "\(error)"
        case .keyTooLong(let limit): "the key as text has more than \(limit) bytes"
        case .noSuchKey(let id): "there is no key \(printable(id))"
        case .revokedAlready(let id, let instant, let reason):
            "\(id) is revoked already, as \(reason.rawValue) at \(instant)"
        case .openSSL(let error): "\(error)"
        }
    }
}
