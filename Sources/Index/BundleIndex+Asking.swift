package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutVerification
import GRDB

/// Which bundles are asked for; nothing that is not given leaves any out.
package struct BundleQuery: Equatable, Sendable {
    /// What can be asked of the verdict.
    package enum Standing: String, CaseIterable, Sendable {
        case verified = "VERIFIED"
        case failed = "FAILED"
        case incomplete = "INCOMPLETE"
        case unreadable
        case running
    }

    /// A part of NAME@VERSION, in whatever case.
    package var release = ""
    /// A verdict, or why there is none.
    package var standing: Standing?
    /// The approved retention ends then or before.
    package var keptUntil: Instant?
    /// A hold is in force.
    package var isHeld = false
    /// A part of the name of a key or operator that signed, or the beginning of a key's fingerprint.
    package var key = ""

    /// Asks for all.
    package init() {}
}

/// What the index knows of one bundle.
package struct IndexedBundle: Equatable, Sendable {
    /// What it is called in addresses.
    package let id: String
    /// Where it is.
    package let path: [UInt8]
    /// The verdict; nil until it is verified, and where it cannot be read.
    package let verdict: Verdict?
    /// The verdict without what is recorded of decisions, which may have used the shipped files; nil as that is.
    package let integrity: Verdict?
    /// The verdict with its reason and with what was not looked at.
    package let line: String?
    /// Why it cannot be read; nil where it can.
    package let reason: String?
    /// What to do about that.
    package let hint: String?
    /// The release's name and version; nil where no seal could be read.
    package let release: String?
    /// The bundle's id, the digest of its seal.
    package let seal: SHA256Digest?
    /// When it was sealed, as it says.
    package let created: Instant?
    /// When it was verified.
    package let asOf: Instant?
    /// What the release would be now, by the criteria.
    package let outcome: String?
    /// How long it is kept.
    package let retention: Retention
    /// How many holds are in force, as far as that is known.
    package let holds: Int
    /// How many bundles of the index have the same seal, this one included.
    package let copies: Int

    /// How long a bundle is kept.
    package enum Retention: Equatable, Sendable {
        /// Nothing is known yet, or nothing is approved.
        case notApproved
        /// Until an event happens.
        case open
        /// Until an instant.
        case until(Instant)
    }
}

/// A place where a digest was found.
package struct DigestHit: Equatable, Sendable {
    /// What has the digest.
    package enum Role: String, Sendable {
        /// A file that was shipped, as the manifest lists it.
        case shipped
        /// A file that is attached as evidence.
        case attached
        /// The seal, whose digest is the bundle's id.
        case seal
    }

    /// The digest.
    package let digest: SHA256Digest
    /// What has it.
    package let role: Role
    /// The path in the release, or what the file was called.
    package let path: [UInt8]
    /// The bundle.
    package let bundle: IndexedBundle
}

/// One accepted risk of one of the bundles.
package struct IndexedAcceptance: Equatable, Sendable {
    /// The digest of its record.
    package let record: SHA256Digest
    /// What is accepted.
    package let finding: String
    /// Who answers for it, and who signed for that.
    package let owner: String
    /// Who approved it.
    package let approver: String
    /// Why.
    package let reason: String
    /// Its last instant.
    package let expires: Instant
    /// Its state when the bundle was verified.
    package let status: AcceptanceState.Status
    /// The bundle.
    package let bundle: IndexedBundle
}

/// Which acceptances are asked for.
package enum AcceptanceQuery: Equatable, Sendable {
    /// All.
    case all
    /// Those that count, and end after an instant.
    case active(after: Instant)
    /// Those that count, and end at an instant or before.
    case ending(by: Instant)
    /// Those of one state.
    case status(AcceptanceState.Status)
}

/// How many bundles there are.
package struct IndexCounts: Equatable, Sendable {
    /// All that were found.
    package var all = 0
    /// Those that are still to be verified.
    package var running = 0
    /// Those that cannot be read.
    package var unreadable = 0
    /// Those whose list of shipped files cannot be read, although the bundle can.
    package var withoutFiles = 0
}

extension BundleIndex {
    private static let columns = """
        bundles.id, bundles.path AS place, bundles.verdict, bundles.integrity, bundles.line, bundles.reason AS fault,
        bundles.hint, bundles.name, bundles.version, bundles.seal, bundles.created, bundles.as_of,
        bundles.outcome, bundles.kept, bundles.kept_until,
        (SELECT count(*) FROM holds WHERE holds.bundle = bundles.number) AS holds,
        (SELECT count(*) FROM bundles AS others WHERE others.seal = bundles.seal) AS copies
        """

