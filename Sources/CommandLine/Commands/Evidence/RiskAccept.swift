import ArgumentParser
import CloseoutEncodings
import CloseoutRecords

/// Accepts what the owner of a risk proposed (docs/command-line.md, "risk").
struct RiskAccept: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Sign a proposed acceptance as the second person.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Argument(help: "The acceptance: its path or digest.")
    var record: String

    @OptionGroup var signing: RecordSigningOptions

    func execute(_ context: Context) async throws {
        let evidence = try await signing.evidence(in: bundle, context)
        let state = try evidence.acceptance(named: record)
        guard state.status != .revoked else {
            throw CommandFailure(
                .usage, "\(evidence.path(of: state.record.digest)) was revoked",
                hint: "propose it anew, with "
                    + SupersedingOptions.words(
                        evidence.state.revocations(of: state.acceptance.finding)))
        }
        guard state.status != .expired else {
            throw CommandFailure(
                .usage,
                "\(evidence.path(of: state.record.digest)) expired at \(state.acceptance.expires)",
                hint: "propose it anew, with a later --expires")
        }
        try await signing.sign(state.record, in: bundle, evidence, context)
    }
}

extension BundleEvidence {
    /// The acceptance that a person names.
    ///
    /// - Throws: `CommandFailure` where it is none.
    func acceptance(named name: String) throws -> AcceptanceState {
        let record = try record(named: Array(name.utf8))
        guard let found = state.acceptances.first(where: { $0.record.digest == record.digest })
        else {
            throw CommandFailure(
                .usage, "\(path(of: record.digest)) accepts no risk",
                hint: "`closeout risk list BUNDLE` tells which records do")
        }
        return found
    }
}
