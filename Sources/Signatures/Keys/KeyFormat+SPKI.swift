import CloseoutEncodings
package import CloseoutOpenSSL

extension KeyFormat {
    /// A public key as SubjectPublicKeyInfo, in PEM or DER.
    ///
    /// Takes the entry's `algorithm`, which an RSA key must have.
    package static let spki = KeyFormat(
        name: "spki",
        recognises: { bytes in
            bytes.first == derSequence && !isCertificate(bytes) || bytes.starts(with: pem)
                || PrivateKey.isLikely(in: bytes)
        },
        read: { material, entry throws(JSONShapeError) in
            let key: PublicKey
            do { key = try publicKey(material) } catch {
                throw entry.invalid("key", "\(error)")
            }
            return .spki(try spkiKey(key, &entry))
        })

    private static let pem = Array("-----BEGIN PUBLIC KEY-----".utf8)
    private static let derSequence: UInt8 = 0x30

    /// Reads a public key in PEM or DER.
    ///
    /// - Throws: `KeyError` for anything but one public key of an accepted type.
    package static func publicKey(_ material: [UInt8]) throws(KeyError) -> PublicKey {
        if material.first == derSequence { return try PublicKey(spki: material) }
        return try PublicKey(pem: material)
    }

    private static func spkiKey(
        _ publicKey: PublicKey, _ entry: inout JSONObjectReader
    ) throws(JSONShapeError) -> SPKIKey {
        guard let item = entry.optional("algorithm") else {
            guard let key = SPKIKey(publicKey, algorithm: nil) else {
                throw entry.invalid("algorithm", "required for an RSA key, and absent")
            }
            return key
        }
        guard let algorithm = SignatureAlgorithm(rawValue: try item.string()) else {
            throw item.invalid("unknown algorithm")
        }
        guard let key = SPKIKey(publicKey, algorithm: algorithm) else {
            throw item.invalid("not an algorithm of \(publicKey.type.rawValue) keys")
        }
        return key
    }
}
