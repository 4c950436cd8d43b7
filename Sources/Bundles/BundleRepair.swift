package import CloseoutFiles

/// What a repair did.
package struct RepairResult: Equatable, Sendable {
    /// Temporary files that were removed, as paths in the bundle.
    package var removed: [[UInt8]] = []
    /// Where files that the log does not name lie now.
    package var moved: [[UInt8]] = []
}

/// Brings a bundle that an interrupted command left into the state of its log
/// (docs/bundle.md, "Repair").
///
/// Only temporary names are removed; any other file that the log does not name is moved to
/// `<bundle>.strays/`, beside the bundle.
///
/// - Parameters:
///   - path: The bundle's folder.
///   - wait: How long a lock of others is waited for.
/// - Returns: What was done.
/// - Throws: `BundleError.logInDoubt` where the log is shorter than its checkpoint or has another
///   root: then something was taken away, which is not for a repair to hide.
package func repairBundle(
    at path: [UInt8], waiting wait: LockWait
) async throws(BundleError) -> RepairResult {
    // Reading checks the log against its checkpoint and takes the exclusive lock.
    try await BundleAppending(opening: path, waiting: wait).repair(at: path)
}

/// Repairs a bundle as the other one does, unless somebody else has it locked: then it is refused at once.
package func repairBundle(at path: [UInt8]) throws(BundleError) -> RepairResult {
    try BundleAppending(opening: path).repair(at: path)
}

extension BundleAppending {
    /// Repairs the bundle, which was opened by this path; nothing is being added to it.
    package func repair(at path: [UInt8]) throws(BundleError) -> RepairResult {
        let named = Set(log.entries.map(\.path)).union(BundleLayout.unlogged)
        return try reportingBundleErrors {
            let strays = Strays(beside: try BundleTarget(path))
            var result = RepairResult()
            try clear(root, at: [], named, strays, &result)
            for folder in BundleLayout.folders {
                do {
                    try clear(try root.open(folder), at: folder, named, strays, &result)
                } catch let error as FileError where error.isMissing {
                    continue
                }
            }
            return result
        }
    }
}

private func clear(
    _ directory: borrowing Directory, at folder: [UInt8], _ named: Set<[UInt8]>, _ strays: Strays,
    _ result: inout RepairResult
) throws {
    let known = BundleLayout.folders + [BundleLayout.artifacts]
    for entry in try directory.entries() {
        let path = folder.isEmpty ? entry.name : Path.join(folder, entry.name)
        let isFolder = folder.isEmpty && entry.kind == .directory && known.contains(entry.name)
        if named.contains(path) || isFolder { continue }
        if TemporaryName.matches(entry.name), entry.kind == .regular {
            try directory.remove(entry.name)
            result.removed.append(path)
        } else {
            result.moved.append(try strays.take(entry.name, from: directory, path: path))
        }
    }
    try directory.sync()
}

/// The folder beside a bundle that takes what its log does not name.
private struct Strays {
    private let target: BundleTarget
    private let name: [UInt8]

    init(beside target: BundleTarget) {
        self.target = target
        name = target.name + Array(".strays".utf8)
    }

    /// Moves a file there under a name that is free, and returns its path.
    func take(
        _ file: [UInt8], from directory: borrowing Directory, path: [UInt8]
    ) throws -> [UInt8] {
        let folder = try open()
        let flat = path.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
        let free = try freeName(flat, in: folder)
        try directory.moveAny(file, to: folder, as: free)
        try folder.sync()
        return Path.join(folder.path, free)
    }

    /// The folder itself, which an earlier repair may have made.
    private func open() throws(FileError) -> Directory {
        let parent = try Directory.open(target.parent)
        if try parent.makeDirectoryIfFree(name) { try parent.sync() }
        return try parent.open(name)
    }

    private func freeName(
        _ name: [UInt8], in folder: borrowing Directory
    ) throws(FileError) -> [UInt8] {
        var taken: Set<[UInt8]> = []
        for entry in try folder.entries() { taken.insert(entry.name) }
        var free = name
        var number = 0
        while taken.contains(free) {
            number += 1
            free = name + Array(".\(number)".utf8)
        }
        return free
    }
}
