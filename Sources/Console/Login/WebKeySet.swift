import CloseoutEncodings
import CloseoutOpenSSL

/// The keys of an issuer, by their ids (RFC 7517, RFC 7518 and RFC 8037).
struct WebKeySet: Sendable {
    /// A key, with the one algorithm that it is for where the issuer names one.
    struct Key: Sendable {
        let key: PublicKey
        let algorithm: JWSAlgorithm?
    }

    /// Why bytes are no set of keys.
    enum Refusal: Error, Equatable {
        /// They are no JSON with a list of objects in `keys`.
        case malformed
        /// There are more than `most` of them.
        case tooMany
        /// Two keys have one id, so that it does not say which is meant.
        case sameID
    }

    /// The most keys.
    static let most = 64
    /// The fewest bits of an RSA modulus.
    private static let leastModulus = 2048

    private var keys: [[UInt8]: Key] = [:]

    /// Reads a set; what is no key for signatures of a known type, or has no id, is left out.
    ///
    /// - Throws: `Refusal`.
    init(parsing bytes: [UInt8]) throws(Refusal) {
        var given: [Fields] = []
        var isSet = false
        do {
            var reader = try ForeignJSONReader(bytes, limits: JSONLimits(depth: 16, bytes: 1 << 20))
            try reader.object { name, reader in
                guard name.isEqual(to: "keys") else { return }
                isSet = try reader.array { reader in
                    var fields = Fields()
                    try reader.object { name, reader in try fields.take(name, &reader) }
                    given.append(fields)
                    guard given.count <= Self.most else { throw Refusal.tooMany }
                }
            }
            try reader.end()
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .malformed
        }
        guard isSet else { throw .malformed }
        var ids: Set<[UInt8]> = []
        for fields in given {
            guard let id = fields.id, !id.isEmpty else { continue }
            guard ids.insert(id).inserted else { throw .sameID }
            keys[id] = fields.key(leastModulus: Self.leastModulus)
        }
    }

    /// The key of an id; nil where there is none.
    subscript(id: [UInt8]) -> Key? { keys[id] }

    /// Whether there is no key in it.
    var isEmpty: Bool { keys.isEmpty }
}

/// The members of a key that count.
private struct Fields {
    private var texts: [String: [UInt8]] = [:]

    private static let names = ["kid", "kty", "use", "alg", "crv", "n", "e", "x", "y"]

    var id: [UInt8]? { texts["kid"] }

    mutating func take(_ name: [UInt8], _ reader: inout ForeignJSONReader) throws {
        guard let known = Self.names.first(where: name.isEqual) else { return }
        // One that is no text counts as one that no key has.
        texts[known] = try reader.string() ?? []
    }

    /// The key; nil where it is none for signatures, or too weak.
    func key(leastModulus: Int) -> WebKeySet.Key? {
        if let use = texts["use"], !use.isEqual(to: "sig") { return nil }
        var algorithm: JWSAlgorithm?
        if let name = texts["alg"] {
            algorithm = JWSAlgorithm.allCases.first { name.isEqual(to: $0.rawValue) }
            guard algorithm != nil else { return nil }
        }
        guard let key = publicKey, key.type != .rsa || key.bits >= leastModulus else { return nil }
        if let algorithm, algorithm.signature.keyType != key.type { return nil }
        return WebKeySet.Key(key: key, algorithm: algorithm)
    }

    private var publicKey: PublicKey? {
        guard let type = texts["kty"] else { return nil }
        if type.isEqual(to: "RSA") {
            guard let modulus = number("n"), let exponent = number("e") else { return nil }
            return try? PublicKey(modulus: modulus, exponent: exponent)
        }
        guard let curve = texts["crv"], let x = number("x") else { return nil }
        if type.isEqual(to: "OKP") {
            return curve.isEqual(to: "Ed25519") ? try? PublicKey(ed25519: x) : nil
        }
        let curves: [(String, KeyType)] = [("P-256", .p256), ("P-384", .p384), ("P-521", .p521)]
        guard type.isEqual(to: "EC"), let y = number("y"),
            let found = curves.first(where: { curve.isEqual(to: $0.0) })?.1,
            let size = found.coordinateSize, x.count == size, y.count == size
        else { return nil }
        return try? PublicKey(point: [4] + x + y, type: found)
    }

    private func number(_ name: String) -> [UInt8]? { texts[name].flatMap(Base64.decodeURL) }
}
