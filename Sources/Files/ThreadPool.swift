internal import Dispatch
internal import Glibc
internal import Synchronization

/// The threads that the program's tasks run on: the main thread, and others that are made where work
/// is dealt out (docs/architecture.md, "Threads").
///
/// The pool of the concurrency library waits for ever where the system gives no thread. Here all tasks
/// run on the main thread where there is no other.
package final class ThreadPool: TaskExecutor {
    /// The one pool of the process.
    ///
    /// It does nothing in a process that does not call `run`.
    package static let shared = ThreadPool()

    private struct State {
        var jobs: [UnownedJob] = []
        /// Where the next job is: those before it are done.
        var next = 0
        var isRunning = false
        /// What the task that is run returned.
        var result: Int32?
        /// How many threads there are beside the main one.
        var threads = 0

        /// The next job; without one the result, which may be there already.
        mutating func take() -> (UnownedJob?, Int32?) {
            guard next < jobs.count else { return (nil, result) }
            let job = jobs[next]
            next += 1
            if next == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                next = 0
            }
            return (job, nil)
        }
    }

    private let state = Mutex(State())
    /// Counts the jobs that wait; once the task has ended, it always rings.
    private let bell = DispatchSemaphore(value: 0)

    private init() {}

    /// Whether the program runs its tasks here.
    package var isRunning: Bool { state.withLock { $0.isRunning } }

    /// Takes a job of the concurrency library.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        bell.signal()
    }

    /// Runs a task with all its children, on the calling thread and on those of the pool, to its end.
    ///
    /// - Returns: what the task returns.
    package func run(_ body: @escaping @Sendable () async -> Int32) -> Int32 {
        state.withLock { $0.isRunning = true }
        Task(executorPreference: self) {
            let result = await body()
            self.state.withLock { $0.result = result }
            self.bell.signal()
        }
        return serve()
    }

    /// Makes threads until there are so many beside the main one, or as many as the system gives.
    package func provide(_ count: Int) {
        state.withLock { state in
            guard state.isRunning else { return }
            while state.threads < count, (try? Self.start()) != nil { state.threads += 1 }
        }
    }

    /// Does jobs as they come, until the task has ended.
    private func serve() -> Int32 {
        while true {
            bell.wait()
            let (job, result) = state.withLock { $0.take() }
            if let job {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            } else if let result {
                bell.signal()
                return result
            }
        }
    }

    /// Makes a thread that does jobs of the pool.
    ///
    /// It never ends: libcrypto frees what it has of a thread that ends, and would do so while the main thread
    /// exits, which frees the same.
    private static func start() throws(FileError) {
        let thread = try unsafe makeThread { _ in
            _ = ThreadPool.shared.serve()
            while true { _ = pause() }
        }
        pthread_detach(thread)
    }
}

/// What another program needs to be run here: the library that runs it waits for ever, or stops this
/// program, where the system does not give it.
package enum ProgramNeeds {
    private static let threads = 6
    private static let descriptors = 16
    private static let gate = DispatchSemaphore(value: 0)

    /// Confirms that the system gives the threads and descriptors.
    ///
    /// - Throws: `FileError` where it gives too few.
    package static func confirm() throws(FileError) {
        try confirmDescriptors()
        var made: [pthread_t] = []
        defer {
            for _ in made { gate.signal() }
            for thread in made { pthread_join(thread, nil) }
        }
        for _ in 0..<threads {
            let thread = try unsafe makeThread { _ in
                ProgramNeeds.gate.wait()
                return nil
            }
            made.append(thread)
        }
    }

    private static func confirmDescriptors() throws(FileError) {
        var made: [Int32] = []
        defer { for number in made { _ = close(number) } }
        for _ in 0..<descriptors {
            let copy = try system(.open, Array("/dev/null".utf8)) {
                Int(fcntl(StandardStream.error, F_DUPFD_CLOEXEC, 0))
            }
            made.append(Int32(truncatingIfNeeded: copy))
        }
    }
}

/// Makes a thread that runs `body`, which can capture nothing.
///
/// - Throws: `FileError` where the system gives none.
private func makeThread(
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
) throws(FileError) -> pthread_t {
    var thread = pthread_t()
    let failure = unsafe pthread_create(&thread, nil, body, nil)
    guard failure == 0 else { throw FileError(.makeThread, [], .system(failure)) }
    return thread
}
