import CloseoutEncodings
package import CloseoutFiles

/// Why a bundle could not be read, written or added to (docs/bundle.md).
///
/// What is wrong *inside* a bundle is a finding of Verification, not one of these.
package enum BundleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no bundle there.
    case notABundle(path: [UInt8], reason: String)
    /// It is packed, and what is packed is read only.
    case packed(path: [UInt8])
    /// A file is not what log or manifest says; the reason follows its name.
    case untrue(path: [UInt8], reason: String)
    /// A packed bundle cannot hold it; the reason follows its name.
    case notPacked(path: [UInt8], reason: String)
    /// A document is not of its format.
    case malformed(String, reason: String)
    /// A target exists already and holds something else.
    case exists(path: [UInt8], reason: String)
    /// What would be stored holds a private key.
    case privateKey(path: [UInt8])
    /// A record links to what it cannot be about; the reason follows "the record".
    case wrongLink(String)
    /// The log does not carry its own checkpoint, so nothing may be appended.
    case logInDoubt(reason: String)
    /// A limit of docs/bundle.md would be passed.
    case limit(String)
    /// The operating system refused.
    case file(FileError)
    /// libcrypto or another lower stage failed.
    case failed(String)

    /// What happened and where, in one sentence.
    package var description: String {
        switch self {
        case .notABundle(let path, let reason): "\(printable(path)) is not a bundle: \(reason)"
        case .packed(let path): "\(printable(path)) is a packed bundle, which is read only"
        case .untrue(let path, let reason): "\(printable(path)) \(reason)"
        case .notPacked(let path, let reason):
            "\(printable(path)) \(reason), which no packed bundle holds"
        case .malformed(let name, let reason): "\(name) is malformed: \(reason)"
        case .exists(let path, let reason): "\(printable(path)) exists: \(reason)"
        case .privateKey(let path): "\(printable(path)) holds a private key and is not stored"
        case .wrongLink(let reason): "the record \(reason)"
        case .logInDoubt(let reason): "the log is in doubt: \(reason)"
        case .limit(let reason): "a limit is passed: \(reason)"
        case .file(let error): "\(printable(error.path)): \(error.problem)"
        case .failed(let reason): reason
        }
    }
}

/// Runs `body` and throws whatever it throws as a `BundleError`.
func reportingBundleErrors<Result: ~Copyable>(
    _ body: () throws -> Result
) throws(BundleError) -> Result {
    do {
        return try body()
    } catch {
        throw BundleError(reporting: error)
    }
}

extension BundleError {
    /// The error of a lower stage as one of a bundle.
    init(reporting error: any Error) {
        self =
            switch error {
            case let error as BundleError: error
            case let error as FileError: .file(error)
            default: .failed("\(error)")
            }
    }
}
