import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutWorkflows

/// Records what a machine wrote down (docs/command-line.md, "record").
struct RecordAdd: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Write a record of any kind from a JSON file.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle.", completion: .file(), transform: pathArgument)
    var bundle: [UInt8]

    @Option(
        help: ArgumentHelp("The kind, the fields of the kind, and the links.", valueName: "json"),
        completion: .file(), transform: pathArgument)
    var file: [UInt8]

    @OptionGroup var superseding: SupersedingOptions
    @OptionGroup var options: RecordOptions

    func execute(_ context: Context) async throws {
        let terms = try options.terms(context)
        let draft = try draft(in: try readFile(file, limit: 1024 * 1024))
        var session = try await BundleSession(opening: bundle, waiting: context.lockWait)
        try context.console.receipt(
            try await session.addRecord(draft, supersedes: superseding.names, terms))
    }

    private func draft(in bytes: [UInt8]) throws -> RecordDraft {
        do {
            return try Self.draft(JSON(parsing: bytes))
        } catch let error as JSONError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        } catch let error as JSONShapeError {
            throw CommandFailure(.malformed, "\(printable(file)): \(error)")
        }
    }

    /// The fields of the kind and the links; the rest of the header is filled in here.
    private static func draft(_ json: JSON) throws -> RecordDraft {
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
        return RecordDraft(body: body, links: links)
    }
}

extension JSON {
    /// Whether it is an object with a member of this key.
    fileprivate func has(_ key: String) -> Bool {
        guard case .object(let members) = self else { return false }
        return members.contains { $0.key.elementsEqual(key.utf8) }
    }
}
