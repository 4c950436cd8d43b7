import Encodings
import OpenSSL

extension KeyFormat {
    /// OpenPGP public keys, one or a whole key ring, armoured or binary.
    ///
    /// Takes the entry's `fingerprints`, which picks keys of a ring.
    package static let openPGP = KeyFormat(
        name: "openpgp",
        recognises: { bytes in
            switch OpenPGPArmour.label(of: bytes) {
            case .publicKey, .privateKey: true
            case .signature, .message, .signedMessage: false
            case nil: beginsAsKey(bytes)
            }
        },
        read: { material, entry throws(JSONShapeError) in
            let ring: OpenPGPKeyring
            do { ring = try OpenPGPKeyring(parsing: material) } catch {
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
        text: { material in
            OpenPGPArmour.label(of: material) == nil
                ? OpenPGPArmour.encode(material, as: .publicKey) : material
        })

    /// The old and new headers of a key packet of up to 64 KiB, public or secret.
    private static func beginsAsKey(_ bytes: [UInt8]) -> Bool {
        [0x95, 0x98, 0x99, 0xC5, 0xC6].contains(bytes.first)
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
