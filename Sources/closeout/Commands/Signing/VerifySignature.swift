import ArgumentParser
import Encodings
import Files
import OpenSSL
import Reports
import Signatures
import Verification

/// Verifies one signature over one file (docs/command-line.md, "verify-signature").
struct VerifySignature: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-signature",
        abstract: "Verify a signature of any known format over any single file.")

    /// The most bytes of a file that is checked here.
    private static let fileLimit = 1 << 31

    @OptionGroup var common: CommonOptions

    @Argument(help: "The signed file.", transform: pathArgument)
    var file: [UInt8]

    @Argument(help: "The signature.", transform: pathArgument)
    var signature: [UInt8]

    @OptionGroup var trust: TrustOptions

    @Option(help: ArgumentHelp("The format, where the content does not tell.", valueName: "format"))
    var type: String?

    @Option(
        help: ArgumentHelp("Judge as of this instant and not now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    @Option(help: "How it is printed.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let loaded = try trust.load()
        guard let policy = loaded.policy else {
            throw CommandFailure(
                .usage, "nobody is trusted", hint: "give --trust POLICY or --key PUB")
        }
        try requirePins(loaded, policy)
        let bytes = try readFile(signature, limit: SignatureFormat.largestFile)
        let signatureFormat = try signatureFormat(named: type, of: bytes, at: signature)
        let content = try readFile(file, limit: Self.fileLimit)
        let instant = asOf ?? context.now
        let judge = Judge(policy: policy, asOf: instant, release: nil)
        let judgements = try judge.judge(
            bytes, as: signatureFormat, over: .file(content, named: file))
        let verdict = Self.verdict(judgements, policyHasExpired: policy.hasExpired(at: instant))
        if format == .json {
            let lines = judgements.map { SignatureLine($0, at: signature).json }
            let json: JSON = [
                "verdict": JSON(verdict.rawValue), "as_of": JSON(instant.description),
                "signatures": .array(lines),
            ]
            try context.console.result(json.canonicalBytes + [UInt8(ascii: "\n")])
            guard verdict == .verified else { throw ExitStatus(verdict).code }
            return
        }
        var lines = [
            "\(verdict.rawValue) \(printable(file)) · "
                + (asOf == nil ? "judged now, \(instant)" : "judged as of \(instant)")
        ]
        if policy.hasExpired(at: instant) { lines.append("  the policy has expired") }
        for judgement in judgements {
            lines.append("  " + Self.line(judgement))
        }
        try context.console.result(lines.joined(separator: "\n") + "\n")
        guard verdict == .verified else { throw ExitStatus(verdict).code }
    }

    /// Verified by at least one key in good standing, and contradicted by nothing.
    static func verdict(
        _ judgements: [SignatureJudgement], policyHasExpired: Bool
    ) -> Verdict {
        if judgements.contains(where: { $0.effect == .fails }) { return .failed }
        if judgements.contains(where: { $0.effect == .counts }) {
            return policyHasExpired ? .incomplete : .verified
        }
        return judgements.contains { $0.effect == .refused } ? .failed : .incomplete
    }

    private static func line(_ judgement: SignatureJudgement) -> String {
        var parts = [judgement.format.name]
        if judgement.effect != .fails, let key = judgement.key {
            parts.append("\(key.id) (\(key.operator))")
            if let algorithm = judgement.algorithm { parts.append(algorithm.rawValue) }
        } else if let hint = judgement.hint {
            parts.append("claims \(printable(hint))")
        }
        parts.append(judgement.outcome.reason)
        if let remark = judgement.remarkLine { parts.append(remark) }
        return parts.joined(separator: " · ")
    }

    private func requirePins(_ trust: Trust, _ policy: TrustPolicy) throws {
        if let digest = trust.digest, digest != policy.digest {
            throw CommandFailure(.failed, "the policy's SHA-256 is \(policy.digest.hex)")
        }
        if let version = trust.minimumVersion, policy.version < version {
            throw CommandFailure(.failed, "the policy's version is \(policy.version)")
        }
    }
}

/// The format that was named, or the one that the content shows.
func signatureFormat(
    named name: String?, of bytes: [UInt8], at path: [UInt8]
) throws -> SignatureFormat {
    if let name {
        guard let format = SignatureFormat(named: name) else {
            throw CommandFailure(
                .usage, "there is no signature format \(printable(Array(name.utf8)))",
                hint: "use one of \(SignatureFormat.all.map(\.name).joined(separator: ", "))")
        }
        return format
    }
    switch SignatureFormat.recognise(bytes) {
    case .format(let format): return format
    case .ambiguous(let formats):
        throw CommandFailure(
            .malformed,
            "\(printable(path)) could be \(formats.map(\.name).joined(separator: " or "))",
            hint: "say which with --type")
    case .unknown:
        throw CommandFailure(
            .malformed, "\(printable(path)) is no signature of a known format",
            hint: "say which format it is with --type")
    }
}
