import CloseoutEncodings
import CloseoutOpenSSL

/// A new key of a client with a certificate that it signed itself: what a route has as `client_key`.
struct ClientCanary {
    /// The certificate in PEM.
    let certificate: [UInt8]
    /// The key in PEM.
    let key: String
    /// The part of the key's letters that no other key has.
    let looked: [UInt8]

    /// Makes a key.
    ///
    /// - Throws: `KeyError` where libcrypto cannot.
    init() throws(KeyError) {
        let key = try PrivateKey.generate(.ed25519)
        let algorithm = element(0x30, [0x06, 0x03, 0x2b, 0x65, 0x70])
        let common = element(0x30, [0x06, 0x03, 0x55, 0x04, 0x03] + element(0x0c, "client"))
        let name = element(0x30, element(0x31, common))
        let dates = element(0x17, "200101000000Z") + element(0x17, "491231235959Z")
        let signed = element(
            0x30,
            [0xa0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01] + algorithm + name
                + element(0x30, dates) + name + key.publicKey.spki)
        let signature = try key.sign(signed, algorithm: .ed25519)
        let der = element(0x30, signed + algorithm + element(0x03, [0] + signature))
        certificate = Array(
            ("-----BEGIN CERTIFICATE-----\n" + lines(of: Base64.string(der))
                + "-----END CERTIFICATE-----\n").utf8)
        let text = String(decoding: try key.pem(passphrase: nil), as: UTF8.self)
        self.key = text
        // In front of the seed the letters say what kind of key it is.
        let letters = text.split(separator: "\n").dropFirst().dropLast().joined()
        looked = Array(letters.utf8.dropFirst(22))
    }
}

/// An element of DER with a content of less than 256 bytes.
private func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = UInt8(clamping: content.count)
    return [tag] + (count < 0x80 ? [count] : [0x81, count]) + content
}

private func element(_ tag: UInt8, _ text: String) -> [UInt8] {
    element(tag, Array(text.utf8))
}

/// Letters in lines of 64.
private func lines(of letters: String) -> String {
    var rest = letters[...]
    var lines = ""
    while !rest.isEmpty {
        lines += rest.prefix(64) + "\n"
        rest = rest.dropFirst(64)
    }
    return lines
}
