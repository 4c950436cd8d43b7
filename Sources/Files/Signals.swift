internal import Glibc

/// What the system does to the process.
package enum Signals {
    /// Makes writing to a pipe that nobody reads an error of that write, and not the end of the
    /// process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Makes a write beyond the permitted size of a file an error of that write, and not the end of the process.
    package static func ignoreSizeLimit() {
        _ = signal(SIGXFSZ, SIG_IGN)
    }
}
