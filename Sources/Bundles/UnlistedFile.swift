package import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// Something in a bundle that the log does not name.
package struct UnlistedFile: Sendable {
    /// Its path in the bundle.
    package let path: [UInt8]
    /// What is there.
    package let kind: FileKind
    /// Whether a private key was found in it; nil where it was not read.
    package let holdsPrivateKey: Bool?
    /// What it is in words, where it is something that could be attached.
    package let attachable: String?

    /// Finds what something is by its one reading, and keeps none of its bytes.
    init(path: [UInt8], kind: FileKind, reading: FileReading?) {
        self.path = path
        self.kind = kind
        let bytes = reading?.bytes
        holdsPrivateKey = bytes.map { PrivateKeyScanner.finds(in: $0) }
        attachable = bytes.flatMap(Self.attachable)
    }

    private static func attachable(_ bytes: [UInt8]) -> String? {
        if UntrustedCertificates.isLikely(bytes) { return "certificate or revocation list" }
        if TimeStampToken.isLikely(bytes) { return "time-stamp" }
        guard case .format(let format) = SignatureFormat.recognise(bytes) else { return nil }
        return "\(format.name) signature"
    }
}
