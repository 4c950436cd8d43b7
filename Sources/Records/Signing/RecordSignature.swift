package import OpenSSL
import Signatures

/// A signature file that is over a record: a DSSE envelope of one signature, whose payload is the
/// record (docs/records.md, "Signatures").
package struct RecordSignature: Sendable {
    /// The bytes of the record that it is over.
    package let record: [UInt8]
    /// How many signatures the envelope holds; one is allowed.
    package let count: Int

    /// Tells a signature over a record from all others by its payload type; nil for any other file.
    package init?(envelope file: [UInt8]) {
        guard file.count <= SignatureFormat.largestFile,
            let envelope = try? DSSEEnvelope(parsing: file),
            envelope.payloadType == SignedContent.record([]).payloadType
        else { return nil }
        record = envelope.payload
        count = envelope.signatures.count
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
