import ArgumentParser
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// The option of commands whose records can undo or replace others.
struct SupersedingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The record that this one replaces or undoes, by path or digest.",
            valueName: "record"))
    var supersedes: [String] = []

    /// The links to what the record undoes.
    func links(in evidence: BundleEvidence) throws -> [RecordLink] {
        try supersedes.map {
            RecordLink(
                kind: LinkRule.supersedes,
                digest: try evidence.record(named: Array($0.utf8)).digest)
        }
    }

    /// The same for a record that says yes, which must undo every no that stands.
    ///
    /// - Parameters:
    ///   - evidence: The records of the bundle.
    ///   - denials: What stands against it.
    ///   - named: What is undone already.
    ///   - words: What has happened, such as "the request was denied".
    /// - Returns: The links.
    /// - Throws: `CommandFailure` that names all that stands, where not all of it is undone.
    func links(
        in evidence: BundleEvidence, undoing denials: [SHA256Digest], named: [SHA256Digest] = [],
        _ words: String
    ) throws -> [RecordLink] {
        let links = try links(in: evidence)
        let undone = Set(links.map(\.digest) + named)
        guard undone.isSuperset(of: denials) else {
            throw CommandFailure(
                .usage, "\(words) by \(denials.map(evidence.path).joined(separator: ", "))",
                hint: "\(Self.words(denials)) undoes that")
        }
        return links
    }

    /// The option as a person writes it, for each of these records.
    static func words(_ records: [SHA256Digest]) -> String {
        records.map { "--supersedes \($0.hex)" }.joined(separator: " ")
    }
}
