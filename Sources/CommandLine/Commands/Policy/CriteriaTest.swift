import ArgumentParser
import CloseoutDecisions
import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// Tries criteria on a bundle, against what its author expects (docs/command-line.md, "criteria").
struct CriteriaTest: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract:
            "Decide on a bundle and compare with the expected result; nothing is "
            + "written.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @OptionGroup var trust: TrustOptions
    @OptionGroup var deciding: DecidingOptions

    @Option(
        help: ArgumentHelp(
            "The expected result, such as outcome=blocked or C4=fail. Repeatable; a "
                + "status is pass, fail, accepted, unknown or not_applicable.",
            valueName: "id=status"),
        transform: expectationArgument)
    var expect: [Expectation] = []

    func execute(_ context: Context) async throws {
        guard !expect.isEmpty else {
            throw CommandFailure(
                .usage, "nothing is expected", hint: "give --expect outcome=ready_for_release")
        }
        let samples = trust.policy
        let trust = try trust.load()
        let checked = try await verifyBundle(
            at: bundle, deciding.request(trusting: trust, context),
            deciding.recheck(bundle, by: deciding.retention.load().sources, samples))
        _ = try checked.demandedCriteria(pinned: nil)
        guard let decision = checked.report.decision?.now else {
            throw CommandFailure(.internal, "no decision was made")
        }
        var isMet = true
        for expectation in expect {
            let found = try Self.status(of: expectation.id, in: decision)
            let isSame = found.status.utf8.elementsEqual(expectation.status.utf8)
            isMet = isMet && isSame
            try context.console.result(
                isSame
                    ? "as expected  \(expectation.id) \(found.status)\n"
                    : "otherwise    \(expectation.id) is \(found.status) and not "
                        + "\(printable(expectation.status)): \(found.reason)\n")
        }
        guard isMet else { throw ExitStatus.failed.code }
    }

    private static func status(
        of id: String, in decision: Decision
    ) throws -> (status: String, reason: String) {
        if id.utf8.elementsEqual("outcome".utf8) {
            return (decision.outcome.rawValue, decision.reason)
        }
        guard let result = decision.results.first(where: { $0.id.utf8.elementsEqual(id.utf8) })
        else {
            throw CommandFailure(.usage, "there is no criterion \(printable(id))")
        }
        return (result.isAccepted ? "accepted" : result.status.rawValue, result.reason)
    }
}

/// What is expected of a criterion, or of the outcome.
struct Expectation: Sendable {
    let id: String
    let status: String
}

/// Reads `ID=STATUS` from the command line.
@Sendable func expectationArgument(_ text: String) throws -> Expectation {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { throw ValidationError("it is not ID=STATUS") }
    return Expectation(id: String(parts[0]), status: String(parts[1]))
}
