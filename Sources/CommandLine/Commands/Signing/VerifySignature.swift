import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Verifies one signature over one file (docs/command-line.md, "verify-signature").
struct VerifySignature: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-signature",
        abstract: "Verify a signature of any known format over any single file.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The signed file.", completion: .file(), transform: pathArgument)
    var file: [UInt8]

    @Argument(help: "The signature.", completion: .file(), transform: pathArgument)
    var signature: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var material: UntrustedCertificateOptions

    @Option(
        help: ArgumentHelp("An RFC 3161 time-stamp of the signature.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var token: [UInt8]?

    @Option(
        help: ArgumentHelp("The format, if it cannot be recognised.", valueName: "format"),
        completion: .signatureFormats)
    var type: String?

    @OptionGroup var time: AsOfOptions

    @Option(help: "Output format.")
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
        let verifier = SignatureVerifier(
            policy: policy, asOf: time.instant(context), release: nil,
            material: try material.load())
        let stamps = try token.map {
            try TimeStampReading(
                $0, over: signatureFormat.timeStampedBytes(of: bytes), by: verifier)
        }
        let results = try verifier.verify(
            bytes, as: signatureFormat, over: &content, named: file,
            stamps: TimeStamps(stamps?.stamps ?? []))
        let verdict =
            stamps?.isWrong == true
            ? .failed
            : Verdict(on: results, under: policy, asOf: verifier.asOf)
        try summarise(verdict, results, stamps, by: verifier, context)
        guard verdict == .verified else { throw ExitStatus(verdict).code }
    }

    private func summarise(
        _ verdict: Verdict, _ results: [SignatureResult], _ stamp: TimeStampReading?,
        by verifier: SignatureVerifier, _ context: Context
    ) throws {
        let instant = verifier.asOf
        if format == .json {
            var members = [
                JSONMember("verdict", JSON(verdict.rawValue)),
                JSONMember("as_of", JSON(instant.description)),
                JSONMember(
                    "signatures",
                    .array(results.map { Self.json($0, at: signature) })),
            ]
            if let stamp { members.append(JSONMember("timestamp", JSON(stamp.words))) }
            try context.console.result(JSON.object(members))
            return
        }
        var lines = [
            "\(verdict.rawValue) \(printable(file)) · "
                + "as of \(instant)" + (time.asOf == nil ? " (now)" : "")
        ]
        if verifier.policy?.hasExpired(at: instant) == true {
            lines.append("  the policy has expired")
        }
        for result in results {
            lines.append("  " + Self.line(result))
            for step in result.steps where step.status == .fail || step.status == .unknown {
                lines.append("    sigstore.\(step.step.rawValue)  \(step.reason)")
            }
            if let remedy = result.remedy { lines.append("  hint: \(remedy)") }
        }
        if let stamp { lines.append("  time-stamp · \(stamp.words)") }
        try context.console.result(lines.joined(separator: "\n") + "\n")
    }

    /// A signature as a report has it, with the steps of a Sigstore bundle with a certificate.
    private static func json(_ result: SignatureResult, at path: [UInt8]) -> JSON {
        let line = SignatureLine(result, at: path).json
        guard case .object(let members) = line, !result.steps.isEmpty else { return line }
        let steps = result.steps.map { step -> JSON in
            let status =
                switch step.status {
                case .pass: "pass"
                case .fail: "fail"
                case .unknown: "unknown"
                case .notApplicable: "not_applicable"
                }
            return [
                "id": JSON("sigstore.\(step.step.rawValue)"), "status": JSON(status),
                "reason": JSON(step.reason),
            ]
        }
        return .object(members + [JSONMember("steps", .array(steps))])
    }

    private static func line(_ result: SignatureResult) -> String {
        var parts = [result.format.name]
        if result.isMadeByKey, let key = result.key {
            parts.append("\(key.id) (\(key.operator))")
            if let algorithm = result.algorithm { parts.append(algorithm.rawValue) }
            if let end = result.keyOwnEnd { parts.append("its key's own end \(end)") }
        } else if let hint = result.hint {
            parts.append("claims \(printable(hint))")
        }
        parts.append(result.outcome.reason)
        if let proof = result.timeProof { parts.append("at \(proof)") }
        if let defect = result.timeStampDefect { parts.append("its time-stamp: \(defect)") }
        if let remark = result.remarkLine { parts.append(remark) }
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
