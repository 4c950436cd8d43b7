import CloseoutEncodings
package import CloseoutOpenSSL

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
