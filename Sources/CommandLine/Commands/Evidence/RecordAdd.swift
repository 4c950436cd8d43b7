import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords

/// Records what a machine wrote down (docs/command-line.md, "record").
struct RecordAdd: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Write a record of any kind from a JSON file with its own fields.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The kind, the fields of the kind, and the links.", valueName: "json"),
        transform: pathArgument)
    var file: [UInt8]

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let evidence = try await options.signing.evidence(in: bundle, context)
        let bytes = try readFile(file, limit: 1024 * 1024)
        do {
            var draft = try Self.draft(JSON(parsing: bytes))
            draft.links += try undoing(draft.body, evidence)
            try await options.write(draft, to: bundle, evidence, context)
        } catch let error as JSONError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        } catch let error as JSONShapeError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        }
    }

    /// The links to what the record undoes, where its kind can undo anything.
    private func undoing(_ body: Record.Body, _ evidence: BundleEvidence) throws -> [RecordLink] {
        let canUndo = body.content.linkRules.contains {
            $0.kind.utf8.elementsEqual(LinkRule.supersedes.utf8)
        }
        guard canUndo || superseding.supersedes.isEmpty else {
            throw CommandFailure(
                .usage, "--supersedes is not for a record of the kind \(body.kind.name)")
        }
        return try superseding.links(in: evidence)
    }

    /// The fields of the kind and the links; the rest of the header is filled in here.
    private static func draft(_ json: JSON) throws -> RecordOptions.Draft {
        var reader = try JSONObjectReader(json)
        let item = try reader.required("kind")
        let name = try item.string()
        let kinds = RecordKind.names(where: \.isWritten).joined(separator: ", ")
        guard var kind = RecordKind(named: name) else {
            throw item.invalid("no kind of record; use one of \(kinds)")
        }
        if kind == .readiness, json.has("shared_because") { kind = .readinessV2 }
        guard kind.isWritten else {
            throw item.invalid("records of this kind are not written by hand; use one of \(kinds)")
        }
        var links: [RecordLink] = []
        for item in try reader.optional("links")?.array() ?? [] {
            var reader = try item.object()
            links.append(
                RecordLink(kind: try reader.string("kind"), digest: try reader.digest("sha256")))
            try reader.finish()
        }
        let body = try Record.Body(kind, taking: &reader)
        try reader.finish()
        return RecordOptions.Draft(body: body, links: links)
    }
}

extension JSON {
    /// Whether it is an object with a member of this key.
    fileprivate func has(_ key: String) -> Bool {
        guard case .object(let members) = self else { return false }
        return members.contains { $0.key.elementsEqual(key.utf8) }
    }
}
