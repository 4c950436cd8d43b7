package import OpenSSL

/// One signature as a file states it; nothing in it is believed.
///
/// Each format's folder has one type that conforms. What a signature counts for never comes from
/// here: the policy alone says that.
package protocol UnverifiedSignature: Sendable {
    /// What the signature says of the key that made it, for people to read; asserted.
    var hint: [UInt8]? { get }

    /// What it says besides, for people to read; asserted.
    var remark: SignatureRemark? { get }

    /// The algorithm that it states, where keys of its format have several.
    var statedAlgorithm: SignatureAlgorithm? { get }

    /// What a time-stamp of this one signature is over; `nil` for the whole file.
    var timeStampedBytes: [UInt8]? { get }

    /// Time-stamps of this one signature that came along with it, in DER; asserted.
    var timeStamps: [[UInt8]] { get }

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
    /// Nothing: most formats have no room for words.
    package var remark: SignatureRemark? { nil }
    /// Nothing: most keys have one algorithm.
    package var statedAlgorithm: SignatureAlgorithm? { nil }
    /// The whole file.
    package var timeStampedBytes: [UInt8]? { nil }
    /// None: most formats have no room for them.
    package var timeStamps: [[UInt8]] { [] }
}

/// Words that come with a signature.
///
/// They prove nothing, whoever signed them.
package struct SignatureRemark: Equatable, Sendable {
    /// The words; to be escaped when shown.
    package let text: [UInt8]
    /// Whether a valid signature covers them.
    package let isSigned: Bool
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
package enum SignatureVerdict: Sendable {
    /// The key signed exactly the content in question.
    case verifies
    /// So did this part of the key's material, which is judged in place of the whole.
    case verifiesAs(any KeyMaterial)
    /// The key did not make this signature, for the reason given.
    case invalid(String)
    /// The key made this signature, over something else.
    case otherContent(String)
}
