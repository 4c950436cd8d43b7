package import CloseoutOpenSSL

/// One signature as a file states it; nothing in it is believed.
///
/// What a signature counts for never comes from here: the policy alone says that.
package enum UnverifiedSignature: Sendable {
    /// One that is checked with keys of the policy.
    case keyed(any KeyedSignature)
    /// One that names a certificate, whose chain decides.
    case certified(CMSSignature)
    /// One of a Sigstore bundle whose signer has a certificate that a trusted root decides on.
    case keyless(KeylessSignature)

    private var statement: any SignatureStatement {
        switch self {
        case .keyed(let signature): signature
        case .certified(let signature): signature
        case .keyless(let signature): signature
        }
    }
}

extension UnverifiedSignature: SignatureStatement {
    /// What the signature says of its key.
    package var hint: [UInt8]? { statement.hint }
    /// What it says besides.
    package var remark: SignatureRemark? { statement.remark }
    /// The algorithm that it states.
    package var statedAlgorithm: SignatureAlgorithm? { statement.statedAlgorithm }
    /// What a time-stamp of it covers.
    package var timeStampedBytes: [UInt8]? { statement.timeStampedBytes }
    /// The time-stamps that came along with it.
    package var timeStamps: [[UInt8]] { statement.timeStamps }
}

/// What a signature says of itself; all of it is asserted.
package protocol SignatureStatement: Sendable {
    /// What the signature says of the key that made it, for people to read.
    var hint: [UInt8]? { get }

    /// What it says besides, for people to read.
    var remark: SignatureRemark? { get }

    /// The algorithm that it states, where keys of its format have several.
    var statedAlgorithm: SignatureAlgorithm? { get }

    /// What a time-stamp of this one signature covers; `nil` for the whole file.
    var timeStampedBytes: [UInt8]? { get }

    /// Time-stamps of this one signature that came along with it, in DER.
    var timeStamps: [[UInt8]] { get }
}

extension SignatureStatement {
    /// Nothing: most formats have no room for words.
    package var remark: SignatureRemark? { nil }
    /// Nothing: most keys have one algorithm.
    package var statedAlgorithm: SignatureAlgorithm? { nil }
    /// The whole file.
    package var timeStampedBytes: [UInt8]? { nil }
    /// None: most formats have no room for them.
    package var timeStamps: [[UInt8]] { [] }
}

/// A signature that is checked with keys of the policy, one at a time.
///
/// Each format whose signatures name no certificates has one type that conforms.
package protocol KeyedSignature: SignatureStatement {
    /// Why it cannot count for anything, whoever made it; `nil` where it can.
    var unacceptable: NotAcceptable? { get }

    /// What the signature and a key say of each other, before any mathematics.
    func relation(to key: PolicyKeyValue) -> KeyRelation

    /// What checking it with these keys of the policy asks of the content.
    func needs(of keys: [PolicyKey]) -> MessageNeeds

    /// Checks the signature with one key and the algorithm that the policy has for it.
    ///
    /// - Throws: `OpenSSLError` when libcrypto could not look; all else is a value.
    func check(
        with key: PolicyKeyValue, over content: CheckedContent
    ) throws(OpenSSLError) -> SignatureCheck

    /// Whether a public key made it over the content, under whichever algorithm; nothing is counted by
    /// this, it only finds out why a signature does not count.
    ///
    /// - Returns: What the maker of the signature should know; `nil` where the key did not make it.
    /// - Throws: `OpenSSLError` when libcrypto could not look.
    func diagnosis(
        by key: PublicKey, of entry: PolicyKey, over content: CheckedContent
    ) throws(OpenSSLError) -> NotAcceptable?
}

extension KeyedSignature {
    /// Nothing: most formats are refused whole for what they state.
    package var unacceptable: NotAcceptable? { nil }

    /// Nothing: what carries its content along is compared with the content, and checked by itself.
    package func needs(of keys: [PolicyKey]) -> MessageNeeds { MessageNeeds() }
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

/// What a signature and a key say of each other.
package enum KeyRelation: Equatable, Sendable {
    /// The signature names this very key: it must verify with it.
    case named
    /// The signature names no key, and this one is of a type and length that could have made it.
    case possible
    /// This key cannot have made it.
    case other
}
