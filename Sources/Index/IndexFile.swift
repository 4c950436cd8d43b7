import CloseoutFiles

/// The file of an index that is kept.
enum IndexFile {
    /// How a database begins.
    private static let magic = Array("SQLite format 3\0".utf8)
    /// Where its first page says whose it is: four bytes, the gravest first.
    private static let applicationPlace = 68

    /// Makes an empty file that only its owner can read, in the place of an index that is there.
    ///
    /// What lies beside an index that a process left when it ended would be taken for a part of the new one, so that it
    /// is removed too.
    ///
    /// - Returns: The path for the database.
    /// - Throws: `IndexError.notAnIndex` where there is something else, which stays.
    static func prepare(_ path: [UInt8]) throws(IndexError) -> String {
        let parts = Path.split(path)
        guard let name = parts.name, !path.contains(0),
            let text = String(validating: path, as: UTF8.self)
        else { throw .notText(path: path) }
        do {
            let folder = try Directory.openParent(ofNew: path)
            if let status = try folder.statusIfThere(of: name) {
                guard try isIndex(status, name, in: folder) else {
                    throw IndexError.notAnIndex(path: path)
                }
                try folder.remove(name)
            }
            for ending in ["-journal", "-wal", "-shm"] {
                let beside = name + Array(ending.utf8)
                if try folder.statusIfThere(of: beside) != nil { try folder.remove(beside) }
            }
            _ = try folder.create(name, permissions: 0o600)
        } catch {
            throw IndexError(error)
        }
        // A path that begins with `file:` or `:` would mean something else to the database.
        return text.hasPrefix("/") ? text : "./" + text
    }

    /// Whether a file is an index of any version; an empty one is a database that was never written.
    private static func isIndex(
        _ status: FileStatus, _ name: [UInt8], in folder: borrowing Directory
    ) throws(FileError) -> Bool {
        guard status.kind == .regular else { return false }
        guard status.size > 0 else { return true }
        var file = try folder.openFile(name)
        var head = [UInt8](repeating: 0, count: applicationPlace + 4)
        guard try file.read(into: &head) == head.count else { return false }
        return head.starts(with: magic)
            && head.dropFirst(applicationPlace).elementsEqual(
                IndexSchema.application.bigEndianBytes)
    }
}

extension Int32 {
    /// The four bytes, the gravest first.
    fileprivate var bigEndianBytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * Int32($0))) }
    }
}
