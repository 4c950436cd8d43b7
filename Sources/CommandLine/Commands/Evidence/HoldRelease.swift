import ArgumentParser
import CloseoutEncodings
import CloseoutRecords

/// Releases a legal hold, which takes two operators (docs/command-line.md, "hold").
struct HoldRelease: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "End a hold; the second operator's run signs what the first one wrote.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The name of the matter.", valueName: "name"), transform: nameArgument)
    var matter: String

    @Option(
        help: ArgumentHelp("Why; needed by the first operator.", valueName: "text"),
        transform: textArgument)
    var reason: String?

    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let evidence = try await options.signing.evidence(in: bundle, context)
        let holds = evidence.state.holds.filter {
            $0.isHeld && $0.placement.matter.utf8.elementsEqual(matter.utf8)
        }
        guard let hold = holds.first else {
            throw CommandFailure(
                .usage, "nothing is held for \(printable(Array(matter.utf8)))",
                hint: "`closeout hold list \(shellQuoted(bundle))` tells what is")
        }
        if reason == nil, let release = hold.releases.last {
            try await options.signing.sign(release, in: bundle, evidence, context)
            return
        }
        guard let reason else {
            throw CommandFailure(
                .usage, "nobody has begun to release \(printable(Array(matter.utf8)))",
                hint: "give --reason TEXT")
        }
        let release = LegalHold.Release(matter: matter, reason: reason)
        try await options.write(
            RecordOptions.Draft(
                body: .legalHold(.release(release)),
                links: [RecordLink(kind: LegalHold.link, digest: hold.record.digest)]),
            to: bundle, evidence, context)
    }
}
