import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
package import CloseoutOpenSSL
package import CloseoutSignatures

/// A file that may be attached, and what its content shows it to be.
package struct Attachment: Sendable {
    /// What can be attached.
    package enum Content: Sendable {
        /// A signature over the seal.
        case signature(SignatureFormat)
        /// A note over the checkpoint.
        case note
        /// A time-stamp of RFC 3161.
        case timeStamp(TimeStampToken)
        /// Certificates and revocation lists, none of which is trusted.
        case certificates(UntrustedCertificates)
    }

    /// The most bytes of a file that is attached: a revocation list may be large.
    private static let limit = BundleLimits.certificate

    /// Where it comes from, for messages.
    package let path: [UInt8]
    /// The file itself.
    package let bytes: [UInt8]
    /// What it is.
    package let content: Content

    /// What to call it in messages.
    var name: String { printable(path) }

    private init(path: [UInt8], bytes: [UInt8], content: Content) {
        self.path = path
        self.bytes = bytes
        self.content = content
    }

    /// Takes a signature of a known format.
    package init(path: [UInt8], bytes: [UInt8], format: SignatureFormat) {
        self.init(
            path: path, bytes: bytes, content: format == .note ? .note : .signature(format))
    }

    /// Reads a file and recognises what it is, by its content alone unless a format is named.
    ///
    /// - Throws: `WorkflowError` where it cannot be read, or is nothing that can be attached.
    package init(reading path: [UInt8], type: String? = nil) throws(WorkflowError) {
        let bytes: [UInt8]
        do { bytes = try readFile(path, limit: Self.limit) } catch { throw .file(error) }
        try self.init(bytes, at: path, type: type)
    }

    /// Recognises what a file is, by its content alone unless a format is named.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - path: Where it comes from, for messages.
    ///   - type: The name of a signature format.
    /// - Throws: `WorkflowError` where it is nothing that can be attached.
    package init(
        _ bytes: [UInt8], at path: [UInt8], type: String? = nil
    ) throws(WorkflowError) {
        guard !PrivateKey.isLikely(in: bytes) else { throw .bundle(.privateKey(path: path)) }
        if type == nil, let content = try Self.content(of: bytes, at: path) {
            self.init(path: path, bytes: bytes, content: content)
        } else {
            self.init(
                path: path, bytes: bytes,
                format: try signatureFormat(named: type, of: bytes, at: path))
        }
    }

    /// What a file is that is no signature; nil for all else.
    private static func content(
        of bytes: [UInt8], at path: [UInt8]
    ) throws(WorkflowError) -> Content? {
        if UntrustedCertificates.isLikely(bytes) {
            return .certificates(try untrustedCertificates(of: bytes, at: path))
        }
        guard !TimeStampRequest.isLikely(bytes) else {
            throw .refused(
                .malformed, "\(printable(path)) is a request for a time-stamp, and not a response",
                hint: "attach what the authority answers")
        }
        do throws(CMSError) {
            return .timeStamp(try TimeStampToken(parsing: bytes))
        } catch {
            switch error {
            case .notGranted:
                throw .refused(
                    .failed, "\(printable(path)) is no time-stamp: \(error)",
                    hint: "nothing was stored; ask the authority what it objects to")
            case _ where TimeStampToken.isLikely(bytes):
                throw .refused(.malformed, "\(printable(path)) is no time-stamp: \(error)")
            default:
                return nil
            }
        }
    }
}

/// Reads certificates and revocation lists.
///
/// - Throws: `WorkflowError` where they are none.
package func untrustedCertificates(
    of bytes: [UInt8], at path: [UInt8]
) throws(WorkflowError) -> UntrustedCertificates {
    do throws(CertificateError) {
        return try UntrustedCertificates(parsing: bytes)
    } catch {
        throw .refused(.malformed, "\(printable(path)): \(error)")
    }
}
