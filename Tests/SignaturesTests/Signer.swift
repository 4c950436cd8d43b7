import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// A key pair that a test signs with.
struct Signer: Sendable {
    let privatePEM: [UInt8]
    let publicKey: PublicKey
    let algorithm: SignatureAlgorithm

    /// Makes a new key.
    init(_ type: KeyType = .ed25519) throws {
        try self.init(PrivateKey.generate(type))
    }

    /// Takes a key of keys-sample/.
    init(sample name: String, algorithm: SignatureAlgorithm? = nil) throws {
        try self.init(
            pem: readFile("\(repositoryRoot)/keys-sample/\(name).pem"), algorithm: algorithm)
    }

    /// Takes a private key that somebody else made.
    init(pem: [UInt8], algorithm: SignatureAlgorithm? = nil) throws {
        try self.init(PrivateKey(parsing: pem, passphrase: nil), algorithm: algorithm)
    }

    private init(
        _ key: borrowing PrivateKey, algorithm: SignatureAlgorithm? = nil
    ) throws {
        privatePEM = try key.pem(passphrase: nil)
        publicKey = key.publicKey
        self.algorithm = algorithm ?? .implied(by: key.publicKey.type) ?? .rsaPSSSHA256
    }

    /// The private key itself.
    func key() throws -> PrivateKey {
        try PrivateKey(parsing: privatePEM, passphrase: nil)
    }

    /// A bare signature over a message.
    func sign(_ message: [UInt8]) throws -> [UInt8] {
        try key().sign(message, algorithm: algorithm)
    }

    /// A DSSE envelope with one signature.
    func envelope(_ content: SignedContent = seal) throws -> DSSEEnvelope {
        try DSSEEnvelope.signing(content, with: key(), algorithm: algorithm)
    }

    /// An entry of a policy for this key; `members` adds to it.
    func entry(
        _ id: String, operator name: String? = nil, _ members: [JSONMember] = []
    ) -> JSON {
        var all = [
            JSONMember("id", JSON(id)), JSONMember("operator", JSON(name ?? id)),
            JSONMember("format", "spki"), JSONMember("key", .string(publicKey.pem)),
        ]
        if publicKey.type == .rsa { all.append(JSONMember("algorithm", JSON(algorithm.rawValue))) }
        return .object(all + members)
    }

    /// A `note` entry for this key as a witness of the given name.
    func witnessEntry(
        _ id: String, operator name: String? = nil, _ members: [JSONMember] = []
    ) throws -> JSON {
        let vkey = try NoteVerifier(
            name: Array(id.utf8), key: publicKey, kind: .cosignatureV1
        ).vkey
        return .object(
            [
                JSONMember("id", JSON(id)), JSONMember("operator", JSON(name ?? id)),
                JSONMember("format", "note"), JSONMember("key", .string(vkey)),
            ] + members)
    }
}

/// What most tests sign: a few bytes that stand for those of a seal.
let seal = SignedContent.seal(Array(#"{"_type":"https://in-toto.io/Statement/v1"}"#.utf8))

/// An instant given as text.
func at(_ text: String) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}

/// A member of a policy entry that is an instant or another text.
func member(_ key: String, _ text: String) -> JSONMember {
    JSONMember(key, JSON(text))
}

/// The `revoked` member of a policy entry.
func revoked(_ instant: String, _ reason: String) -> JSONMember {
    JSONMember("revoked", ["at": JSON(instant), "reason": JSON(reason)])
}

/// A rule of a role.
func rule(_ keys: [String], threshold: Int64 = 1, _ members: [JSONMember] = []) -> JSON {
    .object(
        [
            JSONMember("keys", .array(keys.map { JSON($0) })),
            JSONMember("threshold", .integer(threshold)),
        ] + members)
}

/// A policy document.
func policyDocument(
    _ keys: [JSON], roles: KeyValuePairs<String, JSON>, _ members: [JSONMember] = []
) -> JSON {
    .object(
        [
            JSONMember("kind", "closeout/trust/v1"), JSONMember("version", 1),
            JSONMember("keys", .array(keys)),
            JSONMember("roles", .object(roles.map { JSONMember($0.key, $0.value) })),
        ] + members)
}

/// A policy that is read from such a document and takes sample keys.
func policy(
    _ keys: [JSON], roles: KeyValuePairs<String, JSON>, _ members: [JSONMember] = []
) throws -> TrustPolicy {
    try TrustPolicy(
        parsing: policyDocument(keys, roles: roles, members).canonicalBytes,
        in: PolicyContext(acceptingSampleKeys: true))
}

/// A judge of release `payments`.
func verify(_ policy: TrustPolicy?, asOf: String = "2026-06-01T00:00:00Z") throws
    -> SignatureVerifier
{
    SignatureVerifier(policy: policy, asOf: try at(asOf), release: "payments")
}
