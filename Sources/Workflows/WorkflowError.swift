package import CloseoutBundles
package import CloseoutFiles
package import CloseoutManifests
package import CloseoutOpenSSL

/// Why a workflow did nothing: everything that it had begun is removed again.
package enum WorkflowError: Error, CustomStringConvertible {
    /// What was asked for is not done, by a rule of this product.
    case refused(Refusal)
    /// The bundle cannot be opened, read or written.
    case bundle(BundleError)
    /// The artifacts cannot be listed, read or recorded.
    case manifest(ManifestError)
    /// The system refused something about a file.
    case file(FileError)
    /// Libcrypto could not compute.
    case openSSL(OpenSSLError)
    /// Input that is not of its form, in the words of whoever reads it.
    case malformed(any Error)

    /// Something that is not done, and why.
    package struct Refusal: Equatable, Sendable {
        /// What kind of reason it is; the command has an exit code for each.
        package enum Kind: Equatable, Sendable {
            /// The request contradicts itself or the state of the bundle.
            case usage
            /// Input is not of its form.
            case malformed
            /// Input is missing.
            case missing
            /// A signature or another proof does not verify.
            case failed
            /// What is to be written cannot be.
            case cannotCreate
            /// The system could not read or write.
            case inputOutput
            /// A rule of the product itself is broken.
            case `internal`
        }

        /// The kind of reason.
        package let kind: Kind
        /// What is wrong and where: lower case, no full stop, untrusted text already printable.
        package let message: String
        /// What to do next.
        package let hint: String?
    }

    /// A refusal in words.
    ///
    /// - Parameters:
    ///   - kind: What kind of reason it is.
    ///   - message: What is wrong and where.
    ///   - hint: What to do next.
    /// - Returns: The error.
    package static func refused(_ kind: Refusal.Kind, _ message: String, hint: String? = nil)
        -> Self
    {
        .refused(Refusal(kind: kind, message: message, hint: hint))
    }

    package var description: String {
        switch self {
        case .refused(let refusal): refusal.message
        case .bundle(let error): error.description
        case .manifest(let error): error.description
        case .file(let error): error.description
        case .openSSL(let error): error.description
        case .malformed(let error): "\(error)"
        }
    }

    /// What any stage below threw, as an error of this type.
    package init(_ error: any Error) {
        switch error {
        case let error as WorkflowError: self = error
        case let error as BundleError: self = .bundle(error)
        case let error as ManifestError: self = .manifest(error)
        case let error as FileError: self = .file(error)
        case let error as OpenSSLError: self = .openSSL(error)
        default: self = .malformed(error)
        }
    }
}

/// Runs `body` and throws whatever it throws as a `WorkflowError`.
func reportingErrors<Result: ~Copyable>(
    _ body: () throws -> Result
) throws(WorkflowError) -> Result {
    do { return try body() } catch { throw WorkflowError(error) }
}
