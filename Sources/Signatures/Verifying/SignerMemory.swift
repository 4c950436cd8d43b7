import CloseoutOpenSSL
import Synchronization

/// Remembers who made which signature, so that verifying a bundle again at another instant, or a part of
/// its log, does not do the mathematics again.
///
/// What it holds depends on one policy's keys and on bytes alone, never on the verification time; certificates, whose
/// status depends on that time, are not in it. It serves verifiers of one policy.
package final class SignerMemory: Sendable {
    /// A signer that many entries of a table point to.
    private final class Found: Sendable {
        let signer: SignatureVerifier.Signer

        init(_ signer: SignatureVerifier.Signer) {
            self.signer = signer
        }
    }

    /// A signature and what it has to be over.
    private struct Question: Hashable {
        let file: SHA256Digest
        let format: String
        let index: Int
        let content: SHA256Digest
        let payloadType: [UInt8]?
        let fileName: [UInt8]?
    }

    private let signers = Mutex<[Question: Found]>([:])

    /// Begins with nothing.
    package init() {}

    /// Who made the signature at a place of a file, read in a format, over some content: as
    /// remembered, or as found.
    func signer(
        of file: [UInt8], as format: SignatureFormat, at index: Int, over content: CheckedContent,
        finding find: () throws(OpenSSLError) -> SignatureVerifier.Signer
    ) throws(OpenSSLError) -> SignatureVerifier.Signer {
        // What is streamed is looked at once and then gone.
        guard case .bytes(let bytes) = content.message else { return try find() }
        let question = Question(
            file: try SHA256Digest.of(file), format: format.name, index: index,
            content: try SHA256Digest.of(bytes), payloadType: content.payloadType,
            fileName: content.fileName)
        if let known = signers.withLock({ $0[question] }) { return known.signer }
        let found = try find()
        signers.withLock { $0[question] = Found(found) }
        return found
    }
}
