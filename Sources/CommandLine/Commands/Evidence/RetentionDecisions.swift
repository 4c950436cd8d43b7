import ArgumentParser
import CloseoutBundles
import CloseoutEncodings
import CloseoutRecords

/// Approves a request for retention (docs/command-line.md, "retention").
struct RetentionApprove: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try await deciding.decide(.approved, context)
    }
}

/// Denies a request for retention (docs/command-line.md, "retention").
struct RetentionDeny: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Deny a request for retention.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var deciding: RetentionDecidingOptions

    func execute(_ context: Context) async throws {
        try await deciding.decide(.denied, context)
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

    @Option(
        help: ArgumentHelp("Why.", valueName: "text"), transform: textArgument)
    var reason: String?

    @Option(
        help: ArgumentHelp("The case elsewhere; makes it restricted.", valueName: "text"),
        transform: textArgument)
    var reference: String?

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func decide(_ decision: Approval, _ context: Context) async throws {
        let evidence = try await options.signing.evidence(in: bundle, context)
        let item = try item(evidence)
        let undoing = try superseding.links(
            in: evidence, undoing: decision == .approved ? item.ruling.denials : [],
            named: item.record.header.links(LinkRule.supersedes), "the request was denied")
        let draft = RecordOptions.Draft(
            body: .retentionDecision(
                RetentionDecision(decision, reason: reason, externalReference: reference)),
            links: undoing
                + [RecordLink(kind: RetentionDecision.link, digest: item.record.digest)])
        try await options.write(draft, to: bundle, evidence, context)
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
        guard let item = items.first else {
            throw CommandFailure(
                .usage, "nobody has asked for retention",
                hint: "closeout retention request \(shellQuoted(bundle)) --class NAME "
                    + "--until INSTANT --reason TEXT --key KEY")
        }
        guard items.count == 1 else {
            let requests = items.map {
                "\($0.record.digest.hex) (\($0.record.signed.record.summary))"
            }
            throw CommandFailure(
                .usage, "there are \(items.count) requests: " + requests.joined(separator: ", "),
                hint: "name one with --request RECORD")
        }
        return item
    }
}
