import CloseoutEncodings
package import CloseoutOpenSSL

/// A key of minisign.
package struct MinisignKey: VerificationKey {
    let key: NumberedKey
    /// Whether signatures over the file itself count, as minisign made them before version 0.10.
    package let acceptsLegacy: Bool

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
    /// A public key file of minisign, or the one line that `minisign -P` takes.
    ///
    /// Takes the entry's `legacy`.
    package static let minisign = KeyFormat(
        name: "minisign",
        recognises: { NumberedKey.tool(of: $0) == .minisign },
        read: { material, entry throws(JSONShapeError) in
            let key = try numberedKey(material, entry)
            return .minisign(
                MinisignKey(
                    key: key, acceptsLegacy: try entry.optional("legacy")?.bool() ?? false))
        }, text: endingLinesInLF)
}
