import GRDB

/// The tables of an index (docs/console.md, "The index as a file").
enum IndexSchema {
    /// What the file says that it is: `CloI`.
    static let application: Int32 = 0x436C_6F49
    /// The version of the tables.
    static let version = 1

    /// Makes the tables in an empty database.
    static func make(in database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: "PRAGMA application_id = \(application)")
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    private static let tables = """
        CREATE TABLE bundles (
            number INTEGER PRIMARY KEY NOT NULL,
            id TEXT UNIQUE NOT NULL,
            path BLOB NOT NULL,
            state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'unreadable')),
            reason TEXT,
            hint TEXT,
            name TEXT,
            version TEXT,
            seal BLOB CHECK (length(seal) = 32),
            created INTEGER,
            verdict TEXT,
            integrity TEXT,
            line TEXT,
            outcome TEXT,
            as_of INTEGER,
            lists_files INTEGER NOT NULL DEFAULT 0 CHECK (lists_files IN (0, 1)),
            kept TEXT CHECK (kept IN ('until', 'open', 'not_approved')),
            kept_until INTEGER,
            CHECK ((state = 'done') = (verdict IS NOT NULL)),
            CHECK ((state = 'unreadable') = (reason IS NOT NULL))
        ) STRICT;
        CREATE INDEX bundles_seal ON bundles (seal);
        CREATE TABLE files (
            bundle INTEGER NOT NULL,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            path BLOB NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('shipped', 'attached'))
        ) STRICT;
        CREATE INDEX files_sha256 ON files (sha256);
        CREATE INDEX files_bundle ON files (bundle);
        CREATE TABLE holds (
            bundle INTEGER NOT NULL,
            record BLOB NOT NULL CHECK (length(record) = 32),
            matter TEXT NOT NULL
        ) STRICT;
        CREATE INDEX holds_bundle ON holds (bundle);
        CREATE TABLE acceptances (
            bundle INTEGER NOT NULL,
            record BLOB NOT NULL CHECK (length(record) = 32),
            finding TEXT NOT NULL,
            owner TEXT NOT NULL,
            approver TEXT NOT NULL,
            reason TEXT NOT NULL,
            expires INTEGER NOT NULL,
            status TEXT NOT NULL
        ) STRICT;
        CREATE INDEX acceptances_bundle ON acceptances (bundle);
        CREATE INDEX acceptances_expires ON acceptances (expires);
        CREATE TABLE signers (
            bundle INTEGER NOT NULL,
            fingerprint TEXT,
            key TEXT,
            operator TEXT,
            counts INTEGER NOT NULL CHECK (counts IN (0, 1))
        ) STRICT;
        CREATE INDEX signers_bundle ON signers (bundle);
        """
}
