package import OpenSSL

/// One signature as a file states it; nothing in it is believed.
///
/// Each format's folder has one type that conforms. What a signature counts for never comes from
/// here: the policy alone says that.
package protocol UnverifiedSignature: Sendable {
    /// What the signature says of the key that made it, for people to read; asserted.
    var hint: [UInt8]? { get }

    /// What a time-stamp of this one signature is over; `nil` for the whole file.
    var timeStampedBytes: [UInt8]? { get }

    /// How the signature stands to a key, before any mathematics.
    func relation(to key: any KeyMaterial) -> KeyRelation

    /// Checks the signature with one key and that key's one algorithm.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look; a refusal is a value.
    func verify(
        with key: any KeyMaterial, over content: SignedContent
    ) throws(OpenSSLError) -> SignatureVerdict
}

extension UnverifiedSignature {
    /// The whole file.
    package var timeStampedBytes: [UInt8]? { nil }
}

/// How a signature stands to a key, by what both say of themselves.
package enum KeyRelation: Equatable, Sendable {
    /// The signature names this very key: it must verify with it.
    case named
    /// The signature names no key, and this one is of a type and length that could have made it.
    case possible
    /// This key cannot have made it.
    case other
}

/// What checking a signature with one key found.
package enum SignatureVerdict: Equatable, Sendable {
    /// The key signed exactly the content in question.
    case verifies
    /// The key did not make this signature, for the reason given.
    case invalid(String)
    /// The key made this signature, over something else.
    case otherContent(String)
}
