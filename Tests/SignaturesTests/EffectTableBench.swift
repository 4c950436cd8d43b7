import Encodings
import OpenSSL
import Signatures
import Testing

/// A format that tests can make signatures of, together with a key that signs in it.
struct SigningFormat: Sendable, CustomTestStringConvertible {
    let format: SignatureFormat

    var testDescription: String { format.name }

    /// Every format that is written here, and those that merely carry what `raw` writes.
    static let all: [SigningFormat] = SignatureFormat.all.filter { format in
        format.canSign || carriers.contains(format)
    }.map(SigningFormat.init)

    private static let carriers: [SignatureFormat] = [.rawBase64, .vault, .awsKMS, .azureKeyVault]

    /// A new key of the first type that signs in this format, or the one of keys-sample/.
    func signer(fromSamples: Bool = false) throws -> Signer {
        for type in [KeyType.ed25519, .p256, .p384, .rsa] {
            let sample = type == .rsa ? "rsa2048" : type.rawValue
            let signer = try fromSamples ? Signer(sample: sample) : Signer(type)
            if (try? sign(seal, with: signer)) != nil { return signer }
        }
        throw MalformedSample()
    }

    /// A file with one signature over content.
    func sign(_ content: SignedContent = seal, with signer: Signer) throws -> [UInt8] {
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
}

/// Judges files over `seal` for the role `release`, as the effects table says.
func verdict(
    _ files: [SignatureFile], _ policy: TrustPolicy, asOf: String = "2026-06-01T00:00:00Z"
) throws -> SignatureVerdictWord {
    let judge = try judge(policy, asOf: asOf)
    let judgements = try files.flatMap {
        try judge.judge($0.bytes, as: $0.format, over: seal, proofs: $0.proofs)
    }
    let tally = try #require(judge.tally(.release, judgements))
    if judgements.contains(where: { $0.effect == .fails }) || tally.isMissedByRefusal {
        return .failed
    }
    return tally.isMet ? .met : .incomplete
}

/// A proof of time by an operator that signs nothing else.
func proof(_ instant: String, by name: String = "witness") throws -> TimeProof {
    TimeProof(instant: try at(instant), source: .witness(keyID: "w"), operator: name)
}
