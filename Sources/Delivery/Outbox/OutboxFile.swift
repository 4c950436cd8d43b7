import CloseoutFiles
import GRDB

/// Opens the file of an outbox (docs/outbox.md, "The file").
enum OutboxFile {
    /// Opens the file, or makes it where there is none.
    ///
    /// The folder is locked meanwhile, so that two processes do not both make it.
    static func open(
        _ path: [UInt8], creating: Bool, busySeconds: Double, waiting wait: LockWait
    ) async throws(OutboxError) -> DatabaseQueue {
        let parts = Path.split(path)
        guard let name = parts.name, !path.contains(0),
            let text = String(validating: path, as: UTF8.self)
        else { throw .cannotOpen }
        do {
            return try await locking(parts.directory, waiting: wait) { folder in
                try prepare(name, in: folder, creating: creating)
                // A path that begins with `file:` or `:` would mean something else to the database.
                return try database(
                    text.hasPrefix("/") ? text : "./" + text, busySeconds: busySeconds)
            }
        } catch {
            throw OutboxError(error)
        }
    }

    private static func locking(
        _ folder: [UInt8], waiting wait: LockWait,
        _ body: (borrowing Directory) throws -> DatabaseQueue
    ) async throws -> DatabaseQueue {
        let folder = try Directory.open(folder)
        try await folder.lock(.exclusive, waiting: wait)
        return try body(folder)
    }

    /// Makes an empty file where there is none, and looks at what there is.
    private static func prepare(
        _ name: [UInt8], in folder: borrowing Directory, creating: Bool
    ) throws {
        if try folder.statusIfThere(of: name) == nil {
            guard creating else { throw OutboxError.missing }
            try folder.create(name, permissions: 0o600).sync()
            try folder.sync()
        }
        let status = try folder.status(of: name)
        guard status.kind == .regular else { throw OutboxError.notRegular }
        guard status.mode & 0o077 == 0 else {
            throw OutboxError.openToOthers(mode: status.mode & 0o777)
        }
    }

    private static func database(_ path: String, busySeconds: Double) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { database in
            // Every commit is on the disk before it is reported, which the write-ahead log does not imply.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        do {
            try queue.writeWithoutTransaction { database in
                let isNew = try OutboxSchema.isEmpty(database)
                let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard journal == "wal", synchronous == 2 else { throw OutboxError.unsafeSettings }
                guard isNew else { return }
                try database.inTransaction(.immediate) {
                    try OutboxSchema.make(in: database)
                    return .commit
                }
            }
        } catch {
            try? queue.close()
            throw error
        }
        return queue
    }
}
