import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// Somebody who signs in one format, and as whom a policy knows them.
protocol FormatSigner: Sendable {
    /// An entry of a policy; `members` adds to it.
    func entry(_ id: String, operator name: String?, _ members: [JSONMember]) throws -> JSON

    /// A file with one signature over content.
    func file(over content: SignedContent) throws -> [UInt8]

    /// The pieces of such a file that no signature covers and no reader needs.
    var hints: [[UInt8]] { get throws }
}

extension FormatSigner {
    /// An entry whose operator has the entry's id.
    func entry(_ id: String, _ members: [JSONMember] = []) throws -> JSON {
        try entry(id, operator: nil, members)
    }
}

/// A format that is judged over seals, and new signers in it.
struct SigningFormat: Sendable, CustomTestStringConvertible {
    let format: SignatureFormat

    var testDescription: String { format.name }

    /// Every format but two: a note is over its own text, and a cleartext document over none else.
    static let all: [SigningFormat] = SignatureFormat.all
        .filter { ![.note, .openPGPCleartext].contains($0) }.map(SigningFormat.init)

    /// Whether a signature says whose it is: then it must be by that key.
    var namesSigner: Bool {
        ![.raw, .rawBase64, .vault, .awsKMS, .azureKeyVault].contains(format)
    }

    /// A new key, or one of keys-sample/.
    func signer(fromSamples: Bool = false) async throws -> any FormatSigner {
        func signer(_ type: KeyType) throws -> Signer {
            try fromSamples ? Signer(sample: type.rawValue) : Signer(type)
        }
        switch format {
        case .minisign, .signify:
            return NumberedFormatSigner(
                format: format, signer: NumberedSigner(signer: try signer(.ed25519)))
        case .openPGP:
            return OpenPGPFormatSigner(maker: OpenPGPMaker(signer: try signer(.ed25519)))
        case .cms:
            return fromSamples ? try .sample() : try await CertifiedSigner.make()
        case .sigstore:
            return PlainSigner(format: format, signer: try signer(.p256))
        default:
            return PlainSigner(format: format, signer: try signer(.ed25519))
        }
    }
}

/// A plain key that signs in a format written here, or in one that carries bare signatures.
private struct PlainSigner: FormatSigner {
    let format: SignatureFormat
    let signer: Signer

    func entry(_ id: String, operator name: String?, _ members: [JSONMember]) -> JSON {
        signer.entry(id, operator: name, members)
    }

    func file(over content: SignedContent) throws -> [UInt8] {
        if let file = try format.sign(content, with: signer.key(), algorithm: signer.algorithm) {
            return file
        }
        let base64 = Base64.encode(try signer.sign(content.bytes))
        switch format {
        case .rawBase64: return base64
        case .vault: return Array("vault:v1:".utf8) + base64
        case .awsKMS:
            let reply: JSON = [
                "KeyId": "k", "Signature": .string(base64), "SigningAlgorithm": "ED25519_SHA_512",
            ]
            return reply.canonicalBytes
        case .azureKeyVault:
            let replaced: [UInt8: UInt8] = [
                UInt8(ascii: "+"): UInt8(ascii: "-"), UInt8(ascii: "/"): UInt8(ascii: "_"),
            ]
            return base64.filter { $0 != UInt8(ascii: "=") }.map { replaced[$0] ?? $0 }
        default: throw MalformedSample()
        }
    }

