import CloseoutEncodings
import GRDB

extension Circuit {
    /// The circuit of a route; nil where nothing was ever queued for it.
    static func load(_ route: String, from database: Database) throws -> Circuit? {
        try database.row("SELECT * FROM routes WHERE name = ?", [route]).map { try Circuit($0) }
    }

    init(_ row: FoundRow) throws {
        state = try row.choice("circuit")
        cause = try row.choiceIfPresent("cause")
        opened = try row.instantIfPresent("opened")
        coolDown = Int64(try row.integer("cool_down"))
        failedInRow = try row.integer("failed_in_row")
        recent = try row.integer("recent")
        recentCount = try row.integer("recent_count")
        probe = try row.textIfPresent("probe")
    }

    /// Keeps the circuit of a route that had another one.
    ///
    /// - Returns: the change where its state is another.
    func keep(
        _ route: String, was old: Circuit, now: Instant, in database: Database
    ) throws -> [OutboxChange] {
        guard self != old else { return [] }
        try database.run(
            """
            UPDATE routes SET circuit = ?, cause = ?, opened = ?, cool_down = ?,
                failed_in_row = ?, recent = ?, recent_count = ?, probe = ?
            WHERE name = ?
            """,
            [
                state.rawValue, cause?.rawValue, opened?.secondsSince1970, coolDown, failedInRow,
                recent,
                recentCount, probe, route,
            ])
        guard state != old.state else { return [] }
        let kind = OutboxChange.Kind.circuit(
            from: old.state, to: state, cause: state == .open ? cause : nil)
        let change = OutboxChange(at: now, route: route, kind: kind)
        try change.keep(in: database)
        return [change]
    }
}
