import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows
import GRDB

extension BundleIndex {
    /// How many rows a transaction changes at the most, so that whoever asks meanwhile waits for no more.
    private static let share = 4_096
    /// What belongs to one bundle, beside its row.
    private static let tables = ["files", "holds", "acceptances", "signers"]

    /// Takes in bundles that are going to be verified: nothing is said of them until that is done.
    func begin(_ bundles: [FoundBundle]) throws(IndexError) {
        try write { database in
            for bundle in bundles {
                try database.run(
                    """
                    INSERT INTO bundles (id, path) VALUES (?, ?)
                    ON CONFLICT (id) DO UPDATE SET state = 'running', reason = NULL, hint = NULL,
                    verdict = NULL, integrity = NULL, line = NULL, outcome = NULL, as_of = NULL
                    """, [bundle.id, blob(bundle.path)])
            }
        }
    }

    /// Forgets bundles that are there no more.
    func remove(_ ids: [String]) throws(IndexError) {
        for id in ids {
            guard let number = try number(of: id) else { continue }
            try clear(number)
            try write { try $0.run("DELETE FROM bundles WHERE number = ?", [number]) }
        }
    }

    /// Writes down that a bundle cannot be looked at.
    func store(_ id: String, unreadable reason: String, hint: String?) throws(IndexError) {
        guard let number = try number(of: id) else { return }
        try clear(number)
        try write {
            try $0.run(
                """
                UPDATE bundles SET state = 'unreadable', reason = ?, hint = ?, name = NULL,
                version = NULL, seal = NULL, created = NULL, verdict = NULL, integrity = NULL, line = NULL,
                outcome = NULL, as_of = NULL, lists_files = 0, kept = NULL, kept_until = NULL
                WHERE number = ?
                """, [printable(reason), hint.map { printable($0) }, number])
        }
    }

    /// Writes down what a verification has found; the verdict last, when all else is there.
    func store(_ id: String, _ bundle: RecheckedBundle) throws(IndexError) {
        guard let number = try number(of: id) else { return }
        try clear(number)
        let manifest = bundle.inspection.manifest
        var first = 0
        if let manifest {
            while manifest.count - first > Self.share {
                let range = first..<(first + Self.share)
                try write { try Self.insert(range, of: manifest, number, $0) }
                first = range.upperBound
            }
        }
        let rest = first..<(manifest?.count ?? 0)
        try write { database in
            if let manifest { try Self.insert(rest, of: manifest, number, database) }
            try Self.insert(attachedFilesOf: bundle, number, database)
            try Self.insert(evidenceOf: bundle.report, number, database)
            try Self.finish(bundle, number, database)
        }
    }

    private static func insert(
        _ range: Range<Int>, of manifest: Manifest, _ number: Int, _ database: Database
    ) throws {
        for index in range {
            guard let entry = manifest.entry(at: index), case .file(_, _, let digest) = entry.kind
            else { continue }
            try database.run(
                "INSERT INTO files VALUES (?, ?, ?, 'shipped')",
                [number, blob(digest.bytes), blob(entry.path)])
        }
    }

    private static func insert(
        attachedFilesOf bundle: RecheckedBundle, _ number: Int, _ database: Database
    ) throws {
        let names = bundle.report.evidence?.names
        for file in bundle.inspection.contents.files(.attachment) {
            let name = names?.names(of: file.entry.digest).first.map { Array($0.utf8) }
            try database.run(
                "INSERT INTO files VALUES (?, ?, ?, 'attached')",
                [number, blob(file.entry.digest.bytes), blob(name ?? file.entry.path)])
        }
    }

    private static func insert(
        evidenceOf report: Report, _ number: Int, _ database: Database
    ) throws {
        for hold in report.evidence?.holds ?? [] where hold.isHeld {
            try database.run(
                "INSERT INTO holds VALUES (?, ?, ?)",
                [number, blob(hold.record.digest.bytes), printable(hold.placement.matter)])
        }
        for line in report.riskLines {
            try database.run(
                "INSERT INTO acceptances VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    number, blob(line.record.bytes), printable(line.acceptance.finding),
                    printable(line.ownerWords), printable(line.approverWords),
                    printable(line.acceptance.reason), line.acceptance.expires.bound,
                    line.status.rawValue,
                ])
        }
        for line in report.signatures where line.key != nil || line.claimedKey != nil {
            try database.run(
                "INSERT INTO signers VALUES (?, ?, ?, ?, ?)",
                [
                    number, line.fingerprint?.hex,
                    (line.key ?? line.claimedKey).map { printable($0) },
                    line.operator.map { printable($0) }, line.counts ? 1 : 0,
                ])
        }
        for name in Set(report.recordLines.flatMap(\.signers)).sorted() {
            try database.run(
                "INSERT INTO signers VALUES (?, NULL, NULL, ?, 1)", [number, printable(name)])
        }
    }

    private static func finish(
        _ bundle: RecheckedBundle, _ number: Int, _ database: Database
    ) throws {
        let report = bundle.report
        let release = report.release
        let retention = report.evidence?.retention
        let until = retention?.until
        let kept =
            !(retention?.isApproved ?? false) ? "not_approved" : until == nil ? "open" : "until"
        try database.run(
            """
            UPDATE bundles SET state = 'done', reason = NULL, hint = NULL, name = ?,
            version = ?, seal = ?, created = ?, verdict = ?, integrity = ?, line = ?, outcome = ?, as_of = ?,
            lists_files = ?, kept = ?, kept_until = ? WHERE number = ?
            """,
            [
                release.map { printable($0.release.name) },
                release.map { printable($0.release.version) },
                release.flatMap { blob($0.seal.bytes) }, release?.created.bound,
                report.verdict.rawValue, report.integrity.rawValue, printable(report.verdictLine),
                report.decision?.now?.outcome.rawValue, report.asOf.bound,
                bundle.inspection.manifest == nil ? 0 : 1, kept,
                kept == "until" ? until?.bound : nil, number,
            ])
    }

    private func number(of id: String) throws(IndexError) -> Int? {
        try read {
            try $0.rows("SELECT number FROM bundles WHERE id = ?", [id]).first?.integer("number")
        }
    }

    /// Removes all that belongs to a bundle but its row.
    private func clear(_ number: Int) throws(IndexError) {
        while try write({ try Self.clear(number, $0) }) {}
    }

    /// Removes some of it.
    ///
    /// - Returns: Whether there is more.
    private static func clear(_ number: Int, _ database: Database) throws -> Bool {
        var hasMore = false
        for table in tables {
            let removed = try database.run(
                """
                DELETE FROM \(table) WHERE rowid IN
                (SELECT rowid FROM \(table) WHERE bundle = ? LIMIT \(share))
                """, [number])
            if removed == share { hasMore = true }
        }
        return hasMore
    }
}
