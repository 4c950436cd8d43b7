import CloseoutEncodings

/// What a signature says of the key that made it: a hint, for which nothing is believed.
struct OpenPGPIssuer: Equatable {
    /// The fingerprint, 20 bytes; of other versions' keys it is not read.
    let fingerprint: [UInt8]?
    /// The key id, 8 bytes.
    let keyID: [UInt8]?

    /// Reads the hints of both areas.
    ///
    /// - Throws: `OpenPGPError.subpackets` where they contradict each other.
    init(_ hashed: OpenPGPSubpackets, _ unhashed: OpenPGPSubpackets) throws(OpenPGPError) {
        let kind = OpenPGPSubpackets.Kind.self
        let fingerprints = [hashed, unhashed].flatMap { $0.all(kind.issuerFingerprint) }
            .filter { $0.first == 4 }.map { Array($0.dropFirst()) }
        let ids = [hashed, unhashed].flatMap { $0.all(kind.issuerKeyID) }
        guard fingerprints.allSatisfy({ $0.count == 20 }), ids.allSatisfy({ $0.count == 8 }) else {
            throw .subpackets("an issuer of the wrong length")
        }
        guard Set(ids + fingerprints.map { $0.suffix(8) }).count <= 1,
            Set(fingerprints).count <= 1
        else { throw .subpackets("they name different issuers") }
        fingerprint = fingerprints.first
        keyID = ids.first ?? fingerprints.first.map { Array($0.suffix(8)) }
    }

    /// Whether it names a key; `nil` where it names none at all.
    func names(_ key: OpenPGPKeyPacket) -> Bool? {
        if let fingerprint { return fingerprint == key.fingerprint }
        return keyID.map { $0.elementsEqual(key.fingerprint.suffix(8)) }
    }

    /// The fingerprint or key id in upper-case hex, as OpenPGP programs print them.
    var text: [UInt8]? {
        (fingerprint ?? keyID).map(openPGPHex)
    }
}

/// Bytes in upper-case hex, as OpenPGP programs print fingerprints.
func openPGPHex(_ bytes: [UInt8]) -> [UInt8] {
    Hex.encode(bytes).map { $0 >= UInt8(ascii: "a") ? $0 - 0x20 : $0 }
}
