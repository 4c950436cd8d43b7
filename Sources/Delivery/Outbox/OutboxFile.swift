import CloseoutFiles
import GRDB

/// The file of an outbox (docs/outbox.md, "The file").
struct OutboxFile: Sendable {
    /// The database in it.
    let queue: DatabaseQueue
    private let path: [UInt8]
    private let identity: FileStatus.Identity

    /// Confirms that the path still leads to the file that was opened.
    ///
    /// Where it is only hidden for a moment, as by a file system that does not answer, nobody knows; that is an error too.
    func confirmPlace() throws(OutboxError) {
        guard let status = try? fileStatus(path), status.identity == identity else {
            throw .replaced
        }
    }

    /// Opens the file, or makes it where there is none.
    ///
    /// The folder is locked meanwhile, so that two processes do not both make it.
    static func open(
        _ path: [UInt8], creating: Bool, busySeconds: Double, waiting wait: LockWait
    ) async throws(OutboxError) -> OutboxFile {
        let parts = Path.split(path)
        guard let name = parts.name, !path.contains(0),
            let text = String(validating: path, as: UTF8.self)
        else { throw .cannotOpen }
        do {
            return try await locking(parts.directory, waiting: wait) { folder in
                let identity = try prepare(name, in: folder, creating: creating)
                // A path that begins with `file:` or `:` would mean something else to the database.
                let place = text.hasPrefix("/") ? text : "./" + text
                return OutboxFile(
                    queue: try database(place, busySeconds: busySeconds),
                    path: Array(place.utf8), identity: identity)
            }
        } catch {
            throw OutboxError(error)
        }
    }

    private static func locking(
        _ folder: [UInt8], waiting wait: LockWait,
        _ body: (borrowing Directory) throws -> OutboxFile
    ) async throws -> OutboxFile {
        let folder = try Directory.open(folder)
        try await folder.lock(.exclusive, waiting: wait)
        return try body(folder)
    }

    /// Makes an empty file where there is none, and looks at what there is.
    private static func prepare(
        _ name: [UInt8], in folder: borrowing Directory, creating: Bool
    ) throws -> FileStatus.Identity {
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
        return status.identity
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
                let found = try OutboxSchema.find(in: database)
                let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                guard journal == "wal", synchronous == 2 else { throw OutboxError.unsafeSettings }
                guard found != .current else { return }
                try database.inTransaction(.immediate) {
                    if found == .empty {
                        try OutboxSchema.make(in: database)
                    } else {
                        try OutboxSchema.addLiveRuns(in: database)
                    }
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
