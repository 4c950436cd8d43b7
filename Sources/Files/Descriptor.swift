internal import Glibc

/// An open file of the system, closed when the value ends.
///
/// Its errors name no path; whoever opened it knows the path and adds it.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        _ = close(number)
    }

    /// Reads at most as many bytes as the buffer holds into its beginning; 0 at the end.
    func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        try system(.read) {
            unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(number, $0.baseAddress, $0.count)
            }
        }
    }

    /// Reads a pipe up to its end, waiting for those who write to it; without any it is empty.
    func readPipe(limit: Int) throws(FileError) -> [UInt8] {
        try makeWaiting()
        return try StandardStream.readAll(from: number, limit: limit)
    }

    /// Makes reading a pipe wait for those who write to it.
    func makeWaiting() throws(FileError) {
        try system(.read) { Int(fcntl(number, F_SETFL, 0)) }
    }

    /// Waits until somebody writes to a pipe or has written: one with a name that nobody has opened yet
    /// reads as if it had ended.
    func waitForWriter() throws(FileError) {
        var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        try system(.read) { unsafe Int(poll(&request, 1, -1)) }
    }

    /// Writes all the bytes.
    func write(_ bytes: borrowing Span<UInt8>) throws(FileError) {
        var written = 0
        while written < bytes.count {
            try SignalHold.check(.write)
            written += try system(.write) {
                unsafe bytes.withUnsafeBufferPointer {
                    unsafe Glibc.write(
                        number, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
            }
        }
    }

    func status() throws(FileError) -> FileStatus {
        var status = stat()
        try system(.examine) { unsafe Int(fstat(number, &status)) }
        return FileStatus(status)
    }

    /// Another descriptor of the same open file.
    func duplicate() throws(FileError) -> Descriptor {
        let copy = try system(.open) { Int(fcntl(number, F_DUPFD_CLOEXEC, 0)) }
        return Descriptor(owning: Int32(truncatingIfNeeded: copy))
    }

    /// Waits until everything written has reached the storage.
    func sync() throws(FileError) {
        try system(.sync) { Int(fsync(number)) }
    }
}
