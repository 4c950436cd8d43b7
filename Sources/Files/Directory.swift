internal import Glibc
internal import Synchronization

/// An open directory: names in it are opened relative to it, one component at a time, and links are
/// not followed.
///
/// Every name that a method takes is one path component of raw bytes; any other is refused as
/// `.badName`.
package struct Directory: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// The path by which the directory was opened, for messages.
    package let path: [UInt8]
    /// Whether this value holds a lock.
    let isLocked = Atomic(false)

    init(owning descriptor: consuming Descriptor, path: [UInt8]) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Lets go of a lock by its name, since closing is not enough: a process that is just being started holds
    /// the open directory too until its program begins.
    deinit {
        if isLocked.load(ordering: .relaxed) { letGo() }
    }

    /// Opens the directory that a user names; here, and only here, links are followed.
    ///
    /// - Throws: `FileError` when there is no directory at the path that may be read.
    package static func open(_ path: [UInt8]) throws(FileError) -> Directory {
        let descriptor = try naming(
            path,
            try openDescriptor(.open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_DIRECTORY))
        return Directory(owning: descriptor, path: path)
    }

    /// Opens the directory in which something new is to be made.
    ///
    /// - Parameters:
    ///   - path: Where it is to be made.
    ///   - operation: What is to be done there.
    /// - Returns: The directory.
    /// - Throws: `FileError` of that path and operation: a place where nothing can be made.
    package static func openParent(
        ofNew path: [UInt8], to operation: FileError.Operation = .create
    ) throws(FileError) -> Directory {
        do throws(FileError) {
            return try open(Path.split(path).directory)
        } catch {
            throw FileError(operation, path, error.cause)
        }
    }

    /// Opens a directory in this one, not following a link.
    ///
    /// - Throws: `FileError` when the name is missing, is no directory or is a link (`ENOTDIR`).
    package func open(_ name: [UInt8]) throws(FileError) -> Directory {
        let descriptor = try at(name, .open) { number throws(FileError) in
            try openDescriptor(
                .open, at: number, name.span, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        }
        return Directory(owning: descriptor, path: Path.join(path, name))
    }

    /// Another value for the same open directory; a lock is shared with it.
    package func duplicate() throws(FileError) -> Directory {
        Directory(owning: try naming(path, try descriptor.duplicate()), path: path)
    }

    /// What the system says about the directory itself.
    package func status() throws(FileError) -> FileStatus {
        try naming(path, try descriptor.status())
    }

    /// What the system says about a name, itself if it is a link.
    package func status(of name: [UInt8]) throws(FileError) -> FileStatus {
        try at(name, .examine) { number throws(FileError) in
            try examine(at: number, name.span)
        }
    }

    /// The target of a symbolic link, as raw bytes.
    package func readLink(_ name: [UInt8]) throws(FileError) -> [UInt8] {
        try at(name, .readLink) { number throws(FileError) in
            try readLinkTarget(at: number, name.span)
        }
    }

    /// Whether this directory is the other one or lies below it, by climbing to the root of
    /// the file system.
    package func isInside(_ other: borrowing Directory) throws(FileError) -> Bool {
        let sought = try other.status().identity
        var here = try status().identity
        let parent: [UInt8] = [dot, dot]
        var climber = try duplicate()
        while here != sought {
            let above = try naming(
                path,
                try openDescriptor(
                    .open, at: climber.descriptor.number, parent.span,
                    flags: O_RDONLY | O_DIRECTORY))
            climber = Directory(owning: above, path: path)
            let next = try climber.status().identity
            if next == here { return false }
            here = next
        }
        return true
    }

    /// Runs a call on a name, refuses what is not one component, and adds the path to what is
    /// thrown.
    func at<Value: ~Copyable>(
        _ name: [UInt8], _ operation: FileError.Operation,
        _ call: (Int32) throws(FileError) -> Value
    ) throws(FileError) -> Value {
        do throws(FileError) {
            guard Path.isComponent(name.span) else { throw FileError(operation, [], .badName) }
            return try call(descriptor.number)
        } catch {
            throw error.at(Path.join(path, name))
        }
    }
}

/// What the system says about a name in a directory, itself if it is a link.
func examine(at directory: Int32, _ name: borrowing Span<UInt8>) throws(FileError) -> FileStatus {
    var status = stat()
    try unsafe withCString(name, .examine) { name throws(FileError) in
        _ = try system(.examine) {
            unsafe Int(fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW))
        }
    }
    return FileStatus(status)
}

/// The target of a link in a directory.
func readLinkTarget(at directory: Int32, _ name: borrowing Span<UInt8>) throws(FileError) -> [UInt8]
{
    // One byte more than a target can have, so that a full buffer means a cut one.
    let capacity = Int(PATH_MAX) + 1
    return try unsafe withCString(name, .readLink) { name throws(FileError) in
        var failure: FileError?
        let target = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            do throws(FileError) {
                count = try system(.readLink) {
                    unsafe buffer.withMemoryRebound(to: CChar.self) {
                        guard let start = $0.baseAddress else { return 0 }
                        return unsafe readlinkat(directory, name, start, capacity)
                    }
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard target.count < capacity else {
            throw FileError(.readLink, [], .system(ENAMETOOLONG))
        }
        return target
    }
}
