import CloseoutEncodings
import CloseoutOpenSSL

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

    /// A public key file of OpenBSD's signify.
    package static let signify = KeyFormat(
        name: "signify",
        recognises: { NumberedKey.tool(of: $0) == .signify },
        read: { material, entry throws(JSONShapeError) in
            .signify(SignifyKey(key: try numberedKey(material, entry)))
        }, text: endingLinesInLF)

    private static func numberedKey(
        _ material: [UInt8], _ entry: borrowing JSONObjectReader
    ) throws(JSONShapeError) -> NumberedKey {
        do { return try NumberedKey(material: material) } catch {
            throw entry.invalid("key", "\(error)")
        }
    }
}
