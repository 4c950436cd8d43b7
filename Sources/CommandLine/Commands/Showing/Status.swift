import ArgumentParser
import CloseoutEncodings
import CloseoutRecords
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Shows the state of a bundle, what is missing and which command comes next (docs/command-line.md, "status").
struct Status: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what a bundle still lacks and the next command.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var earlier: EarlierTrustOptions
    @OptionGroup var material: UntrustedCertificateOptions
    @OptionGroup var criteria: CriteriaOptions

    @OptionGroup var shipped: ArtifactOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        // What is asked for here is what `verify` is asked for, so that both say the same.
        var request = VerificationRequest(trust: try trust.load(), asOf: context.now)
        request.lockWait = context.lockWait
        request.artifacts = shipped.request
        request.certificates = try material.load()
        var recheck = RecheckRequest()
        recheck.criteria = try criteria.given()
        recheck.trustedThen = try earlier.policies(for: [bundle], trust.policy)
        recheck.requiresDecision = request.trust.policy?.requiresDecision ?? false
        let report = try await verifyBundle(at: bundle, request, recheck).report
        if format == .json {
            let json: JSON = ["next": JSON(next(report)), "report": report.json]
            try context.console.result(json)
            return
        }
        let records = report.recordLines.map {
            "record:   \($0.kind.name) \($0.digest.hex.prefix(12)): \($0.state)\n"
        }
        try context.console.result(
            TextReport.brief(report, details: nil) + records.joined()
                + "next:     \(next(report))\n")
    }

    /// The command that brings the bundle a step further.
    private func next(_ report: Report) -> String {
        let path = shellQuoted(bundle)
        let open = report.findings.filter {
            $0.isRequired && [.fail, .unknown].contains($0.status)
        }
        if open.contains(where: { $0.id == .bundleUnlisted && $0.status == .fail }) {
            return "closeout repair \(path)"
        }
        if open.contains(where: { $0.status == .fail }) {
            return
                "closeout verify \(path)\(trust.words)\(shipped.words) --details shows all that is wrong; get an unchanged copy"
        }
        if report.signatures.isEmpty { return "closeout sign \(path) --key KEY" }
        if open.contains(where: { $0.id == .logUncommitted || $0.id == .logCheckpoint }) {
            return "closeout checkpoint \(path) --key LOG-KEY"
        }
        if open.contains(where: { $0.id == .trustGiven }) {
            return "closeout status \(path) --trust POLICY\(shipped.words)"
        }
        if open.contains(where: { $0.id == .signatureThreshold }) {
            return "closeout sign \(path) --key KEY, or closeout request \(path) --for TOOL "
                + "--key-reference KEY for a signer elsewhere"
        }
        let artifacts = shipped.artifacts == nil ? " --artifacts DIR" : shipped.words
        return "closeout verify \(path)\(trust.words)\(artifacts)"
    }
}
