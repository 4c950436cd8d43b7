/// One certificate's entry in a revocation list.
package struct Revocation: Equatable, Sendable {
    /// Who was revoked: the subject as in RFC 4514, in UTF-8.
    package let subject: [UInt8]
    /// When, in seconds since 1970.
    package let at: Int64
    /// Whether somebody else may have the key.
    package let isKeyCompromise: Bool
    /// Whether the list says that nobody else had the key: it is superseded, out of use, its holder's
    /// affiliation has changed, or the reason is given as unspecified; without a reason it is unknown.
    package let isOrderly: Bool
    /// Since when the key was in doubt, in seconds since 1970, if the list says so.
    package let invalidSince: Int64?

    /// What may have been so at any time.
    static func unreadable(_ subject: [UInt8]) -> Revocation {
        Revocation(
            subject: subject, at: .min, isKeyCompromise: true, isOrderly: false, invalidSince: nil)
    }
}

/// A certificate that no list covers.
package struct RevocationGap: Equatable, Sendable {
    /// Whose it is: the subject as in RFC 4514, in UTF-8.
    package let subject: [UInt8]
    /// Why not, as what a sentence says of the lists at hand.
    package let reason: String
}

/// What a list says of a certificate of a chain, where nobody knows whether it speaks for it.
package struct RevocationDoubt: Equatable, Sendable {
    /// What it says.
    package let entry: Revocation
    /// Why that is not known, without a full stop.
    package let reason: String

    static let tooMuch =
        "a list says so, and there are more certificates and lists of its issuer than are checked"
    static let noPath =
        "a list says so, and the chain of the certificate that signed it breaks a rule"
    static func unchecked(_ algorithm: String) -> String {
        "a list says so, and its signature, by \(algorithm), cannot be checked here"
    }
}
