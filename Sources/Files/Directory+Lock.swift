internal import Glibc

/// How a directory is locked.
package enum LockKind: Sendable {
    /// Many may hold it, and no writer beside them.
    case shared
    /// One may hold it.
    case exclusive
}

/// How long a lock that another process holds is waited for (docs/bundle.md, "Locks").
package enum LockWait {
    /// The most seconds, within the task that waits.
    @TaskLocal package static var seconds = 30

    /// The longest pause between two tries, in microseconds.
    fileprivate static let longestPause: UInt32 = 20_000
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
    /// - Throws: `FileError`; `.locked` where another has held it as long as `LockWait` says, a
    ///   cause of the system where the file system knows no locks.
    package func lock(_ kind: LockKind, waiting: Bool) throws(FileError) -> Bool {
        let seconds = LockWait.seconds
        let end = Machine.monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000
        var pause: UInt32 = 500
        while try !tryLock(kind) {
            guard waiting else { return false }
            guard Machine.monotonicNanoseconds() < end else {
                throw FileError(.lock, path, .locked(seconds: seconds))
            }
            usleep(pause)
            pause = min(pause * 2, LockWait.longestPause)
        }
        return true
    }

    /// Locks the directory as `lock` does, or not at all on a medium that knows no locks.
    ///
    /// - Throws: `FileError` with `.locked` where another has held it too long.
    package func lockWherePossible(_ kind: LockKind) throws(FileError) {
        do throws(FileError) {
            _ = try lock(kind, waiting: true)
        } catch {
            if case .locked = error.cause { throw error }
        }
    }

    /// Lets go of the lock.
    package func unlock() throws(FileError) {
        let number = descriptor.number
        try system(.lock, path) { Int(flock(number, LOCK_UN)) }
    }

    /// - Returns: false when another holds it.
    private func tryLock(_ kind: LockKind) throws(FileError) -> Bool {
        let number = descriptor.number
        let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        do throws(FileError) {
            try system(.lock, path) { Int(flock(number, operation)) }
            return true
        } catch  where error.errno == EWOULDBLOCK {
            return false
        }
    }
}
