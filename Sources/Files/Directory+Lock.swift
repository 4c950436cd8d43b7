internal import Glibc
internal import Synchronization

/// How a directory is locked.
package enum LockKind: Sendable {
    /// Many may hold it, and no writer beside them.
    case shared
    /// One may hold it.
    case exclusive
}

/// How long a lock that another process holds is waited for, and by what clock (docs/bundle.md, "Locks").
package struct LockWait: Sendable {
    /// The most seconds.
    package let seconds: Int
    /// What measures them, and sleeps between two tries.
    package let clock: any Clock<Duration>

    /// The longest pause between two tries.
    fileprivate static let longestPause = Duration.milliseconds(20)

    /// Waits for so many seconds by a clock; one that the concurrency library sleeps by blocks no thread.
    package init(seconds: Int = 30, by clock: any Clock<Duration> = ContinuousClock()) {
        self.seconds = seconds
        self.clock = clock
    }
}

extension Directory {
    /// Locks the directory until this value ends, or until `unlock`.
    ///
    /// The lock is the system's advisory one on the open directory itself: no lock file is written,
    /// and a process that dies lets go of it. While another holds it, it is tried again and again, and the
    /// task sleeps between.
    ///
    /// - Parameters:
    ///   - kind: whether others may hold it too.
    ///   - wait: how long to wait for others to let go.
    /// - Throws: `FileError`; `.locked` where another has held it as long as `wait` says, `.cancelled`
    ///   where the task is cancelled meanwhile, a cause of the system where the file system knows no
    ///   locks.
    package func lock(_ kind: LockKind, waiting wait: LockWait) async throws(FileError) {
        if try lockIfFree(kind) { return }
        try await lock(kind, within: wait.seconds, by: wait.clock)
    }

    /// Locks the directory as `lock` does, or not at all on a medium that knows no locks.
    ///
    /// - Throws: `FileError` with `.locked` where another has held it too long, `.cancelled` where the
    ///   task is cancelled meanwhile.
    package func lockWherePossible(
        _ kind: LockKind, waiting wait: LockWait
    ) async throws(FileError) {
        do throws(FileError) {
            try await lock(kind, waiting: wait)
        } catch {
            guard !error.isRefusedLock else { throw error }
        }
    }

    /// Locks the directory as `lock` does where nobody else holds the lock.
    ///
    /// - Returns: false when another holds it.
    /// - Throws: `FileError` where the file system knows no locks.
    package func lockIfFree(_ kind: LockKind) throws(FileError) -> Bool {
        let number = descriptor.number
        let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        do throws(FileError) {
            try system(.lock, path) { Int(flock(number, operation)) }
            isLocked.store(true, ordering: .relaxed)
            return true
        } catch  where error.errno == EWOULDBLOCK {
            return false
        }
    }

    /// Locks the directory at once, or refuses to.
    ///
    /// - Throws: `FileError`; `.locked` where another holds the lock.
    package func lockNow(_ kind: LockKind) throws(FileError) {
        guard try lockIfFree(kind) else { throw FileError(.lock, path, .locked(seconds: 0)) }
    }

    /// Tries until the lock is had, the time is up, or the task is cancelled.
    private func lock<C: Clock<Duration>>(
        _ kind: LockKind, within seconds: Int, by clock: C
    ) async throws(FileError) {
        let end = clock.now.advanced(by: .seconds(seconds))
        var pause = Duration.microseconds(500)
        while try !lockIfFree(kind) {
            guard clock.now < end else { throw FileError(.lock, path, .locked(seconds: seconds)) }
            do {
                try await clock.sleep(until: clock.now.advanced(by: pause), tolerance: nil)
            } catch {
                throw FileError(.lock, path, .cancelled)
            }
            pause = min(pause * 2, LockWait.longestPause)
        }
    }

    /// Lets go of the lock.
    package func unlock() throws(FileError) {
        let number = descriptor.number
        try system(.lock, path) { Int(flock(number, LOCK_UN)) }
        isLocked.store(false, ordering: .relaxed)
    }

    /// Lets go of the lock where nobody can hear of an error.
    func letGo() {
        _ = flock(descriptor.number, LOCK_UN)
    }
}

extension FileError {
    /// Whether others hold a lock, or nobody waits for it any more: the file system knows locks.
    package var isRefusedLock: Bool {
        switch cause {
        case .locked, .cancelled: true
        default: false
        }
    }
}
