import CloseoutEncodings
import CloseoutOpenSSL

extension TrustPolicy {
    /// Whether a file says of itself that it is a policy, sound or not.
    package static func isLikely(_ bytes: [UInt8]) -> Bool {
        let document = try? JSON(parsing: bytes, limits: JSONLimits(bytes: largestFile))
        return document?["kind"] == JSON(kind)
    }

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
        do { self = try reader.policy(document, bytes: bytes, digest: digest) } catch {
            throw .content(error)
        }
    }
}
