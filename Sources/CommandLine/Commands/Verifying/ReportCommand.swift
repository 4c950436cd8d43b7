import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutReports
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Writes a page that recomputes its report (docs/command-line.md, "report").
struct ReportCommand: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page that shows a report and recomputes it in a browser, offline.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Flag(help: "Write the page that recomputes what it shows; there is no other kind.")
    var selfVerifying = false

    @Flag(help: "Also show what only some may see.")
    var restricted = false

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The page.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var output: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var shipped: ArtifactOptions
    @OptionGroup var time: AsOfOptions
    @OptionGroup var criteria: CriteriaOptions

    func validate() throws {
        guard selfVerifying else {
            throw ValidationError(
                "--self-verifying is missing; `closeout verify BUNDLE --report html=FILE` writes a plain page"
            )
        }
    }

    func execute(_ context: Context) async throws {
        let inputs = CommandInputs(
            bundle: bundle, artifacts: shipped.artifacts, files: [trust.file, criteria.file])
        let file = try ReplacedFile(output, sparing: inputs)
        var request = VerificationRequest(trust: try trust.load(), asOf: time.instant(context))
        request.lockWait = context.lockWait
        request.isAsOfGiven = time.asOf != nil
        request.artifacts = shipped.request
        let progress = ProgressLine(console: context.console)
        request.progress = progress?.progress
        var recheck = RecheckRequest()
        recheck.criteria = try criteria.given()
        recheck.keepsManifest = true
        let whole = try await BundleReader(opening: bundle, waiting: context.lockWait)
        let reader = restricted ? whole : try await whole.publicView()
        let verified = try await verifyBundle(reader, request, recheck)
        progress?.clear()
        let page = try Self.page(of: verified, request.trust.policy)
        try Shortage.check()
        try file.write(page)
        try context.console.result("\(printable(output))\n")
        context.console.note(verified.report.headline)
        if verified.report.verdict == .failed { throw ExitStatus.failed.code }
    }

    private static func page(
        of verified: RecheckedBundle, _ policy: TrustPolicy?
    ) throws -> [UInt8] {
        do throws(SelfVerifyingError) {
            let data = try SelfVerifyingData(
                verified.inspection, showing: verified.report, policy: policy,
                version: productVersion)
            return try render(data)
        } catch {
            throw CommandFailure(
                .malformed, "no page can be made: \(error)",
                hint: "`closeout verify BUNDLE --details` reports everything without a page")
        }
    }

    private static func render(_ data: SelfVerifyingData) throws(SelfVerifyingError) -> [UInt8] {
        do throws(OpenSSLError) { return try SelfVerifyingReport.render(data) } catch {
            throw .failed(error)
        }
    }
}
