import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification

/// What shows that the release is ready: each kind with its files, and every file that is attached.
struct EvidencePage {
    let view: BundleView

    var blocks: [PageBlock] {
        guard let evidence = view.report.evidence else {
            return [.title(Place.evidence.title), .section(id: "none", "No evidence")]
        }
        return [
            .title(Place.evidence.title),
            .section(
                id: "readiness", "Readiness",
                [
                    [
                        .text(
                            "A file that is linked is in the bundle and unchanged, which is verified; "
                                + "what it says, nobody has checked.")
                    ]
                ], [readiness(evidence)]),
            .section(id: "signatures", "Archive signatures and closeout", [], [records(evidence)]),
            .section(id: "files", "Attached files", [], [files(evidence)]),
        ]
    }

    private func readiness(_ evidence: EvidenceState) -> PageTable {
        var table = PageTable("Kinds of evidence", "Kind", "Files", "Only referred to")
        for kind in Readiness.Evidence.allCases {
            let files = evidence.readiness.evidence[kind] ?? []
            let named = evidence.readiness.asserted[kind] ?? []
            table.add(
                [.text(kind.rawValue)], files.isEmpty ? [.text("none")] : view.pieces(files),
                named.map { .note(printable($0)) })
        }
        return table
    }

    /// The records of what cannot be recomputed, and of the closeout.
    private func records(_ evidence: EvidenceState) -> PageTable {
        var table = PageTable("Records in the order of the log", "Record", "What it says", "When")
        let kinds: [RecordKind] = [.archiveSignature, .closeoutSummary]
        for record in evidence.records where kinds.contains(record.signed.record.kind) {
            table.add(
                [view.piece(record.digest)], [.text(record.signed.record.summary)],
                [.text("\(record.header.at)")])
        }
        return table
    }

    private func files(_ evidence: EvidenceState) -> PageTable {
        var table = PageTable("Files in the order of the log", "File", "What it is", "SHA-256")
        var seen: Set<SHA256Digest> = []
        for file in view.contents.files(.attachment) where seen.insert(file.entry.digest).inserted {
            let digest = file.entry.digest
            let names = evidence.names.names(of: digest).map { printable($0) }
            let shows = evidence.readiness.evidence.filter { $0.value.contains(digest) }
                .map(\.key.rawValue).sorted()
            table.add(
                [
                    .link(
                        names.first ?? printable(file.entry.path), to: "/file?digest=\(digest.hex)")
                ],
                [
                    .text(
                        "\(byteCount(UInt64(file.entry.size)))"
                            + (shows.isEmpty ? "" : ", \(shows.joined(separator: ", "))"))
                ],
                [.code(digest.hex)], at: digest.anchor)
        }
        return table
    }
}

/// One record with all that it says.
struct RecordPage {
    let view: BundleView
    let record: ResolvedRecord

    var blocks: [PageBlock] {
        let header = record.header
        var table = PageTable("What the record says", "Field", "Value")
        table.add([.text("kind")], [.code(record.signed.record.kind.rawValue)])
        table.add([.text("place in the log")], [.text("\(record.signed.sequence)")])
        table.add([.text("summary")], [.text(record.signed.record.summary)])
        table.add([.text("made at")], [.text("\(header.at), as it says")])
        if let by = header.by {
            table.add([.text("made by")], [.text("\(printable(by)), as it says")])
        }
        table.add([.text("visibility")], [.text(header.visibility.rawValue)])
        if let line = view.report.recordLines.first(where: { $0.digest == record.digest }) {
            let signers = line.signers.isEmpty ? "nobody" : line.signers.joined(separator: ", ")
            table.add([.text("signed by")], [.text(signers)])
            table.add(
                [.text("worth")],
                [
                    .status(
                        line.isVerified ? "counts" : "does not count",
                        style: line.isVerified ? "pass" : "unknown"), .text(" \(line.state)"),
                ])
        }
        table.add([.text("digest")], [.code("sha256:\(record.digest.hex)")])
        for link in header.links {
            table.add([.text(printable(link.kind))], [view.piece(link.digest)])
        }
        let json = JSON.printed(record.signed.record.canonicalBytes)
        return [
            .title("\(record.signed.record.kind.name) \(record.signed.sequence)"),
            .section(id: "fields", "Fields", [], [table]),
            .section(id: "bytes", "As JSON"),
            .verbatim(String(decoding: json, as: UTF8.self)),
        ]
    }
}
