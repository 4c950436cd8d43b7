package import CloseoutOpenSSL
package import CloseoutSignatures

/// A signature file that covers a record: a DSSE envelope of one signature, whose payload is the
/// record (docs/records.md, "Signatures").
package struct RecordSignature: Sendable {
    /// The bytes of the record that it covers.
    package private(set) var record: [UInt8]
    /// The signatures that the envelope holds; one is allowed.
    package let signatures: [DSSEEnvelope.Signature]

    /// Knows a signature over a record by its payload type; nil for any other file.
    package init?(envelope file: [UInt8]) {
        guard file.count <= SignatureFormat.largestFile,
            let envelope = try? DSSEEnvelope(parsing: file),
            envelope.payloadType == SignedContent.record([]).payloadType
        else { return nil }
        record = envelope.payload
        signatures = envelope.signatures
    }

    /// Holds the record itself, where it is at hand, and not the same bytes once more.
    package mutating func share(_ record: [UInt8]) {
        if self.record == record { self.record = record }
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
