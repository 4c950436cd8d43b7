internal import CloseoutOpenSSL

extension NoteVerifier {
    /// Reads the text form `name+keyid+key`, in which logs and witnesses publish their keys.
    ///
    /// The key id is eight lower-case hexadecimal digits; the key is standard base64 of the type
    /// byte and the key's bytes, and may itself hold plus signs.
    ///
    /// - Throws: `NoteError.malformedVerifierKey`, `malformedName`, `key`, `openSSL`.
    package init(vkey text: [UInt8]) throws(NoteError) {
        let fields = text.split(
            separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3 else {
            throw .malformedVerifierKey(reason: "not of the form name+keyid+key")
        }
        guard let material = Base64.decode(Array(fields[2])), let type = material.first else {
            throw .malformedVerifierKey(reason: "the key is not padded standard base64")
        }
        guard let kind = Kind(rawValue: type) else {
            throw .malformedVerifierKey(reason: "unknown signature type \(type)")
        }
        let key = try Self.key(Array(material.dropFirst()), kind: kind)
        try self.init(name: Array(fields[0]), key: key, kind: kind)
        guard Hex.encode(keyID) == Array(fields[1]) else {
            throw .malformedVerifierKey(reason: "the key id is not that of the name and key")
        }
    }

    /// The text form that `init(vkey:)` reads.
    package var vkey: [UInt8] {
        let material = [kind.rawValue] + (key.rawEd25519 ?? key.spki)
        return name + "+".utf8 + Hex.encode(keyID) + "+".utf8 + Base64.encode(material)
    }

    private static func key(_ bytes: [UInt8], kind: Kind) throws(NoteError) -> PublicKey {
        do {
            return try kind.keyType == .ed25519
                ? PublicKey(ed25519: bytes) : PublicKey(spki: bytes)
        } catch {
            throw .key(error)
        }
    }
}