    /// How many bundles there are.
    ///
    /// - Throws: `IndexError` where the database fails.
    package func counts() throws(IndexError) -> IndexCounts {
        try read { database in
            var counts = IndexCounts()
            let rows = try database.rows(
                "SELECT state, count(*) AS count, sum(lists_files) AS lists FROM bundles GROUP BY state"
            )
            for row in rows {
                let count = try row.integer("count")
                counts.all += count
                switch try row.text("state") {
                case "running": counts.running = count
                case "unreadable": counts.unreadable = count
                default: counts.withoutFiles = try count - row.integer("lists")
                }
            }
            return counts
        }
    }

    /// The bundles that a query asks for: those first that cannot be read, then by release, the newest first.
    ///
    /// - Parameters:
    ///   - query: What is asked for.
    ///   - page: Which page, from 0.
    ///   - size: How many rows a page has.
    /// - Returns: The page.
    /// - Throws: `IndexError` where the database fails.
    package func bundles(
        _ query: BundleQuery, page: Int, rows size: Int
    ) throws(IndexError) -> IndexPage<IndexedBundle> {
        let (condition, arguments) = query.condition
        return try read { database in
            try database.page(
                page, of: size,
                total: try database.number(
                    "SELECT count(*) FROM bundles WHERE \(condition)", arguments),
                """
                SELECT \(Self.columns) FROM bundles WHERE \(condition)
                ORDER BY state = 'unreadable' DESC, name, created DESC, number
                """, arguments
            ) { try IndexedBundle($0) }
        }
    }

    /// One bundle; nil where there is none of this id.
    ///
    /// - Throws: `IndexError` where the database fails.
    package func bundle(_ id: String) throws(IndexError) -> IndexedBundle? {
        try read { database in
            try database.rows("SELECT \(Self.columns) FROM bundles WHERE id = ?", [id]).first.map {
                try IndexedBundle($0)
            }
        }
    }

    /// Where a digest is: among the shipped files, the attached ones, and the bundles' ids.
    ///
    /// - Parameters:
    ///   - digits: The digest's hexadecimal digits in lower case, or the first of them.
    ///   - page: Which page, from 0.
    ///   - size: How many rows a page has.
    /// - Returns: The page; nil where these are no such digits.
    /// - Throws: `IndexError` where the database fails.
    package func hits(
        ofDigest digits: String, page: Int, rows size: Int
    ) throws(IndexError) -> IndexPage<DigestHit>? {
        guard let (first, last) = Self.range(of: digits) else { return nil }
        let range: [Bound] = [blob(first), blob(last)]
        let sources = """
            (SELECT bundle, sha256, path, role FROM files WHERE sha256 BETWEEN ? AND ?
            UNION ALL SELECT number, seal, CAST('seal.json' AS BLOB), 'seal' FROM bundles
            WHERE seal BETWEEN ? AND ?) AS hits
            """
        return try read { database in
            try database.page(
                page, of: size,
                total: try database.number("SELECT count(*) FROM \(sources)", range + range),
                """
                SELECT hits.sha256, hits.path, hits.role, \(Self.columns) FROM \(sources)
                JOIN bundles ON bundles.number = hits.bundle
                ORDER BY hits.role = 'shipped' DESC, name, created DESC, hits.path, number
                """, range + range
            ) { row in
                DigestHit(
                    digest: try row.digest("sha256"), role: try row.choice("role"),
                    path: try row.bytes("path"), bundle: try IndexedBundle(row))
            }
        }
    }

    /// The accepted risks of all bundles, the one first that ends first.
    ///
    /// - Parameters:
    ///   - query: What is asked for.
    ///   - page: Which page, from 0.
    ///   - size: How many rows a page has.
    /// - Returns: The page.
    /// - Throws: `IndexError` where the database fails.
    package func acceptances(
        _ query: AcceptanceQuery, page: Int, rows size: Int
    ) throws(IndexError) -> IndexPage<IndexedAcceptance> {
        let (condition, arguments) = query.condition
        let source = """
            FROM acceptances JOIN bundles ON bundles.number = acceptances.bundle
            WHERE bundles.state = 'done' AND \(condition)
            """
        return try read { database in
            try database.page(
                page, of: size,
                total: try database.number("SELECT count(*) \(source)", arguments),
                """
                SELECT acceptances.record, acceptances.finding, acceptances.owner,
                acceptances.approver, acceptances.reason AS why, acceptances.expires,
                acceptances.status, \(Self.columns) \(source)
                ORDER BY acceptances.expires, acceptances.rowid
                """, arguments
            ) { row in
                IndexedAcceptance(
                    record: try row.digest("record"), finding: try row.text("finding"),
                    owner: try row.text("owner"), approver: try row.text("approver"),
                    reason: try row.text("why"), expires: try row.instant("expires"),
                    status: try row.choice("status"), bundle: try IndexedBundle(row))
            }
        }
    }

