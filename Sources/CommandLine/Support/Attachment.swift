import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// A file that may be attached, and what its content shows it to be.
struct Attachment {
    /// What can be attached.
    enum Content {
        /// A signature over the seal.
        case signature(SignatureFormat)
        /// A note over the checkpoint.
        case note
        /// A time-stamp of RFC 3161.
        case timeStamp(TimeStampToken)
        /// Certificates and revocation lists: material, never an anchor.
        case material(UntrustedCertificates)
    }

    /// The most bytes of a file that is attached: a revocation list may be large.
    private static let limit = BundleLimits.certificate

    /// Where it comes from.
    let path: [UInt8]
    let bytes: [UInt8]
    let content: Content

    /// What to call it in messages.
    var name: String { printable(path) }

    private init(path: [UInt8], bytes: [UInt8], content: Content) {
        self.path = path
        self.bytes = bytes
        self.content = content
    }

    /// Takes a signature of a known format.
    init(path: [UInt8], bytes: [UInt8], format: SignatureFormat) {
        self.init(
            path: path, bytes: bytes, content: format == .note ? .note : .signature(format))
    }

    /// Reads a file and recognises what it is, by its content alone unless a format is named.
    ///
    /// - Throws: `CommandFailure` where it is nothing that can be attached; `FileError`.
    init(reading path: [UInt8], type: String?) throws {
        let bytes = try readFile(path, limit: Self.limit)
        guard !PrivateKey.isLikely(in: bytes) else { throw BundleError.privateKey(path: path) }
        if type == nil, let content = try Self.content(of: bytes, at: path) {
            self.init(path: path, bytes: bytes, content: content)
        } else {
            self.init(
                path: path, bytes: bytes,
                format: try signatureFormat(named: type, of: bytes, at: path))
        }
    }

    /// What a file is that is no signature; nil for all else.
    private static func content(of bytes: [UInt8], at path: [UInt8]) throws -> Content? {
        if UntrustedCertificates.isLikely(bytes) {
            return .material(try untrustedCertificates(of: bytes, at: path))
        }
        guard !TimeStampRequest.isLikely(bytes) else {
            throw CommandFailure(
                .malformed, "\(printable(path)) is a request for a time-stamp, and not a response",
                hint: "attach what the authority answers")
        }
        do throws(CMSError) {
            return .timeStamp(try TimeStampToken(parsing: bytes))
        } catch {
            switch error {
            case .notGranted:
                throw CommandFailure(
                    .failed, "\(printable(path)) is no time-stamp: \(error)",
                    hint: "nothing was stored; ask the authority what it objects to")
            case _ where TimeStampToken.isLikely(bytes):
                throw CommandFailure(.malformed, "\(printable(path)) is no time-stamp: \(error)")
            default:
                return nil
            }
        }
    }
}

/// Reads certificates and revocation lists.
///
/// - Throws: `CommandFailure` where they are none.
func untrustedCertificates(of bytes: [UInt8], at path: [UInt8]) throws -> UntrustedCertificates {
    do throws(CertificateError) {
        return try UntrustedCertificates(parsing: bytes)
    } catch {
        throw CommandFailure(.malformed, "\(printable(path)): \(error)")
    }
}
