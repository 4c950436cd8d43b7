import CloseoutEncodings
package import CloseoutOpenSSL

extension DSSEEnvelope {
    /// Signs content with one private key.
    ///
    /// The key id is the hex SHA-256 of the public key's SPKI; the content's payload type, or
    /// `application/octet-stream` where it demands none, is signed with it.
    ///
    /// - Throws: `KeyError` when the key cannot sign with this algorithm.
    package static func signing(
        _ content: SignedContent, with key: borrowing PrivateKey, algorithm: SignatureAlgorithm
    ) throws(KeyError) -> DSSEEnvelope {
        let type = content.payloadType ?? Array("application/octet-stream".utf8)
        let input = signingInput(payloadType: type, payload: content.bytes)
        let bytes = try key.sign(input, algorithm: algorithm)
        let keyID = Hex.encode(key.publicKey.fingerprint.bytes)
        return DSSEEnvelope(
            payloadType: type, payload: content.bytes,
            signatures: [Signature(keyID: keyID, bytes: bytes)])
    }
}
