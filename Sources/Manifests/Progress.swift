internal import CloseoutFiles
internal import Synchronization

/// Counts what has been done and reports it, now and then, to whoever draws it.
package final class Progress: Sendable {
    /// How far the work is.
    package struct State: Equatable, Sendable {
        /// Files done.
        package var files = 0
        /// All files.
        package var totalFiles = 0
        /// Bytes of files done.
        package var bytes: UInt64 = 0
        /// Bytes of all files.
        package var totalBytes: UInt64 = 0
        /// Nanoseconds since the first file was begun.
        package var elapsed: UInt64 = 0
    }

    private struct Clock {
        var start: UInt64 = 0
        var lastReport: UInt64 = 0
        var totalFiles = 0
        var totalBytes: UInt64 = 0
    }

    private let files = Atomic(0)
    private let bytes = Atomic(0)
    private let clock = Mutex(Clock())
    private let interval: UInt64
    private let report: @Sendable (State) -> Void

    /// - Parameters:
    ///   - interval: how many nanoseconds pass at least between two reports.
    ///   - report: called with the progress, by one worker at a time.
    package init(interval: UInt64 = 100_000_000, report: @escaping @Sendable (State) -> Void) {
        self.interval = interval
        self.report = report
    }

    /// Begins a piece of work.
    func begin(files: Int, bytes: UInt64) {
        let now = Machine.monotonicNanoseconds()
        clock.withLock {
            $0 = Clock(start: now, lastReport: now, totalFiles: files, totalBytes: bytes)
        }
        self.files.store(0, ordering: .relaxed)
        self.bytes.store(0, ordering: .relaxed)
    }

    func add(bytes count: Int) {
        bytes.wrappingAdd(count, ordering: .relaxed)
        reportIfDue()
    }

    func addFile() {
        files.wrappingAdd(1, ordering: .relaxed)
        reportIfDue()
    }

    private func reportIfDue() {
        let now = Machine.monotonicNanoseconds()
        // A worker that finds another one reporting goes on with its work.
        _ = clock.withLockIfAvailable { clock in
            guard now >= clock.lastReport + interval else { return }
            clock.lastReport = now
            report(
                State(
                    files: files.load(ordering: .relaxed), totalFiles: clock.totalFiles,
                    bytes: UInt64(bytes.load(ordering: .relaxed)), totalBytes: clock.totalBytes,
                    elapsed: now - clock.start))
        }
    }
}
