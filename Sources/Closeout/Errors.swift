internal import CloseoutBundles
internal import CloseoutEncodings
internal import CloseoutFiles
internal import CloseoutManifests
internal import CloseoutOpenSSL
internal import CloseoutSignatures
internal import CloseoutWorkflows

/// Why bytes or a text are not of the form that they are said to be.
public enum FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A text names no release.
    case release(String)
    /// A file is no inclusion proof.
    case proof(String)
    /// A file is no checkpoint.
    case checkpoint(String)
    /// A file holds no criteria, or there is no profile of the name.
    case criteria(String)
    /// There is no such kind of record, or its fields are not those of the kind.
    case record(String)

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .release(let reason): "release: \(reason)"
        case .proof(let reason): "proof: \(reason)"
        case .checkpoint(let reason): "checkpoint: \(reason)"
        case .criteria(let reason): "criteria: \(reason)"
        case .record(let reason): "record: \(reason)"
        }
    }
}

/// Why a trust policy cannot be used.
public enum TrustError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The policy is not of its form; the words name the place in it.
    case policy(String)
    /// The key that is to be trusted cannot be used.
    case key(String)

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .policy(let reason): reason
        case .key(let reason): "key: \(reason)"
        }
    }
}

/// Why a key cannot be used.
public enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no key in a form that is read here.
    case malformed(String)
    /// A private key is given where a public key belongs.
    case isPrivate
    /// The private key is encrypted, and no passphrase was given.
    case passphraseNeeded
    /// The private key is encrypted under another passphrase.
    case wrongPassphrase
    /// The key is of a kind that is not used here, or too weak.
    case unsuitable(String)

    init(_ error: CloseoutOpenSSL.KeyError) {
        self =
            switch error {
            case .notAKey(let reason): .malformed(reason)
            case .isPrivate: .isPrivate
            case .passphraseNeeded: .passphraseNeeded
            case .wrongPassphrase: .wrongPassphrase
            case .unsupported, .weak, .algorithmMismatch, .openSSL: .unsuitable("\(error)")
            }
    }

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .malformed(let reason): "not a key: \(reason)"
        case .isPrivate: "a private key, where a public key is needed"
        case .passphraseNeeded: "the private key is encrypted and needs a passphrase"
        case .wrongPassphrase: "the passphrase does not decrypt the private key"
        case .unsuitable(let reason): reason
        }
    }
}

/// Why something could not be verified: there is no result then, neither a good nor a bad one.
///
/// What is wrong with a release is not an error: it is a ``Finding`` of the ``Report``.
public enum VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no bundle at the path.
    case notABundle(path: String, reason: String)
    /// What is to be verified is not of its form.
    case malformed(String)
    /// The system did not let a file be read.
    case unreadable(path: String, reason: String)
    /// The signature is of no format that is known, or of several: name one of them.
    case unknownFormat(candidates: [String])
    /// The source did not give its bytes, or not in the way that the signature needs.
    case source(String)
    /// The task was cancelled.
    case cancelled
    /// Libcrypto could not compute.
    case failed(String)

    init(_ error: any Error) {
        self =
            switch error {
            case let error as VerificationError: error
            case let error as CloseoutBundles.BundleError: VerificationError(bundle: error)
            case WorkflowError.bundle(let error): VerificationError(bundle: error)
            case WorkflowError.file(let error): VerificationError(file: error)
            case WorkflowError.manifest(let error): VerificationError(error)
            case WorkflowError.malformed(let error): VerificationError(error)
            case let error as FileError: VerificationError(file: error)
            case ManifestError.file(let error): VerificationError(file: error)
            case let error as ManifestError: .malformed("\(error)")
            case let error as ByteSourceError: .source("\(error)")
            case is CancellationError: .cancelled
            default: .failed("\(error)")
            }
    }

    private init(bundle error: CloseoutBundles.BundleError) {
        self =
            switch error {
            case .notABundle(let path, let reason):
                .notABundle(path: printable(path), reason: reason)
            case .file(let error): VerificationError(file: error)
            case .failed(let reason): .failed(reason)
            default: .malformed("\(error)")
            }
    }

    private init(file error: FileError) {
        self =
            [.interrupted, .cancelled].contains(error.cause)
            ? .cancelled : .unreadable(path: printable(error.path), reason: error.problem)
    }

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .notABundle(let path, let reason): "\(path) is not a bundle: \(reason)"
        case .malformed(let reason): reason
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .unknownFormat(let candidates) where candidates.isEmpty:
            "the signature is of no known format"
        case .unknownFormat(let candidates):
            "the signature may be of several formats: \(candidates.joined(separator: ", "))"
        case .source(let reason): "the signed bytes: \(reason)"
        case .cancelled: "the task was cancelled"
        case .failed(let reason): reason
        }
    }
}

