package import CloseoutFiles
import Synchronization

/// Reads a directory as `SimulatedDisk.tree` tells one.
///
/// - Throws: `FileError`; links and special files are refused.
package func readTree(_ path: String) throws(FileError) -> [[UInt8]: SimulatedDisk.Item] {
    try SimulatedDisk(reading: Array(path.utf8)).tree(.everything)
}

/// Writes a tree into a new directory.
///
/// - Throws: `FileError`, or the error of making the directory.
package func writeTree(_ tree: [[UInt8]: SimulatedDisk.Item], to path: String) throws {
    try makeDirectory(path)
    for (name, item) in tree.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        let target = path + "/" + String(decoding: name, as: UTF8.self)
        switch item {
        case .directory: try makeDirectory(target)
        case .file(let bytes): try writeFile(bytes, to: target)
        }
    }
}

/// Does some work and returns every change that it made to the disk, in order.
///
/// - Throws: What the work throws.
package func recordingChanges(
    _ body: () async throws -> Void
) async throws -> [DiskChange] {
    let changes = Mutex<[DiskChange]>([])
    let observer: @Sendable (DiskChange) throws(FileError) -> Void = { change in
        changes.withLock { $0.append(change) }
    }
    try await DiskChange.$observer.withValue(observer) { try await body() }
    return changes.withLock { $0 }
}

/// Does some work in which the change of this number fails as on a full disk, and no other.
///
/// - Returns: Whether the work threw.
package func failingChange(
    _ number: Int, _ body: () async throws -> Void
) async -> Bool {
    let count = Atomic(0)
    let observer: @Sendable (DiskChange) throws(FileError) -> Void = { change throws(FileError) in
        let index = count.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index == number else { return }
        throw FileError(.write, change.path, .system(FileError.noSpace))
    }
    do {
        try await DiskChange.$observer.withValue(observer) { try await body() }
        return false
    } catch {
        return true
    }
}

extension DiskChange {
    /// The path that the change is about.
    package var path: [UInt8] {
        switch self {
        case .makeDirectory(let path), .create(let path), .write(let path, _), .sync(let path),
            .rename(let path, _), .link(let path, _), .makeLink(let path, _), .remove(let path):
            path
        }
    }
}

extension FileError {
    /// The error number of a full disk, the same on Linux and macOS.
    package static let noSpace: Int32 = 28
}
