/// The result of checking a signature with one key: one of four, of which the fourth, that libcrypto
/// could not look, is thrown.
///
/// Implements "The result of one check" of docs/signatures.md.
package enum SignatureCheck: Sendable {
    /// The key signed exactly the content in question.
    case verifies
    /// So did this one key of the entry, which is looked at in place of the whole.
    case verifiesAs(OpenPGPKeyPart)
    /// The signature is corrupt, another key's, or over something else.
    case wrong(Defect)
    /// Nothing shows that it is wrong, and yet it cannot count.
    case notAcceptable(NotAcceptable)

    /// Whether the key signed the content.
    var isVerified: Bool {
        switch self {
        case .verifies, .verifiesAs: true
        case .wrong, .notAcceptable: false
        }
    }

    /// What is wrong with a signature.
    package enum Defect: Equatable, Sendable {
        /// It does not verify, for the reason given.
        case invalid(String)
        /// The key made it, over something else.
        case otherContent(String)
    }
}

/// Why a signature cannot count although nothing shows that it is wrong.
package struct NotAcceptable: Equatable, Sendable {
    /// What it is that is not accepted, which decides the check that reports it.
    package let kind: Kind
    /// The reason in one sentence without a full stop, made by the check that found it.
    package let reason: String
    /// What the signer or the policy's owner can do; `nil` where nothing can be done.
    package let remedy: String?
    /// Whether the key that the result names is known to have made the signature.
    package let isByKey: Bool

    /// The things that are not accepted.
    package enum Kind: Equatable, Sendable {
        /// The key or the algorithm: too weak, or not in the closed list.
        case algorithm
        /// The form of the signature: a version, type or variant that is not read.
        case form
        /// The key that made it may not make such signatures.
        case key
        /// The signer's certificate is not at hand: it can count once it is.
        case missingCertificate
        /// A certificate that came along cannot be read.
        case corruptCertificate
    }

    /// States what is not accepted.
    init(_ kind: Kind, _ reason: String, remedy: String? = nil, isByKey: Bool = false) {
        self.isByKey = isByKey
        self.kind = kind
        self.reason = reason
        self.remedy = remedy
    }
}

extension NotAcceptable {
    /// The keys that the policy has were tried as it has them, and in no other way.
    static var reasonNotSought: NotAcceptable {
        NotAcceptable(
            .key,
            "no key of the policy made it in the way that the policy has for the key; other ways were "
                + "not tried, as there are too many signatures")
    }
}
