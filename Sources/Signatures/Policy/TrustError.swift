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
    /// The policy has no key of this id.
    case noSuchKey(id: String)
    /// libcrypto could not compute a digest.
    case openSSL(OpenSSLError)
}

extension TrustError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let error): "trust policy: \(error)"
        case .content(let error): "trust policy: \(error)"
        case .notAPublicKey: "not a public key of a known format"
        case .noSuchKey(let id): "the trust policy has no key \(printable(id))"
        case .openSSL(let error): "\(error)"
        }
    }
}

/// Why the file of a policy key could not be read, in words; thrown by whoever reads files.
package struct MaterialError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    /// States the cause.
    package init(_ description: String) {
        self.description = description
    }
}
