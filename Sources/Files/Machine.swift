internal import Glibc

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

    /// The path of the program that is running.
    ///
    /// - Throws: `FileError` where the system does not tell it.
    package static func program() throws(FileError) -> [UInt8] {
        try resolvedPath(Array("/proc/self/exe".utf8))
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