    /// The bundles whose verification time has changed something since: an acceptance or the retention has ended, or the
    /// verdict is older than so many seconds.
    func overdue(_ now: Instant, age: Int64) throws(IndexError) -> Set<String> {
        let seconds = now.secondsSince1970
        return try read { database in
            let rows = try database.rows(
                """
                SELECT id FROM bundles WHERE state = 'done' AND (as_of < ?
                OR kept_until BETWEEN as_of AND ? OR EXISTS (SELECT 1 FROM acceptances
                WHERE bundle = number AND expires BETWEEN as_of AND ?))
                """, [seconds - age, seconds - 1, seconds - 1])
            return Set(try rows.map { try $0.text("id") })
        }
    }

    /// The lowest and the highest digest that begins with some digits.
    private static func range(of digits: String) -> (first: [UInt8], last: [UInt8])? {
        let digits = Array(digits.utf8)
        guard (8...64).contains(digits.count),
            let first = Hex.decode(digits + [UInt8](repeating: 0x30, count: 64 - digits.count)),
            let last = Hex.decode(digits + [UInt8](repeating: 0x66, count: 64 - digits.count))
        else { return nil }
        return (first, last)
    }
}

extension BundleQuery {
    /// The condition in SQL, and what it is about.
    fileprivate var condition: (sql: String, arguments: [Bound]) {
        var parts = ["1"]
        var arguments: [Bound] = []
        if !release.isEmpty {
            parts.append("instr(lower(name || '@' || version), lower(?)) > 0")
            arguments.append(printable(release))
        }
        switch standing {
        case nil: break
        case .unreadable, .running:
            parts.append("state = ?")
            arguments.append(standing?.rawValue)
        case .verified, .failed, .incomplete:
            parts.append("verdict = ?")
            arguments.append(standing?.rawValue)
        }
        if let keptUntil {
            parts.append("state = 'done' AND kept_until <= ?")
            arguments.append(keptUntil.bound)
        }
        if isHeld {
            parts.append("state = 'done' AND number IN (SELECT bundle FROM holds)")
        }
        if !key.isEmpty {
            parts.append(
                """
                state = 'done' AND number IN (SELECT bundle FROM signers
                WHERE instr(lower(key), lower(?)) > 0 OR instr(lower(operator), lower(?)) > 0
                OR instr(fingerprint, ?) = 1)
                """)
            arguments += [printable(key), printable(key), key.fingerprintDigits]
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}

extension AcceptanceQuery {
    /// The condition in SQL, and what it is about.
    fileprivate var condition: (sql: String, arguments: [Bound]) {
        switch self {
        case .all: ("1", [])
        case .active(let instant):
            ("acceptances.status = 'accepted' AND acceptances.expires > ?", [instant.bound])
        case .ending(let instant):
            ("acceptances.status = 'accepted' AND acceptances.expires <= ?", [instant.bound])
        case .status(let status): ("acceptances.status = ?", [status.rawValue])
        }
    }
}

extension String {
    /// The digits of a fingerprint, whether it was written in hexadecimal or, as OpenSSH does, in base64.
    fileprivate var fingerprintDigits: String {
        let bytes = Array(utf8)
        if bytes.starts(with: "SHA256:".utf8),
            let digest = Base64.decodeAnyAlphabet(Array(bytes.dropFirst(7))), digest.count == 32
        {
            return Hex.string(digest)
        }
        let digits = bytes.starts(with: "sha256:".utf8) ? Array(bytes.dropFirst(7)) : bytes
        return String(decoding: digits, as: UTF8.self).lowercased()
    }
}

extension IndexedBundle {
    /// Takes a row of the columns of a bundle.
    init(_ row: Row) throws {
        id = try row.text("id")
        path = try row.bytes("place")
        verdict = try row.choiceIfPresent("verdict")
        integrity = try row.choiceIfPresent("integrity")
        line = try row.textIfPresent("line")
        reason = try row.textIfPresent("fault")
        hint = try row.textIfPresent("hint")
        let name = try row.textIfPresent("name")
        release = try row.textIfPresent("version").flatMap { version in
            name.map { "\($0) \(version)" }
        }
        seal = try row.digestIfPresent("seal")
        created = try row.instantIfPresent("created")
        asOf = try row.instantIfPresent("as_of")
        outcome = try row.textIfPresent("outcome")
        holds = verdict == nil ? 0 : try row.integer("holds")
        copies = try row.integer("copies")
        retention =
            switch try row.textIfPresent("kept") {
            case "until": .until(try row.instant("kept_until"))
            case "open": .open
            default: .notApproved
            }
    }
}
