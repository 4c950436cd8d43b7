/// A request to a time-stamp authority (RFC 3161, 2.4.1).
package enum TimeStampRequest {
    /// Whether a file is a request, which a time-stamp authority has not answered yet.
    package static func isLikely(_ file: [UInt8]) -> Bool {
        var outer = DERReader(file[...])
        guard let body = outer.readLast(.sequence) else { return false }
        var fields = DERReader(body)
        guard fields.read(.integer) == [1], let imprint = fields.read(.sequence) else {
            return false
        }
        return DERReader(imprint).leadingTags() == [.sequence, .octetString]
    }

    /// The file to send, `application/timestamp-query`: it names the SHA-256 of the bytes, asks for
    /// the authority's certificates, and carries a number that only this request's answer returns.
    ///
    /// - Parameters:
    ///   - bytes: What is to be stamped.
    ///   - nonce: A number of 1 to 32 bytes, such as 16 of ``randomBytes(_:)``.
    /// - Returns: The request in DER.
    /// - Throws: `OpenSSLError` where the digest cannot be computed.
    package static func asking(
        for bytes: [UInt8], nonce: [UInt8]
    ) throws(OpenSSLError) -> [UInt8] {
        let digest = DER.element(.octetString, try DigestAlgorithm.sha256.digest(of: bytes))
        let algorithm = DER.element(
            .sequence, DigestAlgorithm.sha256.encodedIdentifier + DER.element(.null, []))
        return DER.element(
            .sequence,
            DER.integer([1]) + DER.element(.sequence, algorithm + digest) + DER.integer(nonce)
                + DER.element(.boolean, [0xFF]))
    }
}
