import ArgumentParser
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// Lists legal holds (docs/command-line.md, "hold").
struct HoldList: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the holds in force and those that ended.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: PolicyOptions

    @Option(help: "Output format; json prints one object a line.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let evidence = try await BundleEvidence(
            reading: bundle, policy: try trust.load().policy, at: context.now,
            waiting: context.lockWait)
        let lines = evidence.state.holds.map { hold -> (String, JSON) in
            let state = hold.isHeld ? "held" : "released"
            let matter = printable(Array(hold.placement.matter.utf8))
            let custodian = printable(Array(hold.placement.custodian.utf8))
            let shortfall = hold.record.status.shortfall?.reason
            let text =
                "\(state)  \(matter)  custodian \(custodian)  "
                + evidence.path(of: hold.record.digest)
                + (shortfall.map { "  only asserted: \($0)" } ?? "")
            return (
                text,
                [
                    "state": JSON(state), "matter": JSON(hold.placement.matter),
                    "custodian": JSON(hold.placement.custodian),
                    "record": JSON(hold.record.digest.hex),
                    "shortfall": shortfall.map { JSON($0) } ?? .null,
                    "release": hold.release.map { JSON($0.digest.hex) } ?? .null,
                ]
            )
        }
        try context.console.result(printed(lines, as: format))
        evidence.reportWithheld("holds", context.console)
        evidence.reportWithoutPolicy(lines.isEmpty, context.console)
    }
}
