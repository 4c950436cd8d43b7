import CloseoutCOpenSSL

/// The message digests in use (docs/signatures.md).
package enum DigestAlgorithm: String, CaseIterable, Sendable {
    case sha256
    case sha384
    case sha512
    case blake2b512

    /// The length of a digest in bytes.
    package var size: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512, .blake2b512: 64
        }
    }

    /// The name that libcrypto has for it.
    var libraryName: String {
        switch self {
        case .sha256: "SHA2-256"
        case .sha384: "SHA2-384"
        case .sha512: "SHA2-512"
        case .blake2b512: "BLAKE2B-512"
        }
    }

    /// The implementation, fetched once a process: a fetch costs more than hashing a short line.
    func implementation() throws(OpenSSLError) -> DigestImplementation {
        switch self {
        case .sha256: try Self.fetchedSHA256.get()
        case .sha384: try Self.fetchedSHA384.get()
        case .sha512: try Self.fetchedSHA512.get()
        case .blake2b512: try Self.fetchedBLAKE2b512.get()
        }
    }

    private static let fetchedSHA256 = DigestImplementation.fetch(.sha256)
    private static let fetchedSHA384 = DigestImplementation.fetch(.sha384)
    private static let fetchedSHA512 = DigestImplementation.fetch(.sha512)
    private static let fetchedBLAKE2b512 = DigestImplementation.fetch(.blake2b512)
}

/// An `EVP_MD` that lives as long as the process.
///
/// `@unchecked Sendable`: a fetched `EVP_MD` is never changed, and its count of references is atomic.
@safe struct DigestImplementation: @unchecked Sendable {
    /// The `EVP_MD`.
    let pointer: OpaquePointer

    static func fetch(_ algorithm: DigestAlgorithm) -> Result<DigestImplementation, OpenSSLError> {
        Result { () throws(OpenSSLError) in
            let library = try Library.shared()
            guard let digest = unsafe EVP_MD_fetch(library.context, algorithm.libraryName, nil)
            else { throw .taken(after: "EVP_MD_fetch") }
            return unsafe DigestImplementation(pointer: digest)
        }
    }
}
