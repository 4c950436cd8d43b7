import CloseoutEncodings
import CloseoutOpenSSL

extension SigstoreRoot.Log {
    /// Reads a log; its identifier must be the one that follows from its key.
    init(_ item: JSONItem, isOfCertificates: Bool) throws(JSONShapeError) {
        var reader = try item.object()
        let address = try reader.present("baseUrl")?.bytes() ?? []
        try reader.constant("hashAlgorithm", "SHA2_256")
        var key = try reader.object("publicKey")
        let bytes = try key.base64("rawBytes")
        let details = try key.required("keyDetails")
        let (publicKey, algorithm) = try Self.key(bytes, details)
        window = try SigstoreWindow(key.required("validFor"))
        try key.finish()
        let stated = try Self.identifier(reader.required("logId"))
        let checkpoint = try reader.present("checkpointKeyId").map {
            item throws(JSONShapeError) in try Self.identifier(item)
        }
        _ = try reader.present("operator")?.bytes()
        try reader.finish()

        let ofKey = publicKey.fingerprint.bytes
        let names = Self.names(of: address)
        if stated == ofKey {
            identifier = ofKey
            name = names.first ?? []
            let isOfBoth = publicKey.type.coordinateSize != nil && !isOfCertificates
            generations = isOfBoth ? [.first, .second] : [.first]
        } else {
            let found =
                isOfCertificates ? nil : try Self.note(names, publicKey, named: stated, item)
            guard let found else {
                throw item.invalid("its logId does not follow from its key and address")
            }
            (name, identifier) = found
            generations = [.second]
        }
        if let checkpoint, !identifier.starts(with: checkpoint) {
            throw item.invalid("its checkpointKeyId does not follow from its key and address")
        }
        guard isOfCertificates || !name.isEmpty else {
            throw item.invalid("its baseUrl names no host")
        }
        self.key = publicKey
        self.algorithm = algorithm
    }

    private static func identifier(_ item: JSONItem) throws(JSONShapeError) -> [UInt8] {
        var reader = try item.object()
        let bytes = try reader.base64("keyId")
        try reader.finish()
        guard bytes.count == 32 || bytes.count == 4 else { throw item.invalid("not 32 bytes") }
        return bytes
    }

    /// The identifier that a key has under a name in signed notes, where it begins as stated.
    private static func note(
        _ names: [[UInt8]], _ key: PublicKey, named stated: [UInt8], _ item: JSONItem
    ) throws(JSONShapeError) -> (name: [UInt8], identifier: [UInt8])? {
        let kind: [UInt8]
        switch key.type {
        case .ed25519: kind = [0x01] + (key.rawEd25519 ?? [])
        case .rsa: kind = [0xFF] + Array("PKIX-RSA-PKCS#1v1.5".utf8) + key.spki
        default: return nil
        }
        for name in names {
            let digest: SHA256Digest
            do { digest = try SHA256Digest.of(name + [0x0A] + kind) } catch {
                throw item.invalid("\(error)")
            }
            if digest.bytes.starts(with: stated) { return (name, digest.bytes) }
        }
        return nil
    }

    /// The names that a log of an address can have: its host with the port, and without.
    private static func names(of address: [UInt8]) -> [[UInt8]] {
        let text = String(decoding: address, as: UTF8.self)
        let slash = UInt8(ascii: "/")
        let scheme = ["https://", "http://"].first { address.starts(with: $0.utf8) } ?? ""
        let authority = Array(address.dropFirst(scheme.utf8.count).prefix { $0 != slash })
        guard firstInvalidUTF8(in: address) == nil, !text.contains("@") else { return [] }
        let host = Array(authority.prefix { $0 != UInt8(ascii: ":") })
        return [authority, host].filter { !$0.isEmpty }
    }

    /// A log's key and the one algorithm that its details name.
    private static func key(
        _ bytes: [UInt8], _ details: JSONItem
    ) throws(JSONShapeError) -> (PublicKey, SignatureAlgorithm) {
        let name = try details.string()
        let key: PublicKey
        do {
            key =
                name == "PKCS1_RSA_PKCS1V5"
                ? try PublicKey(pkcs1: bytes) : try PublicKey(spki: bytes)
        } catch { throw details.invalid("its key cannot be read: \(error)") }
        let algorithm: SignatureAlgorithm
        switch (name, key.type, key.bits) {
        case ("PKIX_ECDSA_P256_SHA_256", .p256, _): algorithm = .ecdsaP256SHA256
        case ("PKIX_ECDSA_P384_SHA_384", .p384, _): algorithm = .ecdsaP384SHA384
        case ("PKIX_ECDSA_P521_SHA_512", .p521, _): algorithm = .ecdsaP521SHA512
        case ("PKIX_ED25519", .ed25519, _): algorithm = .ed25519
        case ("PKIX_RSA_PKCS1V15_2048_SHA256", .rsa, 2048),
            ("PKIX_RSA_PKCS1V15_3072_SHA256", .rsa, 3072),
            ("PKIX_RSA_PKCS1V15_4096_SHA256", .rsa, 4096):
            algorithm = .rsaPKCS1SHA256
        case ("PKCS1_RSA_PKCS1V5", .rsa, 2048...): algorithm = .rsaPKCS1SHA256
        default:
            throw details.invalid("not an algorithm that is read here, or not of this key")
        }
        return (key, algorithm)
    }
}
