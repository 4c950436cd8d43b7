import ArgumentParser
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Lists legal holds (docs/command-line.md, "hold").
struct HoldList: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what is held, and what was.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: PolicyOptions

    @Option(help: "How it is printed; as json each line is one object.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let evidence = try await BundleEvidence(
            bundle: bundle, policy: try trust.load().policy, at: context.now,
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
