import CloseoutEncodings

/// A DSSE envelope: a typed payload and the signatures over both.
///
/// Implements "DSSE" of docs/signatures.md and the DSSE protocol 1.0.2.
package struct DSSEEnvelope: Equatable, Sendable {
    /// The type of the payload, as UTF-8.
    package let payloadType: [UInt8]
    /// The payload, decoded.
    package let payload: [UInt8]
    /// The signatures in file order.
    package let signatures: [Signature]

    /// One signature of an envelope.
    package struct Signature: Equatable, Sendable {
        /// What the signature says of its key; empty when it says nothing.
        package let keyID: [UInt8]
        /// The signature, decoded.
        package let bytes: [UInt8]
    }

    /// The bytes that are signed: the pre-authentication encoding of type and payload.
    package static func signingInput(payloadType: [UInt8], payload: [UInt8]) -> [UInt8] {
        var input = Array("DSSEv1".utf8)
        for part in [payloadType, payload] {
            input += Array(" \(part.count) ".utf8) + part
        }
        return input
    }

    /// The same envelope, whose payload shares its memory with equal bytes that are at hand.
    package func sharing(_ bytes: [UInt8]) -> DSSEEnvelope {
        guard payload == bytes else { return self }
        return DSSEEnvelope(payloadType: payloadType, payload: bytes, signatures: signatures)
    }

    /// The bytes that this envelope's signatures cover.
    package var signingInput: [UInt8] {
        Self.signingInput(payloadType: payloadType, payload: payload)
    }
}

extension DSSEEnvelope {
    /// Reads an envelope; members that the protocol does not define are ignored, as it demands.
    ///
    /// - Throws: `SignatureError` for bad JSON, base64 or a missing member.
    package init(parsing bytes: [UInt8]) throws(SignatureError) {
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch { throw .json(error) }
        do { try self.init(json) } catch { throw .shape(error) }
    }

    private init(_ json: JSON) throws(JSONShapeError) {
        var reader = try JSONObjectReader(json)
        payloadType = try reader.bytes("payloadType")
        payload = try Self.decode(reader.required("payload"))
        var signatures: [Signature] = []
        for item in try reader.array("signatures") {
            var reader = try item.object()
            let keyID = try reader.optional("keyid")?.bytes() ?? []
            let bytes = try Self.decode(reader.required("sig"))
            signatures.append(Signature(keyID: keyID, bytes: bytes))
        }
        self.signatures = signatures
    }

    private static func decode(_ item: JSONItem) throws(JSONShapeError) -> [UInt8] {
        guard let bytes = Base64.decodeAnyAlphabet(try item.bytes()) else {
            throw item.invalid("not base64")
        }
        return bytes
    }

    /// The envelope in canonical JSON, with padded standard base64.
    package var encoded: [UInt8] {
        let signatures = signatures.map { signature in
            JSON.object([
                JSONMember("keyid", .string(signature.keyID)),
                JSONMember("sig", .string(Base64.encode(signature.bytes))),
            ])
        }
        let envelope = JSON.object([
            JSONMember("payload", .string(Base64.encode(payload))),
            JSONMember("payloadType", .string(payloadType)),
            JSONMember("signatures", .array(signatures)),
        ])
        return envelope.canonicalBytes
    }
}
