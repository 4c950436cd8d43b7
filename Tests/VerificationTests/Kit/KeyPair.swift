import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// A fresh key pair that a test signs with, and how a policy speaks of it.
struct KeyPair: Sendable {
    let pem: [UInt8]
    let publicKey: PublicKey

    init(_ type: KeyType = .ed25519) throws {
        let key = try PrivateKey.generate(type)
        pem = try key.pem(passphrase: nil)
        publicKey = key.publicKey
    }

    init(pem: [UInt8]) throws {
        self.pem = pem
        publicKey = try PrivateKey(parsing: pem, passphrase: nil).publicKey
    }

    func key() throws -> PrivateKey { try PrivateKey(parsing: pem, passphrase: nil) }

    /// A DSSE envelope over the bytes of a seal.
    func envelope(_ seal: [UInt8]) throws -> [UInt8] { try sign(seal, as: .dsse) }

    /// A signature file over the bytes of a seal.
    func sign(_ seal: [UInt8], as format: SignatureFormat) throws -> [UInt8] {
        let algorithm = SignatureAlgorithm.implied(by: publicKey.type) ?? .rsaPSSSHA256
        return try #require(try format.sign(.seal(seal), with: key(), algorithm: algorithm))
    }

    /// The key's entry in a policy; `members` adds to it.
    func entry(_ id: String, _ operator: String, _ members: [JSONMember] = []) -> JSON {
        var all = [
            JSONMember("id", JSON(id)), JSONMember("operator", JSON(`operator`)),
            JSONMember("format", "spki"), JSONMember("key", .string(publicKey.pem)),
        ]
        if publicKey.type == .rsa { all.append(JSONMember("algorithm", "rsa-pss-sha256")) }
        return .object(all + members)
    }

    /// The key's entry as that of a witness, whose name is the id.
    func witness(_ id: String, _ operator: String) throws -> JSON {
        let name = Array(id.utf8)
        let vkey = try NoteVerifier(name: name, key: publicKey, kind: .cosignatureV1).vkey
        return [
            "id": JSON(id), "operator": JSON(`operator`), "format": "note", "key": .string(vkey),
        ]
    }
}

/// A trust policy as a test writes it down.
struct PolicyDraft: Sendable {
    var keys: [JSON]
    var roles: [String: JSON]
    var members: [JSONMember] = []
    var acceptsSamples = false

    var bytes: [UInt8] {
        let roles = roles.map { JSONMember($0.key, $0.value) }
        return JSON.object(
            [
                JSONMember("kind", "closeout/trust/v1"), JSONMember("version", 1),
                JSONMember("keys", .array(keys)), JSONMember("roles", .object(roles)),
            ] + members
        ).canonicalBytes
    }

    func policy() throws -> TrustPolicy {
        try TrustPolicy(
            parsing: bytes, in: PolicyContext(acceptingSampleKeys: acceptsSamples))
    }
}

/// A role's rule.
func rule(_ keys: String..., threshold: Int64 = 1) -> JSON {
    ["keys": .array(keys.map { JSON($0) }), "threshold": .integer(threshold)]
}

/// The members that give a key its window.
func window(from start: String? = nil, to end: String? = nil) -> [JSONMember] {
    [
        start.map { JSONMember("not_before", JSON($0)) },
        end.map { JSONMember("not_after", JSON($0)) },
    ]
    .compactMap(\.self)
}

/// The member that revokes a key.
func revoked(_ instant: String, _ reason: String) -> [JSONMember] {
    [JSONMember("revoked", ["at": JSON(instant), "reason": JSON(reason)])]
}

/// An instant given as text.
func at(_ text: String) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
