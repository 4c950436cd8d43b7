import CloseoutEncodings
package import CloseoutOpenSSL

/// A key of OpenBSD's signify.
package struct SignifyKey: VerificationKey {
    let key: NumberedKey

    /// The eight bytes by which its signatures name it.
    package var number: [UInt8] { key.number }
    /// The one key inside.
    package var publicKeys: [PublicKey] { [key.publicKey] }
    /// The algorithm of its signatures.
    package var algorithm: SignatureAlgorithm { .ed25519 }
    /// Records and checkpoints are signed by plain keys alone.
    package var roles: Set<Role> { [.release, .archive] }
    /// Why its signatures count for nothing; nil for a strong key.
    package var weakness: String? { nil }
}

extension KeyFormat {
    /// A public key file of OpenBSD's signify.
    package static let signify = KeyFormat(
        name: "signify",
        recognises: { NumberedKey.tool(of: $0) == .signify },
        read: { material, entry throws(JSONShapeError) in
            .signify(SignifyKey(key: try numberedKey(material, entry)))
        }, text: endingLinesInLF)

    /// Reads a key of either tool out of an entry of a policy.
    static func numberedKey(
        _ material: [UInt8], _ entry: borrowing JSONObjectReader
    ) throws(JSONShapeError) -> NumberedKey {
        do { return try NumberedKey(material: material) } catch {
            throw entry.invalid("key", "\(error)")
        }
    }
}
