import ArgumentParser
import Bundles
import Encodings
import Records

/// Approves a request for retention (docs/command-line.md, "retention").
struct RetentionApprove: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try deciding.decide(.approved, context)
    }
}

/// Denies a request for retention (docs/command-line.md, "retention").
struct RetentionDeny: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try deciding.decide(.denied, context)
    }
}

/// What both decisions take.
struct RetentionDecidingOptions: ParsableArguments {
    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp(
            "The request: its path or digest; needed where there are several.",
            valueName: "record"))
    var request: String?

    @Option(help: ArgumentHelp("Why.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("The case elsewhere; makes it restricted.", valueName: "text"))
    var reference: String?

    @OptionGroup var options: RecordOptions

    func decide(_ decision: Approval, _ context: Context) throws {
        let evidence = try options.signing.evidence(in: bundle, context)
        let item = try item(evidence)
        let superseding = try options.superseding(evidence)
        if decision == .approved {
            let own = item.record.header.links(LinkRule.supersedes)
            let named = superseding.map(\.digest) + own
            for denial in item.ruling.denials where !named.contains(denial) {
                throw CommandFailure(
                    .usage, "the request was denied by \(evidence.path(of: denial))",
                    hint: "--supersedes \(denial.hex) undoes that")
            }
        }
        let draft = RecordOptions.Draft(
            body: .retentionDecision(
                RetentionDecision(decision, reason: reason, externalReference: reference)),
            links: superseding
                + [RecordLink(kind: RetentionDecision.link, digest: item.record.digest)])
        try options.write(draft, to: bundle, evidence, context)
    }

    /// The request that was named, or the only one.
    private func item(_ evidence: BundleEvidence) throws -> RetentionState.Item {
        let items = evidence.state.retention.items
        if let request {
            let record = try evidence.record(named: Array(request.utf8))
            guard let item = items.first(where: { $0.record.digest == record.digest }) else {
                throw CommandFailure(
                    .usage, "\(evidence.path(of: record.digest)) is no request for retention")
            }
            return item
        }
        guard let item = items.first, items.count == 1 else {
            throw CommandFailure(
                .usage,
                items.isEmpty
                    ? "nobody has asked for retention" : "there are \(items.count) requests",
                hint: items.isEmpty
                    ? "closeout retention request \(shellQuoted(bundle)) --class NAME "
                        + "--until INSTANT --reason TEXT"
                    : "name one with --request RECORD")
        }
        return item
    }
}
