package import CloseoutOpenSSL
package import CloseoutSignatures

/// A signature file that covers a record: a DSSE envelope of one signature, whose payload is the
/// record (docs/records.md, "Signatures").
package struct RecordSignature: Sendable {
    /// The envelope, of which one signature is allowed.
    package private(set) var envelope: DSSEEnvelope
    /// The bytes of the record that it covers.
    package var record: [UInt8] { envelope.payload }
    /// The signatures that the envelope holds; one is allowed.
    package var signatures: [DSSEEnvelope.Signature] { envelope.signatures }

    /// Knows a signature over a record by its payload type; nil for any other file.
    package init?(envelope file: [UInt8]) {
        guard file.count <= SignatureFormat.largestFile,
            let envelope = try? DSSEEnvelope(parsing: file),
            envelope.payloadType == SignedContent.recordType
        else { return nil }
        self.envelope = envelope
    }

    /// Holds the record itself, where it is at hand, and not the same bytes once more.
    package mutating func share(_ record: [UInt8]) {
        envelope = envelope.sharing(record)
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
