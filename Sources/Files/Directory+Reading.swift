internal import Glibc

/// A name in a directory and what is there.
package struct DirectoryEntry: Equatable, Sendable {
    /// The name, one path component of raw bytes.
    package let name: [UInt8]
    /// What kind of file it is; a link is a link.
    package let kind: FileKind
}

extension Directory {
    /// The names in the directory, without `.` and `..`, in ascending order of their bytes.
    ///
    /// - Parameter most: How many are kept, of more any.
    /// - Returns: The names.
    /// - Throws: `FileError` where the directory cannot be read.
    package func entries(atMost most: Int = .max) throws(FileError) -> [DirectoryEntry] {
        var entries: [DirectoryEntry] = []
        try list { name, kind in
            guard entries.count < most else { return }
            entries.append(DirectoryEntry(name: Array(copying: name), kind: kind))
        }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// Gives every name but `.` and `..` to `body`, in the order of the file system.
    package func list(_ body: (borrowing Span<UInt8>, FileKind) -> Void) throws(FileError) {
        try naming(path, try listNames(of: descriptor.number, body))
    }

    /// Opens a regular file for one reading.
    package func openFile(_ name: [UInt8]) throws(FileError) -> InputFile {
        try at(name, .open) { number throws(FileError) in
            try InputFile(at: number, name.span)
        }
    }

    /// Reads a whole regular file that must not change meanwhile.
    ///
    /// - Throws: `FileError`; `.tooLarge` when it holds more than `limit` bytes, `.notRegular`,
    ///   `.changed`.
    package func read(_ name: [UInt8], limit: Int) throws(FileError) -> [UInt8] {
        try at(name, .read) { number throws(FileError) in
            try InputFile(at: number, name.span).readAll(limit: limit)
        }
    }
}

/// Reads a whole regular file or pipe that a user names; links are followed, as users expect of a
/// path of their own.
///
/// - Throws: `FileError`; `.tooLarge` when it holds more than `limit` bytes, `.notRegular`,
///   `.changed`.
package func readFile(_ path: [UInt8], limit: Int) throws(FileError) -> [UInt8] {
    try readInput(path, limit: limit).bytes
}

/// What the system says about a path that a user names, itself if it is a link.
package func fileStatus(_ path: [UInt8]) throws(FileError) -> FileStatus {
    try naming(path, try examine(at: AT_FDCWD, path.span))
}

/// Lists a directory through a stream of its own, so that the descriptor's position stays out of
/// it.
func listNames(
    of directory: Int32, _ body: (borrowing Span<UInt8>, FileKind) -> Void
) throws(FileError) {
    let here: [UInt8] = [dot]
    let number = try unsafe withCString(here.span, .list) { name throws(FileError) in
        try system(.list) {
            unsafe Int(openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        }
    }
    guard let stream = unsafe fdopendir(Int32(truncatingIfNeeded: number)) else {
        let cause = FileError.Cause.system(errno)
        _ = close(Int32(truncatingIfNeeded: number))
        throw FileError(.list, [], cause)
    }
    defer { _ = unsafe closedir(stream) }
    while true {
        errno = 0
        guard let entry = unsafe readdir(stream) else {
            if errno != 0 { throw FileError(.list, [], .system(errno)) }
            return
        }
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        let start = unsafe UnsafeRawPointer(entry).advanced(by: offset)
        let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
        let name = unsafe Span<UInt8>(
            _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: length)
        if name.count <= 2 && !Path.isComponent(name) { continue }
        if let kind = unsafe FileKind(listed: entry.pointee.d_type) {
            body(name, kind)
        } else {
            body(name, try examine(at: directory, name).kind)
        }
    }
}
