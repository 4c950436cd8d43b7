import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// The options of a signature that is made here.
struct SigningOptions: ParsableArguments {
    /// The names of the formats that are written here.
    private static let formats =
        SignatureFormat.all.filter { $0.canSign || $0 == .cms }.map(\.name)

    @Option(
        help: ArgumentHelp(
            "The format of the signature: \(Self.formats.joined(separator: ", ")); default dsse.",
            valueName: "format"),
        completion: .list(Self.formats))
    var type: String?

    @Option(
        help: ArgumentHelp(
            "The algorithm, if the key type has several; default for RSA "
                + "rsa-pss-sha256.",
            valueName: "name"),
        completion: .algorithms)
    var algorithm: String?

    @Option(
        help: ArgumentHelp(
            "For the format cms: the key's certificate chain, in PEM.",
            valueName: "file"),
        completion: .file(), transform: pathArgument)
    var certificate: [UInt8]?

    /// How to sign with a key.
    ///
    /// - Throws: `CommandFailure` where it cannot be signed so.
    func signer(with local: LocalKey) throws -> FormatSigner {
        let key = local.publicKey
        let name = type ?? SignatureFormat.dsse.name
        guard let format = SignatureFormat(named: name), Self.formats.contains(name) else {
            throw CommandFailure(
                .usage, "signatures of the format \(printable(name)) are not made here",
                hint: "use one of \(Self.formats.joined(separator: ", "))")
        }
        guard certificate == nil || format == .cms else {
            throw CommandFailure(
                .usage, "--certificate is for the format cms, and not for \(name)")
        }
        // SSH has no PSS, which is the usual choice elsewhere.
        let usual = format == .ssh && key.type == .rsa ? SignatureAlgorithm.rsaPKCS1SHA512 : nil
        return FormatSigner(
            key: local, format: format,
            algorithm: try algorithmArgument(algorithm ?? usual?.rawValue, for: key),
            certificates: format == .cms ? try certificates(of: key) : [])
    }

    /// The certificates that were given, that of the key first.
    private func certificates(of key: PublicKey) throws -> [Certificate] {
        guard let path = certificate else {
            throw CommandFailure(
                .usage, "a cms signature needs the certificate of the key",
                hint: "give --certificate FILE")
        }
        let file = try readFile(path, limit: SignatureFormat.largestFile)
        let all = try untrustedCertificates(of: file, at: path).certificates
        guard let own = all.first(where: { $0.spki == key.spki }) else {
            throw CommandFailure(
                .usage, "\(printable(path)) holds no certificate of the key",
                hint: "the key's fingerprint is \(key.fingerprint.hex)")
        }
        return [own] + all.filter { $0 != own }
    }
}

/// The algorithm of this name.
///
/// - Throws: `CommandFailure` where there is none.
func algorithmArgument(_ name: String) throws -> SignatureAlgorithm {
    guard let algorithm = SignatureAlgorithm(rawValue: name) else {
        throw CommandFailure(
            .usage, "there is no algorithm \(printable(name))",
            hint: "use one of "
                + SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return algorithm
}

/// The algorithm that was named, or the one that the key's type implies.
func algorithmArgument(_ name: String?, for key: PublicKey) throws -> SignatureAlgorithm {
    guard let name else {
        return SignatureAlgorithm.implied(by: key.type) ?? .rsaPSSSHA256
    }
    let algorithm = try algorithmArgument(name)
    guard algorithm.keyType == key.type else {
        throw CommandFailure(
            .usage, "a key of type \(key.type.rawValue) cannot be used with \(algorithm.rawValue)")
    }
    return algorithm
}
