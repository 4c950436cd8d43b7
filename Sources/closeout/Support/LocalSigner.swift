import ArgumentParser
import Bundles
import Encodings
import OpenSSL
import Signatures
import Verification

/// The options of a signature that is made here.
struct SigningOptions: ParsableArguments {
    /// The names of the formats that are written here.
    private static let formats = SignatureFormat.all.filter(\.canSign).map(\.name)

    @Option(
        help: ArgumentHelp(
            "The format of the signature: \(Self.formats.joined(separator: ", ")); default dsse.",
            valueName: "format"))
    var type: String?

    @Option(
        help: ArgumentHelp(
            "The algorithm of an RSA key: rsa-pss-sha256 (default), rsa-pkcs1-sha256, …384, …512.",
            valueName: "name"))
    var algorithm: String?

    /// How to sign with a key of this type.
    func signer(for key: PublicKey) throws -> LocalSigner {
        let name = type ?? SignatureFormat.dsse.name
        guard let format = SignatureFormat(named: name), format.canSign else {
            throw CommandFailure(
                .usage, "signatures of the format \(printable(name)) are not made here",
                hint: "use one of \(Self.formats.joined(separator: ", "))")
        }
        // SSH has no PSS, which is the usual choice elsewhere.
        let usual = format == .ssh && key.type == .rsa ? SignatureAlgorithm.rsaPKCS1SHA512 : nil
        return LocalSigner(
            format: format,
            algorithm: try algorithmArgument(algorithm ?? usual?.rawValue, for: key))
    }
}

/// The algorithm that was named, or the one that the key's type implies.
func algorithmArgument(_ name: String?, for key: PublicKey) throws -> SignatureAlgorithm {
    guard let name else {
        return SignatureAlgorithm.implied(by: key.type) ?? .rsaPSSSHA256
    }
    guard let algorithm = SignatureAlgorithm(rawValue: name) else {
        let known = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(
            .usage, "there is no algorithm \(printable(Array(name.utf8)))",
            hint: "use one of \(known)")
    }
    guard algorithm.keyType == key.type else {
        throw CommandFailure(
            .usage, "a key of type \(key.type.rawValue) cannot be used with \(algorithm.rawValue)")
    }
    return algorithm
}

/// Signs a seal with a key at hand.
struct LocalSigner {
    let format: SignatureFormat
    let algorithm: SignatureAlgorithm

    /// A signature over `seal` as a file for the bundle.
    func sign(_ seal: [UInt8], with key: borrowing PrivateKey) throws -> NewFile {
        guard let bytes = try format.sign(.seal(seal), with: key, algorithm: algorithm) else {
            throw CommandFailure(.internal, "the format \(format.name) is not written here")
        }
        return NewFile(kind: .signature, mediaType: .signature(format), bytes: bytes)
    }

    /// Whether the bundle has a signature by this key over its seal already.
    func hasSigned(bundle: [UInt8], with key: PublicKey, at now: Instant) throws -> Bool {
        let contents = try BundleFolder(opening: bundle).contents()
        guard let seal = contents.seal else { return false }
        let policy = try TrustPolicy.single(
            key.pem, algorithm: key.type == .rsa ? algorithm : nil,
            in: PolicyContext(acceptingSampleKeys: true))
        let judged = try judgeSealSignatures(
            in: contents, seal: seal, by: Judge(policy: policy, asOf: now, release: nil))
        return judged.flatMap(\.judgements).contains { $0.effect == .counts }
    }
}
