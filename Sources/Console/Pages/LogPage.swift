import CloseoutBundles
import CloseoutEncodings
import CloseoutVerification

/// The log of the bundle, its checkpoint, and whether an earlier checkpoint fits it.
struct LogPage {
    /// How many entries a page has.
    static let rows = 100

    let view: BundleView
    let query: FormFields
    /// What comparing with an earlier checkpoint has found; nil where none was given.
    var compared: [PageBlock] = []

    var blocks: [PageBlock] {
        let entries = view.contents.log.entries
        let pager = Pager(query, pages: max(1, (entries.count + Self.rows - 1) / Self.rows))
        let shown = entries.dropFirst(pager.page * Self.rows).prefix(Self.rows)
        var table = PageTable("Entries in their order", "Number", "Kind", "File", "Size", "SHA-256")
        for entry in shown {
            table.add(
                [.text("\(entry.sequence)"), .note("\(entry.at)")], [.text(entry.kind.rawValue)],
                [.code(printable(entry.path))], [.text(byteCount(UInt64(entry.size)))],
                [.code(entry.digest.hex)])
        }
        let checkpoint = view.contents.checkpoint.bytes.map {
            printable($0).replacing("\\n", with: "\n")
        }
        return [.title(Place.log.title)] + compared
            + [
                .section(id: "checkpoint", "Checkpoint"),
                .verbatim(checkpoint ?? "There is no checkpoint that can be read."),
                .template("consistency", ["path": Link(Place.log.rawValue)]),
                .section(
                    id: "entries", "Entries",
                    [[.text(counted(entries.count, "entry", "entries"))]], [table]),
                .template("pager", pager.values("\(Place.log.rawValue)?")),
            ]
    }

    /// What a verification says of an earlier checkpoint.
    static func blocks(comparing report: Report) -> [PageBlock] {
        let found = report.findings.filter { $0.id == .logRollback }
        var table = PageTable("Whether the log still holds it", "About", "Result", "Why")
        for finding in found {
            table.add(
                [.text(finding.subject)],
                [.status(finding.status.words, style: finding.status.rawValue)],
                [.text(finding.reason)] + (finding.hint.map { [.note("What to do: \($0)")] } ?? []))
        }
        return [.section(id: "earlier", "The earlier checkpoint", [], [table])]
    }
}
