internal import CloseoutOpenSSL
internal import CloseoutWorkflows

/// What a ``Signer`` is given.
public enum SignerInput: Hashable, Sendable {
    /// The message itself.
    case message
    /// The digest of the message, by the hash of the algorithm.
    case digest
}

/// Something that signs with one key, wherever that lies: in this process, on a token, in a service.
///
/// A service that signs digests by ECDSA, as most do:
///
/// ```swift
/// struct Service: Signer {
///     let publicKey: PublicKey
///     var input: SignerInput { .digest }
///
///     func sign(_ digest: [UInt8], with algorithm: SignatureAlgorithm) async throws -> [UInt8] {
///         try await client.sign(digest: digest, algorithm: algorithm.description)
///     }
/// }
/// ```
///
/// Whatever it answers is verified by its public key before anything is stored.
public protocol Signer: Sendable {
    /// The public half of the key.
    var publicKey: PublicKey { get }
    /// How it signs; by default the algorithm that the type of key implies.
    var algorithm: SignatureAlgorithm { get }
    /// What it takes.
    var input: SignerInput { get }

    /// Signs.
    ///
    /// - Parameters:
    ///   - input: The message or its digest, as ``input`` says.
    ///   - algorithm: How: ``algorithm``, or another of the key's type that a format demands.
    /// - Returns: The bare signature: DER for ECDSA, 64 bytes for Ed25519.
    /// - Throws: Why it does not sign, which ends the work with ``BundleError/signer(_:)``.
    func sign(_ input: [UInt8], with algorithm: SignatureAlgorithm) async throws -> [UInt8]
}

extension Signer {
    /// The algorithm that the type of key implies.
    public var algorithm: SignatureAlgorithm { SignatureAlgorithm(impliedBy: publicKey) }
}

/// A private key in this process.
public final class PrivateKey: Signer {
    private let inner: LocalKey

    /// Reads a private key in PEM or DER: PKCS#8, encrypted or not, a traditional EC or RSA key, or an
    /// unencrypted key of OpenSSH.
    ///
    /// - Parameters:
    ///   - bytes: The key.
    ///   - passphrase: What decrypts it; of no meaning for a key that is not encrypted.
    /// - Throws: ``KeyError``.
    public init(parsing bytes: [UInt8], passphrase: [UInt8]? = nil) throws(KeyError) {
        do {
            inner = LocalKey(
                try CloseoutOpenSSL.PrivateKey(parsing: bytes, passphrase: passphrase))
        } catch { throw KeyError(error) }
    }

    /// The public half of the key.
    public var publicKey: PublicKey { PublicKey(inner.publicKey) }

    /// The message: hashing is done here.
    public var input: SignerInput { .message }

    /// Signs a message.
    ///
    /// - Parameters:
    ///   - input: The message.
    ///   - algorithm: How; one of the key's type.
    /// - Returns: The bare signature.
    /// - Throws: ``KeyError/unsuitable(_:)`` for an algorithm of another type of key.
    public func sign(
        _ input: [UInt8], with algorithm: SignatureAlgorithm
    ) async throws -> [UInt8] {
        do { return try inner.privateKey.sign(input, algorithm: algorithm.inner) } catch {
            throw KeyError(error)
        }
    }
}

/// A signer of the caller as workflows take it.
struct AdaptedSigner: KeySigner {
    /// What the caller's signer threw, in words.
    struct Failure: Error {
        let words: String
    }

    let signer: any Signer

    var publicKey: CloseoutOpenSSL.PublicKey { signer.publicKey.inner }
    var algorithm: CloseoutOpenSSL.SignatureAlgorithm { signer.algorithm.inner }
    var input: CloseoutWorkflows.SignerInput { signer.input == .digest ? .digest : .message }

    func sign(
        _ input: [UInt8], with algorithm: CloseoutOpenSSL.SignatureAlgorithm
    ) async throws -> [UInt8] {
        do {
            return try await signer.sign(input, with: SignatureAlgorithm(algorithm))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Failure(words: "\(error)")
        }
    }
}
