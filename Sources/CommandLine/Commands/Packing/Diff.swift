import ArgumentParser
import CloseoutEncodings
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// Compares two bundles (docs/command-line.md, "diff").
struct Diff: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two bundles: files, signers, evidence, decision.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp("A bundle or a packed bundle.", valueName: "bundle"),
        completion: .file(), transform: pathArgument)
    var first: [UInt8]

    @Argument(
        help: ArgumentHelp("The bundle to compare with.", valueName: "other"),
        completion: .file(), transform: pathArgument)
    var second: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var earlier: EarlierTrustOptions
    @OptionGroup var criteria: CriteriaOptions

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        var request = VerificationRequest(trust: try trust.load(), asOf: context.now)
        request.lockWait = context.lockWait
        request.artifacts = .none
        var recheck = RecheckRequest()
        recheck.criteria = try criteria.given()
        recheck.trustedThen = try earlier.policies(for: [first, second], trust.policy)
        recheck.requiresDecision = request.trust.policy?.requiresDecision ?? false
        let difference = try await compareBundles(first, second, request, recheck)
        try context.console.result(
            format == .json
                ? difference.json.printedBytes + [UInt8(ascii: "\n")]
                : Array(difference.text.utf8))
        if difference.isInDoubt { throw ExitStatus.failed.code }
        if !difference.isEmpty { throw ExitStatus.different.code }
        if !difference.isSame { throw ExitStatus.incomplete.code }
    }
}
