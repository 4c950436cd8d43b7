/// A certificate for a receiver on this machine, signed by its own key: for trials, and whoever is given it.
package enum LoopbackCertificate {
    /// Makes a certificate for `localhost` and 127.0.0.1.
    ///
    /// - Parameters:
    ///   - key: Its key, of the type P-256.
    ///   - start: When it begins to be valid, as the digits `YYMMDDHHMMSS` of an instant in UTC.
    ///   - end: When it ends, in the same form.
    /// - Returns: The certificate in PEM.
    /// - Throws: `KeyError` where the key cannot sign it.
    package static func pem(
        of key: borrowing PrivateKey, from start: String, to end: String
    ) throws(KeyError) -> [UInt8] {
        let serial: [UInt8]
        do {
            serial = try randomBytes(15)
        } catch {
            throw .openSSL(error)
        }
        let body = DER.element(
            .sequence,
            version + DER.integer([1] + serial) + algorithm + name
                + DER.element(.sequence, time(start) + time(end)) + name
                + key.publicKey.spki + extensions)
        let signature = try key.sign(body, algorithm: .ecdsaP256SHA256)
        let certificate = DER.element(
            .sequence, body + algorithm + DER.element(bitString, [0] + signature))
        return PEM.encoded(certificate, label: "CERTIFICATE")
    }

    private static let bitString: UInt8 = 0x03
    private static let objectIdentifier: UInt8 = 0x06
    private static let text: UInt8 = 0x0C
    private static let utcTime: UInt8 = 0x17

    /// Version 3.
    private static let version = DER.element(0xA0, DER.integer([2]))

    /// ECDSA with SHA-256 (1.2.840.10045.4.3.2).
    private static let algorithm = DER.element(
        .sequence,
        DER.element(objectIdentifier, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]))

    /// The common name (2.5.4.3) of subject and issuer.
    private static let name: [UInt8] = {
        let words = DER.element(text, Array("a receiver on this machine".utf8))
        let type = DER.element(objectIdentifier, [0x55, 0x04, 0x03])
        return DER.element(.sequence, DER.element(.set, DER.element(.sequence, type + words)))
    }()

    /// Names of the host (2.5.29.17), and the use for servers (2.5.29.37).
    private static let extensions: [UInt8] = {
        let hosts = DER.element(0x82, Array("localhost".utf8)) + DER.element(0x87, [127, 0, 0, 1])
        let server = DER.element(
            objectIdentifier, [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01])
        let all = [(UInt8(0x11), hosts), (UInt8(0x25), server)].flatMap { number, content in
            DER.element(
                .sequence,
                DER.element(objectIdentifier, [0x55, 0x1D, number])
                    + DER.element(.octetString, DER.element(.sequence, content)))
        }
        return DER.element(0xA3, DER.element(.sequence, all))
    }()

    private static func time(_ digits: String) -> [UInt8] {
        DER.element(utcTime, Array("\(digits)Z".utf8))
    }
}
