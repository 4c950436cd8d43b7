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
        holding(
            content,
            signature: try key.sign(signingInput(of: content), algorithm: algorithm),
            by: key.publicKey)
    }

    /// The bytes that are signed of content in an envelope.
    package static func signingInput(of content: SignedContent) -> [UInt8] {
        signingInput(payloadType: type(of: content), payload: content.bytes)
    }

    /// An envelope of content with one signature, which is not verified here.
    package static func holding(
        _ content: SignedContent, signature: [UInt8], by key: PublicKey
    ) -> DSSEEnvelope {
        DSSEEnvelope(
            payloadType: type(of: content), payload: content.bytes,
            signatures: [
                Signature(keyID: Hex.encode(key.fingerprint.bytes), bytes: signature)
            ])
    }

    private static func type(of content: SignedContent) -> [UInt8] {
        content.payloadType ?? Array("application/octet-stream".utf8)
    }
}
