import CloseoutEncodings
import CloseoutOpenSSL

extension KeyFormat {
    /// OpenPGP public keys, one or a whole key ring, armoured or binary, with any text around.
    ///
    /// Takes the entry's `fingerprints`, which picks keys of a ring, `sha1_binding` and `key_expiry`.
    package static let openPGP = KeyFormat(
        name: "openpgp",
        recognises: { OpenPGPKeyFile.isLikely($0) },
        read: { material, entry throws(JSONShapeError) in
            let rules = try rules(&entry)
            let ring: OpenPGPKeyring
            do { ring = try OpenPGPKeyring(parsing: material, by: rules) } catch {
                throw entry.invalid("key", "\(error)")
            }
            guard let item = entry.optional("fingerprints") else { return .openPGP(ring) }
            var fingerprints: [String] = []
            for item in try item.array() { fingerprints.append(try fingerprint(item)) }
            guard !fingerprints.isEmpty else { throw item.invalid("names no key") }
            do { return .openPGP(try ring.keeping(fingerprints)) } catch {
                throw item.invalid("\(error)")
            }
        },
        text: { OpenPGPKeyring.text(of: $0) ?? $0 })

    private static func rules(
        _ entry: inout JSONObjectReader
    ) throws(JSONShapeError) -> OpenPGPKeyRules {
        var rules = OpenPGPKeyRules()
        rules.acceptsSHA1Binding = try entry.optional("sha1_binding")?.bool() ?? false
        if let item = entry.optional("key_expiry") {
            switch try item.string() {
            case "apply": break
            case "ignore": rules.ignoresExpiry = true
            default: throw item.invalid("must be apply or ignore")
            }
        }
        return rules
    }

    private static func fingerprint(_ item: JSONItem) throws(JSONShapeError) -> String {
        let text = try item.string()
        let digits = text.utf8.map { $0 >= UInt8(ascii: "A") ? $0 | 0x20 : $0 }
        guard digits.count == 40, let bytes = Hex.decode(digits) else {
            throw item.invalid("not a fingerprint of 40 hex digits")
        }
        return String(decoding: openPGPHex(bytes), as: UTF8.self)
    }
}
