package import OpenSSL
package import Signatures

/// A signature file that is over a record: a DSSE envelope of one signature, whose payload is the
/// record (docs/records.md, "Signatures").
package struct RecordSignature: Sendable {
    /// The envelope.
    package let envelope: DSSEEnvelope
    /// The bytes of the record that it is over.
    package var record: [UInt8] { envelope.payload }
    /// How many signatures the envelope holds; one is allowed.
    package var count: Int { envelope.signatures.count }

    /// Tells a signature over a record from all others by its payload type; nil for any other file.
    package init?(envelope file: [UInt8]) {
        guard file.count <= SignatureFormat.largestFile,
            let envelope = try? DSSEEnvelope(parsing: file),
            envelope.payloadType == SignedContent.record([]).payloadType
        else { return nil }
        self.envelope = envelope
    }

    /// Signs a record with a key at hand.
    ///
    /// - Returns: The signature file.
    /// - Throws: `KeyError` when the key cannot sign with this algorithm.
    package static func signing(
        _ record: [UInt8], with key: borrowing PrivateKey, algorithm: SignatureAlgorithm
    ) throws(KeyError) -> [UInt8] {
        try DSSEEnvelope.signing(.record(record), with: key, algorithm: algorithm).encoded
    }
}