/// Why a bundle could not be made or appended to: it is as it was, or not there.
public enum BundleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no bundle at the path.
    case notABundle(path: String, reason: String)
    /// There is something at the path where a bundle was to be made.
    case exists(path: String, reason: String)
    /// What was to be stored is not of its form, or does not verify, or what was asked for is not done.
    case refused(String, hint: String?)
    /// What was to be stored holds a private key.
    case privateKey(path: String)
    /// The log is not what its checkpoint committed, so nothing is appended.
    case logInDoubt(String)
    /// Another process holds the lock of the bundle.
    case locked(path: String)
    /// The system did not let a file be read or written.
    case inaccessible(path: String, reason: String)
    /// The signer did not sign.
    case signer(String)
    /// The task was cancelled.
    case cancelled
    /// Libcrypto could not compute, or a limit was passed.
    case failed(String)

    init(_ error: any Error) {
        self =
            switch error {
            case let error as BundleError: error
            case let error as WorkflowError: BundleError(workflow: error)
            case let error as CloseoutBundles.BundleError: BundleError(bundle: error)
            case let error as FileError: BundleError(file: error)
            case ManifestError.file(let error): BundleError(file: error)
            case let error as ManifestError: .refused("\(error)", hint: nil)
            case let error as TrustError: .refused("\(error)", hint: nil)
            case let error as AdaptedSigner.Failure: .signer(error.words)
            case is CancellationError: .cancelled
            default: .failed("\(error)")
            }
    }

    private init(workflow error: WorkflowError) {
        self =
            switch error {
            case .refused(let refusal): .refused(refusal.message, hint: refusal.hint)
            case .bundle(let error): BundleError(bundle: error)
            case .manifest(let error): BundleError(error)
            case .file(let error): BundleError(file: error)
            case .openSSL(let error): .failed("\(error)")
            case .malformed(let error) where Self.isKnown(error): BundleError(error)
            case .malformed(let error): .refused("\(error)", hint: nil)
            }
    }

    /// Whether an error says by its type why nothing was done.
    private static func isKnown(_ error: any Error) -> Bool {
        error is AdaptedSigner.Failure || error is CancellationError || error is BundleError
    }

    private init(bundle error: CloseoutBundles.BundleError) {
        self =
            switch error {
            case .notABundle(let path, let reason):
                .notABundle(path: printable(path), reason: reason)
            case .packed(let path):
                .notABundle(path: printable(path), reason: "it is packed, and read only")
            case .exists(let path, let reason): .exists(path: printable(path), reason: reason)
            case .privateKey(let path): .privateKey(path: printable(path))
            case .logInDoubt(let reason): .logInDoubt(reason)
            case .file(let error): BundleError(file: error)
            case .failed, .limit: .failed("\(error)")
            case .untrue, .notPacked, .malformed, .wrongLink: .refused("\(error)", hint: nil)
            }
    }

    private init(file error: FileError) {
        let path = printable(error.path)
        self =
            switch error.cause {
            case .interrupted, .cancelled: .cancelled
            case .locked: .locked(path: path)
            default: .inaccessible(path: path, reason: error.problem)
            }
    }

    /// What is wrong, in one sentence.
    public var description: String {
        switch self {
        case .notABundle(let path, let reason): "\(path) is not a bundle: \(reason)"
        case .exists(let path, let reason): "\(path) exists: \(reason)"
        case .refused(let reason, _): reason
        case .privateKey(let path): "\(path) holds a private key and is not stored"
        case .logInDoubt(let reason): "the log is in doubt: \(reason)"
        case .locked(let path): "\(path): another process holds the lock"
        case .inaccessible(let path, let reason): "\(path): \(reason)"
        case .signer(let reason): "the signer did not sign: \(reason)"
        case .cancelled: "the task was cancelled"
        case .failed(let reason): reason
        }
    }
}
