package import CloseoutOpenSSL

/// A Sigstore bundle, version 0.1 to 0.3, whose signer is a managed public key.
///
/// Nothing in it is believed: the key is looked for in the policy, no transparency log is asked,
/// and no trust root is read. Implements "Sigstore" of docs/signatures.md.
package struct SigstoreBundle: Equatable, Sendable {
    /// What the signature covers.
    package let content: Content
    /// The signature as it is, which is also what the time-stamps cover.
    package let signature: [UInt8]
    /// What the bundle says of its key; empty when it says nothing.
    package let keyHint: [UInt8]
    /// How many transparency log entries came along; they are read and not verified.
    package let logEntryCount: Int
    /// The RFC 3161 responses that came along, in DER.
    package let timestamps: [[UInt8]]

    /// The two things that a bundle's signature can be over.
    package enum Content: Equatable, Sendable {
        /// The bytes of a file beside the bundle, of which it may state a digest.
        case message(StatedDigest?)
        /// The DSSE encoding of a payload in the bundle and its type.
        case envelope(payloadType: [UInt8], payload: [UInt8])
    }

    /// The digest that a bundle states of the signed message; for finding the message, no proof.
    package struct StatedDigest: Equatable, Sendable {
        /// The hash function.
        package let algorithm: DigestAlgorithm
        /// The digest, as long as the function's.
        package let bytes: [UInt8]
    }

    /// The media type that new bundles state.
    static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// How the media types of all versions begin.
    static let mediaTypePrefix = "application/vnd.dev.sigstore.bundle"

    /// The media types of the versions that are read.
    static let readableMediaTypes =
        ["0.1", "0.2", "0.3"].map { "\(mediaTypePrefix)+json;version=\($0)" } + [mediaType]

    /// The log entries, and the time-stamps, that a bundle may have at most.
    static let mostCompanions = 32
}

extension DigestAlgorithm {
    /// Sigstore's name for the hash function; `nil` where it has none.
    var sigstoreName: String? {
        switch self {
        case .sha256: "SHA2_256"
        case .sha384: "SHA2_384"
        case .sha512: "SHA2_512"
        case .blake2b512: nil
        }
    }
}
