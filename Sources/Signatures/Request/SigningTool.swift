import CloseoutEncodings
package import CloseoutOpenSSL

/// A signer outside of Closeout that can be asked for a signature on the command line.
///
/// Adding one takes a file that makes such a value and its line in `all`. Implements "Asking an
/// outside signer" of docs/signatures.md.
package struct SigningTool: Sendable {
    /// The stable name, as in `--for` and `--with`.
    package let name: String
    /// What a key reference looks like, for help and messages.
    package let referenceForm: String
    /// The format of the signature that the commands leave behind.
    package let format: SignatureFormat
    /// Writes the commands.
    let commands: @Sendable (SigningTask) throws(RequestError) -> [String]
}

extension SigningTool {
    /// The registry: every tool that a request can be written for.
    package static let all: [SigningTool] = [
        .openssl, .opensslCMS, .awsKMS, .gcpKMS, .azureKeyVault, .vault, .pkcs11, .minisign,
        .signify, .ssh, .gpg,
    ]

    /// Finds a tool by its name.
    package init?(named name: String) {
        guard let tool = Self.all.first(where: { $0.name == name }) else { return nil }
        self = tool
    }

    /// Writes the exact commands by which this tool signs a file.
    ///
    /// - Parameters:
    ///   - file: The path of the file, as the commands will see it; they sign its very bytes.
    ///   - keyReference: What the tool calls the key; see `referenceForm`.
    ///   - algorithm: The algorithm that the policy has for the key.
    ///   - certificate: The path of the key's certificate, for a tool that takes one.
    /// - Returns: The commands and the file in which they leave the signature.
    /// - Throws: `RequestError` when the tool cannot do it or the reference is not of its form.
    package func request(
        signing file: [UInt8], with keyReference: [UInt8], algorithm: SignatureAlgorithm,
        certificate: [UInt8]? = nil
    ) throws(RequestError) -> SigningRequest {
        let suffix = Array(".\(format.fileExtension)".utf8)
        let task = SigningTask(
            file: ShellWord(path: file), signature: ShellWord(path: file + suffix),
            keyReference: keyReference, algorithm: algorithm,
            certificate: certificate.map { ShellWord(path: $0) })
        return SigningRequest(
            commands: try commands(task), signatureFile: file + suffix, format: format)
    }

    /// The error that the tool has no such algorithm.
    static func unsupported(_ name: String, _ task: SigningTask) -> RequestError {
        .unsupported(tool: name, algorithm: task.algorithm)
    }
}

/// The commands that produce one signature, ready to be shown and pasted.
package struct SigningRequest: Equatable, Sendable {
    /// The lines of a POSIX shell, in their order.
    package let commands: [String]
    /// The path of the file that they write.
    package let signatureFile: [UInt8]
    /// The format of that file, for `attach --type`.
    package let format: SignatureFormat
}

/// What a tool is asked for.
struct SigningTask {
    /// The file to sign.
    let file: ShellWord
    /// The file to write.
    let signature: ShellWord
    /// What the tool calls the key.
    let keyReference: [UInt8]
    /// The algorithm to use.
    let algorithm: SignatureAlgorithm
    /// The file of the key's certificate, and of those above it.
    let certificate: ShellWord?

    /// The key reference as a word.
    var key: ShellWord { ShellWord(keyReference) }
}

/// Why no commands can be written for a tool.
package enum RequestError: Error, Equatable, Sendable {
    /// The tool has no such algorithm, or not over the bytes themselves.
    case unsupported(tool: String, algorithm: SignatureAlgorithm)
    /// The key reference is not of the form that the tool takes.
    case malformedReference([UInt8], expected: String)
}

extension RequestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unsupported(let tool, let algorithm):
            "\(tool) cannot sign with \(algorithm.rawValue)"
        case .malformedReference(let reference, let expected):
            "the key reference \(printable(reference)) is not of the form \(expected)"
        }
    }
}
