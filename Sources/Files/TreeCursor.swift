internal import Glibc

/// Opens what lies in a tree by its path, keeping the directory of the last path open.
///
/// A path is relative to the root, its components joined by slashes. Every component is opened on
/// its own and no link is followed, so nothing outside the root can be reached. Errors name no
/// path; whoever calls knows it and adds it with `FileError.at`.
package struct TreeCursor: ~Copyable, Sendable {
    private let root: Descriptor
    /// The open directory below the root, and its path; nil at the root itself.
    private var current: Descriptor?
    private var currentPath: [UInt8] = []

    /// Starts at a root, which it keeps open on its own.
    package init(root: borrowing Directory) throws(FileError) {
        self.root = try root.descriptor.duplicate()
    }

    /// Opens a regular file for one reading.
    package mutating func openFile(_ path: borrowing Span<UInt8>) throws(FileError) -> InputFile {
        let start = nameStart(path)
        let directory = try enter(path, upTo: start - 1)
        return try InputFile(at: directory, path.extracting(start..<path.count))
    }

    /// The target of a symbolic link, as raw bytes.
    package mutating func readLink(_ path: borrowing Span<UInt8>) throws(FileError) -> [UInt8] {
        let start = nameStart(path)
        let directory = try enter(path, upTo: start - 1)
        return try readLinkTarget(at: directory, path.extracting(start..<path.count))
    }

    /// What the system says about a path, itself if it is a link.
    package mutating func status(_ path: borrowing Span<UInt8>) throws(FileError) -> FileStatus {
        let start = nameStart(path)
        let directory = try enter(path, upTo: start - 1)
        return try examine(at: directory, path.extracting(start..<path.count))
    }

    /// Gives every name in a directory to `body`, in the order of the file system; the root's path
    /// is empty.
    package mutating func list(
        _ path: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>, FileKind) -> Void
    ) throws(FileError) {
        try listNames(of: enter(path, upTo: path.count), body)
    }

    /// Where the last component of a path begins.
    private func nameStart(_ path: borrowing Span<UInt8>) -> Int {
        var index = path.count
        while index > 0, path[index - 1] != slash { index -= 1 }
        return index
    }

    /// Makes the directory that the first bytes of a path name the open one.
    private mutating func enter(
        _ path: borrowing Span<UInt8>, upTo end: Int
    ) throws(FileError) -> Int32 {
        if end <= 0 { return root.number }
        var start = sharedBytes(path, end)
        if start == end, let number = current?.number { return number }

        var directory = start > 0 ? current.take() : nil
        if start > 0 { start += 1 }
        currentPath = []
        while start <= end {
            var stop = start
            while stop < end, path[stop] != slash { stop += 1 }
            let name = path.extracting(start..<stop)
            guard Path.isComponent(name) else { throw FileError(.open, [], .badName) }
            directory = try openDescriptor(
                .open, at: directory?.number ?? root.number, name,
                flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            start = stop + 1
        }
        let number = directory?.number ?? root.number
        current = directory
        currentPath = [UInt8](copying: path.extracting(0..<end))
        return number
    }

    /// The length of the open directory's path if it is the one that the bytes name or lies above
    /// it, else 0.
    private func sharedBytes(_ path: borrowing Span<UInt8>, _ end: Int) -> Int {
        let count = currentPath.count
        guard count <= end, count == end || path[count] == slash else { return 0 }
        for index in 0..<count where currentPath[index] != path[index] { return 0 }
        return count
    }
}
