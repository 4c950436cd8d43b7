import GRDB

/// The tables of an outbox (docs/outbox.md, "Tables").
enum OutboxSchema {
    /// What the file says that it is: `CloB`.
    static let application = 0x436C_6F42
    /// The version of the tables.
    static let version = 2

    /// What a database is.
    enum Found {
        case empty
        /// An outbox of version 1, which has no memory of live runs.
        case earlier
        case current
    }

    /// Makes the tables in an empty database, in one transaction.
    static func make(in database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: "PRAGMA application_id = \(application)")
        try addLiveRuns(in: database)
    }

    /// Makes of version 1 the present one, in one transaction.
    static func addLiveRuns(in database: Database) throws {
        try database.execute(sql: liveRuns)
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Finds out what a database is.
    ///
    /// - Throws: `OutboxError` where it is no outbox, or a later one.
    static func find(in database: Database) throws -> Found {
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if application == 0, version == 0, objects == 0 { return .empty }
        guard application == Self.application, version > 0 else { throw OutboxError.notOurs }
        guard version <= Self.version else { throw OutboxError.newerVersion(version) }
        return version == Self.version ? .current : .earlier
    }

    private static let tables = """
        CREATE TABLE events (
            id TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL,
            seal BLOB NOT NULL CHECK (length(seal) = 32),
            body BLOB NOT NULL,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            created INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE routes (
            name TEXT PRIMARY KEY NOT NULL,
            circuit TEXT NOT NULL DEFAULT 'closed'
                CHECK (circuit IN ('closed', 'open', 'half_open')),
            cause TEXT,
            opened INTEGER,
            cool_down INTEGER NOT NULL DEFAULT 60,
            failed_in_row INTEGER NOT NULL DEFAULT 0,
            recent INTEGER NOT NULL DEFAULT 0,
            recent_count INTEGER NOT NULL DEFAULT 0,
            probe TEXT
        ) STRICT;
        CREATE TABLE deliveries (
            id TEXT PRIMARY KEY NOT NULL,
            event TEXT NOT NULL REFERENCES events (id),
            route TEXT NOT NULL REFERENCES routes (name),
            provider TEXT NOT NULL,
            idempotent INTEGER NOT NULL CHECK (idempotent IN (0, 1)),
            state TEXT NOT NULL
                CHECK (state IN ('waiting', 'sending', 'settled', 'dead', 'needs_review')),
            reason TEXT,
            assurance TEXT,
            created INTEGER NOT NULL,
            next_attempt INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            attempt_group INTEGER NOT NULL DEFAULT 1,
            attempts INTEGER NOT NULL DEFAULT 0,
            snoozes INTEGER NOT NULL DEFAULT 0,
            lease TEXT,
            lease_until INTEGER,
            UNIQUE (event, route),
            CHECK ((lease IS NULL) = (lease_until IS NULL)),
            CHECK (state <> 'sending' OR lease IS NOT NULL),
            CHECK ((state = 'settled') = (assurance IS NOT NULL)),
            CHECK ((state = 'dead') = (reason IS NOT NULL))
        ) STRICT;
        CREATE INDEX deliveries_due ON deliveries (route, state, next_attempt, id);
        CREATE INDEX deliveries_tried ON deliveries (route, deadline)
            WHERE state = 'waiting' AND attempts + snoozes > 0;
        CREATE INDEX deliveries_sending ON deliveries (route, lease_until)
            WHERE state = 'sending';
        CREATE INDEX deliveries_leased ON deliveries (lease) WHERE lease IS NOT NULL;
        CREATE TABLE attempts (
            delivery TEXT NOT NULL REFERENCES deliveries (id),
            number INTEGER NOT NULL,
            attempt_group INTEGER NOT NULL,
            began INTEGER NOT NULL,
            ended INTEGER,
            outcome TEXT NOT NULL CHECK (outcome IN
                ('begun', 'success', 'permanent', 'transient', 'unknown_outcome')),
            assurance TEXT,
            status INTEGER,
            code TEXT,
            retry_after INTEGER,
            snoozed INTEGER NOT NULL DEFAULT 0,
            allowed_by TEXT,
            route BLOB CHECK (length(route) = 32),
            PRIMARY KEY (delivery, number),
            CHECK ((outcome = 'begun') = (ended IS NULL)),
            CHECK ((outcome = 'success') = (assurance IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            route TEXT NOT NULL,
            delivery TEXT,
            change TEXT NOT NULL
                CHECK (change IN ('circuit', 'dead', 'needs_review', 'replayed')),
            before TEXT,
            after TEXT,
            reason TEXT
        ) STRICT;
        """

    private static let liveRuns = """
        CREATE TABLE live_runs (
            plan BLOB PRIMARY KEY NOT NULL CHECK (length(plan) = 32),
            dry_run BLOB NOT NULL CHECK (length(dry_run) = 32),
            review BLOB NOT NULL UNIQUE CHECK (length(review) = 32),
            began INTEGER NOT NULL,
            recorded INTEGER
        ) STRICT;
        CREATE TABLE live_run_deliveries (
            plan BLOB NOT NULL REFERENCES live_runs (plan),
            delivery TEXT NOT NULL REFERENCES deliveries (id),
            attempt_group INTEGER NOT NULL,
            attempts_before INTEGER NOT NULL,
            PRIMARY KEY (plan, delivery)
        ) STRICT, WITHOUT ROWID;
        """
}
