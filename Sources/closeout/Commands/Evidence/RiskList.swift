import ArgumentParser
import Encodings
import OpenSSL
import Records

/// Lists accepted risks (docs/command-line.md, "risk").
struct RiskList: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List accepted risks and what has become of them.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: RecordTrustOptions

    @Option(
        help: ArgumentHelp("Judge at this instant instead of now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    @Option(help: "How it is printed; as json each line is one object.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let evidence = try BundleEvidence(
            bundle: bundle, policy: try trust.policy(), at: asOf ?? context.now)
        let lines = evidence.state.acceptances.map { item -> (String, JSON) in
            let acceptance = item.acceptance
            let text =
                "\(item.status.rawValue)  \(printable(Array(acceptance.finding.utf8)))  "
                + "until \(acceptance.expires)  owner \(printable(Array(acceptance.owner.utf8)))  "
                + evidence.path(of: item.record.digest)
            return (
                text,
                [
                    "status": JSON(item.status.rawValue), "finding": JSON(acceptance.finding),
                    "expires": JSON(acceptance.expires.description),
                    "owner": JSON(acceptance.owner), "record": JSON(item.record.digest.hex),
                ]
            )
        }
        try context.console.result(printed(lines, as: format))
    }
}
