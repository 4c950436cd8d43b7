import Encodings
import OpenSSL

extension TrustPolicy {
    /// Reads a policy with the strict reader; nothing in it is skipped or guessed.
    ///
    /// - Parameters:
    ///   - bytes: The policy file.
    ///   - context: How to read key files, and whether sample keys are taken.
    /// - Throws: `TrustError`, which names the place and the cause.
    package init(
        parsing bytes: [UInt8], in context: PolicyContext = PolicyContext()
    ) throws(TrustError) {
        let document: JSON
        do {
            document = try JSON(parsing: bytes, limits: JSONLimits(bytes: Self.largestFile))
        } catch { throw .syntax(error) }
        let digest: SHA256Digest
        do { digest = try SHA256Digest.of(bytes) } catch { throw .openSSL(error) }
        let reader = PolicyReader(context: context)
        do { self = try reader.policy(document, digest: digest) } catch { throw .content(error) }
    }
}