    var hints: [[UInt8]] {
        get throws {
            switch format {
            case .dsse: [Array(#""keyid":"\#(signer.publicKey.fingerprint.hex)""#.utf8)]
            case .sigstore: [Hex.encode(try digest(.sha256, of: signer.publicKey.pem))]
            case .awsKMS: [Array(#""KeyId":"k""#.utf8)]
            case .vault: [Array("1".utf8)]
            default: []
            }
        }
    }
}

/// A key of minisign or signify, under a number of its own.
private struct NumberedFormatSigner: FormatSigner {
    let format: SignatureFormat
    let signer: NumberedSigner

    init(format: SignatureFormat, signer: NumberedSigner) {
        self.format = format
        var signer = signer
        signer.number = Array(signer.signer.publicKey.spki.suffix(8))
        self.signer = signer
    }

    func entry(_ id: String, operator name: String?, _ members: [JSONMember]) throws -> JSON {
        try keyEntry(id, format.name, signer.publicKey(), operator: name, members)
    }

    func file(over content: SignedContent) throws -> [UInt8] {
        try format == .minisign
            ? signer.minisign(content.bytes) : signer.signify(content.bytes)
    }

    var hints: [[UInt8]] {
        [Array((format == .minisign ? "words" : "verify with k.pub").utf8)]
    }
}

private struct OpenPGPFormatSigner: FormatSigner {
    let maker: OpenPGPMaker

    func entry(_ id: String, operator name: String?, _ members: [JSONMember]) throws -> JSON {
        try keyEntry(id, "openpgp", openPGPText(maker.key()), operator: name, members)
    }

    func file(over content: SignedContent) throws -> [UInt8] {
        try maker.file(over: content.bytes)
    }

    var hints: [[UInt8]] { get throws { [try maker.fingerprint.suffix(8)] } }
}

/// The holder of a certificate, whom a policy knows by the anchor and the key's digest.
private struct CertifiedSigner: FormatSigner {
    let anchor: [UInt8]
    let certificate: Certificate
    let signer: Signer

    /// Has an authority of its own certify a new key.
    static func make() async throws -> CertifiedSigner {
        var made: CertifiedSigner?
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify("leaf")
            made = CertifiedSigner(
                anchor: try root.own.certificate(), certificate: try read(leaf),
                signer: try Signer(pem: leaf.key()))
        }
        return try #require(made)
    }

    func entry(_ id: String, operator name: String?, _ members: [JSONMember]) throws -> JSON {
        let holder = member("leaf_spki", try SHA256Digest.of(certificate.spki).hex)
        return keyEntry(
            id, "x509", anchor, operator: name, [holder, member("revocation", "none")] + members)
    }

    func file(over content: SignedContent) throws -> [UInt8] {
        try SignatureFormat.signCMS(
            content, with: signer.key(), certificates: [certificate], algorithm: signer.algorithm)
    }

    var hints: [[UInt8]] { [] }
}

extension FormatSigner where Self == CertifiedSigner {
    /// The one that the authority of keys-sample/ has certified.
    fileprivate static func sample() throws -> CertifiedSigner {
        func sample(_ name: String) throws -> [UInt8] {
            try readFile("\(repositoryRoot)/keys-sample/\(name).crt.pem")
        }
        return CertifiedSigner(
            anchor: try sample("authority"), certificate: try Certificate(parsing: sample("p256")),
            signer: try Signer(sample: "p256"))
    }
}

private func keyEntry(
    _ id: String, _ format: String, _ key: [UInt8], operator name: String?, _ members: [JSONMember]
) -> JSON {
    .object(
        [
            JSONMember("id", JSON(id)), JSONMember("operator", JSON(name ?? id)),
            JSONMember("format", JSON(format)), JSONMember("key", .string(key)),
        ] + members)
}

/// What signatures alone make of a verdict; see "Effects" of docs/signatures.md.
enum SignatureVerdictWord: Equatable {
    /// Every demanded role has its operators.
    case met
    /// Nothing is wrong, and some role lacks operators.
    case incomplete
    case failed
}

/// A signature file with what proves its time.
struct SignatureFile {
    let bytes: [UInt8]
    let format: SignatureFormat
    var proofs: [TimeProof] = []

    init(bytes: [UInt8], format: SignatureFormat, proofs: [TimeProof] = []) {
        self.bytes = bytes
        self.format = format
        self.proofs = proofs
    }

    /// What somebody signs over `seal` in a format.
    init(_ format: SigningFormat, _ signer: any FormatSigner) throws {
        self.init(bytes: try signer.file(over: seal), format: format.format)
    }
}

/// Judges files over `seal` for the role `release`, as the effects table says.
func verdict(
    _ files: [SignatureFile], _ policy: TrustPolicy, asOf: String = "2026-06-01T00:00:00Z"
) throws -> SignatureVerdictWord {
    let verifier = try verify(policy, asOf: asOf)
    let results = try files.flatMap {
        try verifier.verify($0.bytes, as: $0.format, over: seal, proofs: $0.proofs)
    }
    let tally = try #require(verifier.tally(.release, results))
    if results.contains(where: { $0.effect == .fails }) || tally.isMissedByRefusal {
        return .failed
    }
    return tally.isMet ? .met : .incomplete
}

/// A proof of time by an operator that signs nothing else.
func proof(_ instant: String, by name: String = "witness") throws -> TimeProof {
    TimeProof(instant: try at(instant), source: .witness(keyID: "w"), operator: name)
}
