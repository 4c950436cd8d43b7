internal import Glibc
import Synchronization

/// Whether the arguments of the system could be read.
package enum TakenArguments {
    /// All are at hand.
    case complete
    /// There is not even the program's name.
    case unreadable
    /// One is not text in UTF-8, behind these.
    case notUTF8([UInt8], after: [String])
}

/// What a process may ask of the machine besides files: the time, its environment, its processors.
///
/// The clock is read in one place of the command line and passed on from there.
package enum Machine {
    /// The seconds since 1970-01-01T00:00:00Z by the machine's clock.
    package static func secondsSince1970() -> Int64 {
        Int64(time(CLOCK_REALTIME).tv_sec)
    }

    /// Nanoseconds of a clock that only goes forward, for measuring how long something takes.
    package static func monotonicNanoseconds() -> UInt64 {
        let now = time(CLOCK_MONOTONIC)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }

    /// The bytes of an environment variable, or nil when it is not set.
    package static func environment(_ name: String) -> [UInt8]? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    private static let words = Mutex<[String]>([])

    /// The arguments behind the program's name, as `takeArguments` took them.
    package static var arguments: [String] { words.withLock { $0 } }

    /// Takes the arguments as the system gives them to the program's first function.
    ///
    /// The standard library reads them from /proc and has none where that is not mounted.
    package static func takeArguments(
        _ count: Int32, _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> TakenArguments {
        guard count > 0, let pointers = unsafe pointers else { return .unreadable }
        var taken: [String] = []
        for index in 1..<max(1, Int(count)) {
            guard let start = unsafe pointers[index] else { return .unreadable }
            guard let text = unsafe String(validatingCString: start) else {
                let bytes = unsafe UnsafeRawBufferPointer(start: start, count: strlen(start))
                return .notUTF8(unsafe Array(bytes), after: taken)
            }
            taken.append(text)
        }
        words.withLock { $0 = taken }
        return .complete
    }

    /// Whether the system would still give memory, two megabytes of it.
    package static var hasMemory: Bool {
        let size = 2 << 20
        let memory = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard unsafe memory != MAP_FAILED else { return false }
        return unsafe munmap(memory, size) == 0
    }

    /// Waits without doing anything.
    package static func pause(microseconds: UInt32) {
        usleep(microseconds)
    }

    /// The path of the program that is running.
    ///
    /// - Throws: `FileError` where the system does not say it.
    package static func program() throws(FileError) -> [UInt8] {
        try resolvedPath(Array("/proc/self/exe".utf8))
    }

    /// Becomes another program, which keeps the process, its environment and its streams.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - words: Its arguments, the name that it is started by first.
    /// - Throws: `FileError` where it cannot be run.
    package static func become(_ program: [UInt8], _ words: [String]) throws(FileError) -> Never {
        var list: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
        defer { unsafe list.forEach { unsafe free($0) } }
        unsafe list.append(nil)
        let number = try unsafe withCString(program.span, .run) { path throws(FileError) in
            unsafe list.withUnsafeMutableBufferPointer { list in
                if let start = list.baseAddress { _ = unsafe execv(path, start) }
                return errno
            }
        }
        throw FileError(.run, program, .system(number))
    }

    /// How many processors this machine has at work, at least 1.
    package static var processorCount: Int {
        max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    private static func time(_ clock: clockid_t) -> timespec {
        var now = timespec()
        _ = unsafe clock_gettime(clock, &now)
        return now
    }
}
