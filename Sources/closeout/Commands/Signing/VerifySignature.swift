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

    @OptionGroup var common: CommonOptions

    @Argument(help: "The signed file.", transform: pathArgument)
    var file: [UInt8]

    @Argument(help: "The signature.", transform: pathArgument)
    var signature: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var material: MaterialOptions

    @Option(
        help: ArgumentHelp("A time-stamp of the signature, of RFC 3161.", valueName: "file"),
        transform: pathArgument)
    var token: [UInt8]?

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
        let bytes = try readSignatureFile(signature)
        let signatureFormat = try signatureFormat(named: type, of: bytes, at: signature)
        var content = try SignedFile(opening: file)
        let judge = Judge(
            policy: policy, asOf: asOf ?? context.now, release: nil, material: try material.load())
        let stamps = try token.map {
            try TimeStampReading($0, over: signatureFormat.timeStampedBytes(of: bytes), by: judge)
        }
        let judgements = try judge.judge(
            bytes, as: signatureFormat, over: &content, named: file,
            stamps: TimeStamps(stamps?.stamps ?? []))
        let verdict =
            stamps?.isWrong == true
            ? .failed
            : Self.verdict(judgements, policyHasExpired: policy.hasExpired(at: judge.asOf))
        try tell(verdict, judgements, stamps, by: judge, context)
        guard verdict == .verified else { throw ExitStatus(verdict).code }
    }

    private func tell(
        _ verdict: Verdict, _ judgements: [SignatureJudgement], _ stamp: TimeStampReading?,
        by judge: Judge, _ context: Context
    ) throws {
        let instant = judge.asOf
        if format == .json {
            var members = [
                JSONMember("verdict", JSON(verdict.rawValue)),
                JSONMember("as_of", JSON(instant.description)),
                JSONMember(
                    "signatures",
                    .array(judgements.map { SignatureLine($0, at: signature).json })),
            ]
            if let stamp { members.append(JSONMember("timestamp", JSON(stamp.words))) }
            try context.console.result(JSON.object(members))
            return
        }
        var lines = [
            "\(verdict.rawValue) \(printable(file)) · "
                + (asOf == nil ? "judged now, \(instant)" : "judged as of \(instant)")
        ]
        if judge.policy?.hasExpired(at: instant) == true {
            lines.append("  the policy has expired")
        }
        for judgement in judgements {
            lines.append("  " + Self.line(judgement))
            if let remedy = judgement.remedy { lines.append("  hint: \(remedy)") }
        }
        if let stamp { lines.append("  time-stamp · \(stamp.words)") }
        try context.console.result(lines.joined(separator: "\n") + "\n")
    }

    /// Verified by at least one key in good standing, and contradicted by nothing.
    static func verdict(
        _ judgements: [SignatureJudgement], policyHasExpired: Bool
    ) -> Verdict {
        if judgements.contains(where: { $0.effect == .fails || $0.timeStampDefect != nil }) {
            return .failed
        }
        if judgements.contains(where: { $0.effect == .counts }) {
            return policyHasExpired ? .incomplete : .verified
        }
        return judgements.contains { $0.effect == .refused } ? .failed : .incomplete
    }

    private static func line(_ judgement: SignatureJudgement) -> String {
        var parts = [judgement.format.name]
        if judgement.isMadeByKey, let key = judgement.key {
            parts.append("\(key.id) (\(key.operator))")
            if let algorithm = judgement.algorithm { parts.append(algorithm.rawValue) }
            if let end = judgement.keyOwnEnd { parts.append("its key's own end \(end)") }
        } else if let hint = judgement.hint {
            parts.append("claims \(printable(hint))")
        }
        parts.append(judgement.outcome.reason)
        if let proof = judgement.timeProof { parts.append("at \(proof)") }
        if let defect = judgement.timeStampDefect { parts.append("its time-stamp: \(defect)") }
        if let remark = judgement.remarkLine { parts.append(remark) }
        return parts.joined(separator: " · ")
    }

    private func requirePins(_ trust: Trust, _ policy: TrustPolicy) throws {
        if let digest = trust.digest, digest != policy.digest {
            throw CommandFailure(
                .failed,
                "the policy has the SHA-256 \(policy.digest.hex), and \(digest.hex) is demanded")
        }
        if let version = trust.minimumVersion, policy.version < version {
            throw CommandFailure(
                .failed,
                "the policy is of version \(policy.version), and at least \(version) is demanded")
        }
    }
}
