/// Why bytes were not taken as a key, or a key could not be used.
package enum KeyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The bytes are no key in a form that is read here; the text says what is wrong with them.
    case notAKey(String)
    /// A key of a kind that is not in the closed list, or that this libcrypto does not have.
    case unsupported(String)
    /// A private key, in place of a public key.
    case isPrivate
    /// The private key is encrypted and no passphrase was given.
    case passphraseNeeded
    /// The private key is encrypted under another passphrase.
    case wrongPassphrase
    /// The key is too weak to be used at all.
    case weak(String)
    /// The signature algorithm is not one of the key's type.
    case algorithmMismatch(SignatureAlgorithm, KeyType)
    /// A call of libcrypto failed.
    case openSSL(OpenSSLError)

    /// What is wrong, on one line.
    package var description: String {
        switch self {
        case .notAKey(let reason): "not a key: \(reason)"
        case .unsupported(let what): "unsupported key: \(what)"
        case .isPrivate: "a private key, where a public key is needed"
        case .passphraseNeeded: "the private key is encrypted and needs a passphrase"
        case .wrongPassphrase: "the passphrase does not decrypt the private key"
        case .weak(let reason): "the key is too weak: \(reason)"
        case .algorithmMismatch(let algorithm, let type):
            "a key of type \(type.rawValue) cannot be used with \(algorithm.rawValue)"
        case .openSSL(let error): error.description
        }
    }
}

/// A value that is computed by libcrypto, inside a function that throws ``KeyError``.
func keyed<Value: ~Copyable>(
    _ body: @autoclosure () throws(OpenSSLError) -> Value
) throws(KeyError) -> Value {
    do {
        return try body()
    } catch {
        throw .openSSL(error)
    }
}
