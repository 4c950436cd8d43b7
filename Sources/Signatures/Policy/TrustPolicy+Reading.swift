package import Encodings
import OpenSSL

extension TrustPolicy {
    /// Reads the file of a key that the policy names: its path, as bytes, relative to the policy.
    package typealias MaterialReader = (_ path: [UInt8]) throws(MaterialError) -> [UInt8]

    /// Reads a policy with the strict reader; nothing in it is skipped or guessed.
    ///
    /// - Parameters:
    ///   - bytes: The policy file.
    ///   - acceptingSampleKeys: Whether keys of `keys-sample/`, with which anybody can sign, are
    ///     taken; for trials and tests.
    ///   - material: Reads the file of a key.
    /// - Throws: `TrustError`, which names the place and the cause.
    package init(
        parsing bytes: [UInt8], acceptingSampleKeys: Bool = false, material: MaterialReader
    ) throws(TrustError) {
        let document: JSON
        do {
            document = try JSON(parsing: bytes, limits: JSONLimits(size: Self.largestFile))
        } catch { throw .syntax(error) }
        let digest: SHA256Digest
        do { digest = try SHA256Digest.of(bytes) } catch { throw .openSSL(error) }
        let context = PolicyReader(
            acceptsSampleKeys: acceptingSampleKeys, material: material)
        do {
            self = try context.policy(document, digest: digest)
        } catch { throw .content(error) }
    }

    /// Makes a policy out of a document that this room has put together.
    ///
    /// - Throws: `TrustError`, as for a file.
    init(
        document: JSON, acceptingSampleKeys: Bool, material: MaterialReader
    ) throws(TrustError) {
        try self.init(
            parsing: document.canonicalBytes, acceptingSampleKeys: acceptingSampleKeys,
            material: material)
    }
}
