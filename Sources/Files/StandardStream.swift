internal import Glibc

/// The three streams that every process is given, and other descriptors that a caller passes by
/// number.
package enum StandardStream {
    /// The standard output.
    package static let output: Int32 = STDOUT_FILENO
    /// The standard error.
    package static let error: Int32 = STDERR_FILENO
    /// The standard input.
    package static let input: Int32 = STDIN_FILENO

    /// Puts something in the place of each stream that the process was not given, so that no file
    /// which is opened later is read or written in its place.
    ///
    /// Reading and writing it fails, as it does where there is no stream.
    ///
    /// - Throws: `FileError` where the system gives no descriptor.
    package static func occupy() throws(FileError) {
        for number in [input, output, error] where fcntl(number, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is this one: those below it are taken.
            let flags = number == input ? O_WRONLY : O_RDONLY
            var opened = unsafe open("/dev/null", flags)
            if opened < 0 { opened = unsafe open("/", O_RDONLY | O_DIRECTORY) }
            guard opened == number else {
                throw FileError(.open, Array("/dev/null".utf8), .system(errno))
            }
        }
    }

    /// Closes the standard output, to learn whether all that was written to it has arrived.
    ///
    /// - Throws: `FileError` where it has not.
    package static func closeOutput() throws(FileError) {
        guard close(output) != 0, errno != EINTR else { return }
        throw FileError(.write, [], .system(errno))
    }

    /// Writes all the bytes to an open descriptor, which stays open.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
        var written = 0
        while written < bytes.count {
            written += try system(.write) {
                unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(
                        descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
        }
    }

    /// Reads an open descriptor, which stays open, up to its end.
    ///
    /// - Throws: `FileError`; `.tooLarge` when more than `limit` bytes come.
    package static func readAll(from descriptor: Int32, limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try system(.read) {
                unsafe buffer.withUnsafeMutableBytes {
                    unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
                }
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw FileError(.read, [], .tooLarge(limit: limit))
            }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// Whether a person looks at the descriptor, or types into it.
    package static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// How many columns the terminal has, or nil where there is none.
    package static func terminalWidth(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
