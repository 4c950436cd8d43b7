/// A signature algorithm as a signer states it, with all its parameters.
struct StatedAlgorithm: Equatable {
    let algorithm: SignatureAlgorithm
    /// The length of the salt where the algorithm is RSA-PSS.
    var salt = PSSSalt.hashLength
    /// Why it is not accepted as it is written, although it is known which one it is.
    var refusal: AlgorithmRefusal?
}

/// Why a signature's algorithm is not accepted, as a sentence.
struct AlgorithmRefusal: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension SignerInfo {
    /// The algorithm of the closed list that the signer states, for a key of this type (RFC 3370,
    /// 4056, 5754, 8419).
    ///
    /// - Throws: ``AlgorithmRefusal``, which says what is stated in its place.
    func statedAlgorithm(of type: KeyType) throws(AlgorithmRefusal) -> StatedAlgorithm {
        guard let hash = DigestAlgorithm(objectIdentifier: digest) else {
            let name = Self.weakDigests[digest] ?? "the digest \(digest)"
            throw AlgorithmRefusal("\(name) is not accepted")
        }
        let stated = try stated(hash, of: type)
        guard stated.algorithm.keyType == type else {
            throw AlgorithmRefusal(
                "it states \(stated.algorithm.rawValue), and its key is of type \(type.rawValue)")
        }
        return stated
    }

    private func stated(
        _ hash: DigestAlgorithm, of type: KeyType
    ) throws(AlgorithmRefusal) -> StatedAlgorithm {
        switch algorithm.identifier {
        case "1.2.840.113549.1.1.1":
            return try only(Self.pkcs1(hash), refusal(unless: [.null, .absent]))
        case "1.2.840.113549.1.1.11": return try pkcs1(hash, stated: .sha256)
        case "1.2.840.113549.1.1.12": return try pkcs1(hash, stated: .sha384)
        case "1.2.840.113549.1.1.13": return try pkcs1(hash, stated: .sha512)
        case "1.2.840.113549.1.1.10": return try pss(hash)
        case "1.2.840.10045.4.3.2": return try ecdsa(hash, stated: .sha256, of: type)
        case "1.2.840.10045.4.3.3": return try ecdsa(hash, stated: .sha384, of: type)
        case "1.2.840.10045.4.3.4": return try ecdsa(hash, stated: .sha512, of: type)
        case Self.ed25519:
            // Without attributes it would sign the content itself, which RFC 8419 allows under any
            // digest.
            try demand(hash, is: .sha512)
            return try only(.ed25519, refusal(unless: [.absent]))
        default:
            let name = Self.weakAlgorithms[algorithm.identifier]
            throw AlgorithmRefusal(
                "\(name ?? "the algorithm \(algorithm.identifier)") is not accepted")
        }
    }

    /// What is against the parameters of an algorithm that has none that matter.
    private func refusal(
        unless allowed: [AlgorithmIdentifier.Parameters]
    ) -> AlgorithmRefusal? {
        guard !allowed.contains(algorithm.parameters) else { return nil }
        return AlgorithmRefusal(
            "the parameters of the algorithm \(algorithm.identifier) must be "
                + (allowed.contains(.null) ? "NULL or absent" : "absent"))
    }

    private func demand(
        _ hash: DigestAlgorithm, is stated: DigestAlgorithm
    ) throws(AlgorithmRefusal) {
        guard hash != stated else { return }
        throw AlgorithmRefusal(
            "the digest \(hash.rawValue) beside an algorithm with \(stated.rawValue) "
                + "is not accepted")
    }

    private func only(
        _ algorithm: SignatureAlgorithm?, _ refusal: AlgorithmRefusal? = nil
    ) throws(AlgorithmRefusal) -> StatedAlgorithm {
        guard let algorithm else { throw AlgorithmRefusal("its digest is not accepted") }
        return StatedAlgorithm(algorithm: algorithm, refusal: refusal)
    }

    private func pkcs1(
        _ hash: DigestAlgorithm, stated: DigestAlgorithm
    ) throws(AlgorithmRefusal) -> StatedAlgorithm {
        try demand(hash, is: stated)
        return try only(Self.pkcs1(hash), refusal(unless: [.null, .absent]))
    }

    private func ecdsa(
        _ hash: DigestAlgorithm, stated: DigestAlgorithm, of type: KeyType
    ) throws(AlgorithmRefusal) -> StatedAlgorithm {
        try demand(hash, is: stated)
        guard let algorithm = SignatureAlgorithm.ecdsa(type, hash) else {
            throw AlgorithmRefusal("it states ECDSA, and its key is of type \(type.rawValue)")
        }
        return try only(algorithm, refusal(unless: [.absent]))
    }

    private static func pkcs1(_ hash: DigestAlgorithm) -> SignatureAlgorithm? {
        SignatureAlgorithm.allCases.first { $0.padding == .pkcs1 && $0.digest == hash }
    }

