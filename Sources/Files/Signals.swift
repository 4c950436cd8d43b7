internal import Glibc

/// What the system does to the process.
package enum Signals {
    /// Makes writing to a pipe that nobody reads an error of that write, and not the end of the
    /// process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
