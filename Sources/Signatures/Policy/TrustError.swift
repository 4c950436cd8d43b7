package import CloseoutEncodings
package import CloseoutOpenSSL

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
    /// A file of another kind, such as an archive, in place of a key.
    case foreign(ForeignFile)
    /// A line of a file of SSH keys cannot be used, for the reason given; lines count from 1.
    case signerLine(Int, String)
    /// The text or file is no public key that can be used, for the reason given.
    case key(KeyError)
    /// The key is too long to be in a policy, and is in no file that the policy could name.
    case keyTooLong(limit: Int)
    /// The policy has no key of this id.
    case noSuchKey(id: String)
    /// The rule of a role cannot be changed as it was asked for.
    case rule(Role, RuleDefect)
    /// The key is revoked in a way that the change would soften.
    case revokedAlready(id: String, at: Instant, reason: PolicyKey.Reason)
    /// libcrypto could not compute a digest.
    case openSSL(OpenSSLError)

    /// Why a role cannot have a rule.
    package enum RuleDefect: Equatable, Sendable {
        /// The policy does not define the role, and no key was added to it.
        case absent
        /// No key would be left.
        case empty
        /// The key that is to be added serves the role already.
        case servedAlready(by: String)
        /// The key that is to be removed does not serve the role.
        case notServed(by: String)
        /// It would take more operators than its keys have.
        case outOfReach(threshold: Int, operators: Int)
    }
}

extension TrustError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let error): "trust policy: \(error)"
        case .content(let error): "trust policy: \(error)"
        case .notAPublicKey: "not a public key of a known format"
        case .encoding(let encoding): "\(encoding); \(encoding.remedy)"
        case .foreign(let file):
            "\(file), where a public key belongs"
                + (file.isArchive ? "; unpack it and give the key file in it" : "")
        case .signerLine(let line, let reason): "line \(line): \(reason)"
        case .key(let error): "\(error)"
        case .keyTooLong(let limit): "the key as text has more than \(limit) bytes"
        case .noSuchKey(let id): "there is no key \(printable(id))"
        case .revokedAlready(let id, let instant, let reason):
            "\(id) was revoked already (\(reason.name)) at \(instant)"
        case .rule(let role, let defect): "role \(role.rawValue): \(defect)"
        case .openSSL(let error): "\(error)"
        }
    }
}

extension TrustError.RuleDefect: CustomStringConvertible {
    package var description: String {
        switch self {
        case .absent: "the policy does not define it, and no key was added to it"
        case .empty: "no key would be left"
        case .servedAlready(let id): "\(id) serves it already"
        case .notServed(let id): "\(id) does not serve it"
        case .outOfReach(let threshold, let operators):
            "it would need \(threshold) operators, and its keys have \(operators)"
        }
    }
}
