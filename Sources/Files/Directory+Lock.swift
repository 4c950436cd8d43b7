internal import Glibc

/// How a directory is locked.
package enum LockKind: Sendable {
    /// Many may hold it, and no writer beside them.
    case shared
    /// One may hold it.
    case exclusive
}

extension Directory {
    /// Locks the directory until this value ends, or until `unlock`.
    ///
    /// The lock is the system's advisory one on the open directory itself: no lock file is written,
    /// and a process that dies lets go of it.
    ///
    /// - Parameters:
    ///   - kind: whether others may hold it too.
    ///   - waiting: whether to wait for others to let go.
    /// - Returns: false when another holds it and `waiting` is false.
    /// - Throws: `FileError` where the file system knows no locks.
    package func lock(_ kind: LockKind, waiting: Bool) throws(FileError) -> Bool {
        let number = descriptor.number
        let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | (waiting ? 0 : LOCK_NB)
        do throws(FileError) {
            try system(.lock, path) { Int(flock(number, operation)) }
            return true
        } catch  where error.errno == EWOULDBLOCK {
            return false
        }
    }

    /// Lets go of the lock.
    package func unlock() throws(FileError) {
        let number = descriptor.number
        try system(.lock, path) { Int(flock(number, LOCK_UN)) }
    }
}