    static let ed25519 = "1.3.101.112"
    private static let weakDigests = [
        "1.3.14.3.2.26": "the digest SHA-1", "1.2.840.113549.2.5": "the digest MD5",
        "2.16.840.1.101.3.4.2.4": "the digest SHA-224",
    ]
    private static let weakAlgorithms = [
        "1.2.840.113549.1.1.4": "RSA with MD5", "1.2.840.113549.1.1.5": "RSA with SHA-1",
        "1.2.840.10045.4.1": "ECDSA with SHA-1", "1.2.840.10040.4.3": "DSA with SHA-1",
    ]
}

// MARK: RSA-PSS

extension SignerInfo {
    /// PSS with MGF1 over the same hash, and whatever salt is stated (RFC 4055, 3.1).
    private func pss(_ hash: DigestAlgorithm) throws(AlgorithmRefusal) -> StatedAlgorithm {
        guard case .sequence(let encoded) = algorithm.parameters,
            let parameters = PSSParameters(encoded)
        else { throw AlgorithmRefusal("the parameters of RSA-PSS are malformed") }
        guard parameters.hash == hash.objectIdentifier else {
            let name = Self.weakDigests[parameters.hash] ?? "the digest \(parameters.hash)"
            throw AlgorithmRefusal("RSA-PSS with \(name) beside \(hash.rawValue) is not accepted")
        }
        guard parameters.maskHash == parameters.hash, parameters.trailer == 1 else {
            throw AlgorithmRefusal(
                "RSA-PSS with another mask or trailer than usual is not accepted")
        }
        let algorithm = SignatureAlgorithm.allCases.first {
            $0.padding == .pss && $0.digest == hash
        }
        var stated = try only(algorithm)
        stated.salt = .exactly(parameters.salt)
        return stated
    }

    /// RSASSA-PSS-params (RFC 4055, 3.1) with MGF1 over the same hash and a salt as long as it.
    static func pssParameters(_ hash: DigestAlgorithm) -> [UInt8] {
        let null = DER.element(.null, [])
        let hashAlgorithm = DER.element(.sequence, hash.encodedIdentifier + null)
        let maskFunction = DER.element(.sequence, PSSParameters.mgf1 + hashAlgorithm)
        let salt = DER.integer([UInt8(hash.size)])
        return DER.element(
            .sequence,
            DER.element(.constructed0, hashAlgorithm) + DER.element(.constructed1, maskFunction)
                + DER.element(.constructed2, salt))
    }
}

/// RSASSA-PSS-params taken apart (RFC 4055, 3.1); what is left out has its default.
private struct PSSParameters {
    var hash = sha1
    var maskHash = sha1
    var salt = 20
    var trailer = 1

    private static let sha1 = "1.3.14.3.2.26"
    static let mgf1 = DER.element(
        .objectIdentifier, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8])

    init?(_ encoded: [UInt8]) {
        var outer = DERReader(encoded[...])
        guard let content = outer.readLast(.sequence) else { return nil }
        var fields = DERReader(content)
        if let explicit = fields.readOptional(.constructed0) {
            guard let hash = Self.digest(explicit) else { return nil }
            self.hash = hash
        }
        if let explicit = fields.readOptional(.constructed1) {
            guard let hash = Self.maskDigest(explicit) else { return nil }
            maskHash = hash
        }
        if let explicit = fields.readOptional(.constructed2) {
            guard let salt = Self.number(explicit) else { return nil }
            self.salt = salt
        }
        if let explicit = fields.readOptional(.constructed3) {
            guard let trailer = Self.number(explicit) else { return nil }
            self.trailer = trailer
        }
        guard fields.isAtEnd else { return nil }
    }

    private static func digest(_ explicit: ArraySlice<UInt8>) -> String? {
        var reader = DERReader(explicit)
        guard let found = reader.readLast(.sequence).flatMap(AlgorithmIdentifier.init),
            found.hasNoParameters
        else { return nil }
        return found.identifier
    }

    private static func maskDigest(_ explicit: ArraySlice<UInt8>) -> String? {
        var reader = DERReader(explicit)
        guard let found = reader.readLast(.sequence).flatMap(AlgorithmIdentifier.init),
            found.identifier == "1.2.840.113549.1.1.8", case .sequence(let inner) = found.parameters
        else { return nil }
        return digest(inner[...])
    }

    private static func number(_ explicit: ArraySlice<UInt8>) -> Int? {
        if explicit.elementsEqual([DERTag.integer.rawValue, 1, 0]) { return 0 }
        var reader = DERReader(explicit)
        guard let magnitude = reader.readPositiveInteger(), magnitude.count <= 2, reader.isAtEnd
        else { return nil }
        return magnitude.reduce(0) { $0 << 8 | Int($1) }
    }
}

extension DigestAlgorithm {
    /// The OBJECT IDENTIFIER in DER; empty for a digest that signatures do not use.
    var encodedIdentifier: [UInt8] {
        let nistHash: [UInt8] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2]
        return switch self {
        case .sha256: DER.element(.objectIdentifier, nistHash + [1])
        case .sha384: DER.element(.objectIdentifier, nistHash + [2])
        case .sha512: DER.element(.objectIdentifier, nistHash + [3])
        case .blake2b512: []
        }
    }

    /// The digest of bytes.
    package func digest(of bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var context = try DigestContext(self)
        try context.update(bytes)
        return try context.finish()
    }
}
