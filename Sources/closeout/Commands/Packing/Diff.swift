import ArgumentParser
import Encodings
import Verification

/// Compares two bundles (docs/command-line.md, "diff").
struct Diff: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Tell in what two bundles differ: files, signers, evidence, decision.")

    @OptionGroup var common: CommonOptions

    @Argument(
        help: ArgumentHelp("A bundle, or a packed one.", valueName: "bundle"),
        transform: pathArgument)
    var first: [UInt8]

    @Argument(
        help: ArgumentHelp("The bundle that it is compared with.", valueName: "other"),
        transform: pathArgument)
    var second: [UInt8]

    @OptionGroup var trust: TrustOptions

    @Option(help: "How it is printed.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        var request = VerificationRequest(trust: try trust.load(), asOf: context.now)
        request.artifacts = .none
        let verifier = Verifier(request: request)
        let difference = BundleDifference(
            try await ComparedBundle(first, by: verifier),
            try await ComparedBundle(second, by: verifier))
        try context.console.result(
            format == .json
                ? difference.json.printedBytes + [UInt8(ascii: "\n")]
                : Array(difference.text.utf8))
        if difference.isInDoubt { throw ExitStatus.failed.code }
        if !difference.isEmpty { throw ExitStatus.different.code }
    }
}
