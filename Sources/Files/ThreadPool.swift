internal import Dispatch
internal import Glibc
internal import Synchronization

/// The threads that the program's tasks run on: the main thread, and others that are made where work
/// is dealt out (docs/architecture.md, "Threads").
///
/// The pool of the concurrency library waits for ever where the system gives no thread. Here all tasks
/// run on the main thread where there is no other, and those that sleep by `PoolClock` wake on it.
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
        /// The tasks that sleep, by the numbers that they were given.
        var sleepers: [Int: Sleeper] = [:]
        var nextSleeper = 0

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

        /// Takes the tasks that have slept long enough, and tells when the next one has.
        mutating func takeAwake() -> (awake: [Sleeper], next: UInt64?) {
            guard !sleepers.isEmpty else { return ([], nil) }
            let now = DispatchTime.now().uptimeNanoseconds
            let awake = sleepers.filter { $0.value.end <= now }
            for number in awake.keys { sleepers[number] = nil }
            return (Array(awake.values), sleepers.values.map(\.end).min())
        }
    }

    /// A task that sleeps.
    private struct Sleeper {
        /// When it has slept long enough, in nanoseconds of the clock that the bell knows.
        let end: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let state = Mutex(State())
    /// Counts the jobs that wait; once the task has ended, it always rings.
    private let bell = DispatchSemaphore(value: 0)

    private init() {}

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
            let (awake, next) = state.withLock { $0.takeAwake() }
            for sleeper in awake { sleeper.continuation.resume() }
            let end = next.map { DispatchTime(uptimeNanoseconds: $0) } ?? .distantFuture
            guard bell.wait(timeout: end) == .success else { continue }
            let (job, result) = state.withLock { $0.take() }
            if let job {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            } else if let result {
                bell.signal()
                return result
            }
        }
    }

    /// Lets the task sleep; a thread of the pool wakes it.
    ///
    /// - Throws: `CancellationError` at once where the task is cancelled.
    fileprivate func sleep(for duration: Duration) async throws {
        guard state.withLock({ $0.isRunning }) else {
            return try await Task.sleep(for: duration)
        }
        let nanoseconds = UInt64(max(0, min(duration, .seconds(1 << 32)) / .nanoseconds(1)))
        let end = DispatchTime.now().uptimeNanoseconds + nanoseconds
        let number = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAsleep = state.withLock { state in
                    guard !Task.isCancelled else { return false }
                    state.sleepers[number] = Sleeper(end: end, continuation: continuation)
                    return true
                }
                if isAsleep {
                    // Those who wait for the bell wait no longer than until the next one wakes.
                    bell.signal()
                } else {
                    continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Makes a thread that does jobs of the pool.
    private static func start() throws(FileError) {
        let thread = try unsafe makeThread { _ in
            _ = ThreadPool.shared.serve()
            return nil
        }
        pthread_detach(thread)
    }
}

/// A clock whose sleepers are woken by the threads of the pool.
///
/// The clocks of the standard library wake theirs on a thread of another pool, and never where the system
/// gives none. In a process that does not run the pool they do it.
package struct PoolClock: Clock {
    /// A point of the clock that goes on while the machine sleeps.
    package typealias Instant = ContinuousClock.Instant

    /// Makes the clock.
    package init() {}

    /// Now.
    package var now: Instant { ContinuousClock.now }
    /// The shortest time that it tells apart.
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// Waits without holding a thread.
    ///
    /// - Throws: `CancellationError` at once where the task is cancelled.
    package func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await ThreadPool.shared.sleep(for: now.duration(to: deadline))
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
