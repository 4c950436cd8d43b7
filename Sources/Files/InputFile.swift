internal import Glibc

/// A regular file that is read once, from its first byte to its last.
///
/// The end is reported only after the system has confirmed that the file is still the one that was
/// opened, with the same size and times. Errors name no path; whoever opened the file knows it and
/// adds it with `FileError.at`.
package struct InputFile: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// What the system said about the file when it was opened.
    package let status: FileStatus
    private var count = 0
    private var isStarted = false

    /// Opens without following a link and without waiting for a FIFO's writer.
    init(at directory: Int32, _ name: borrowing Span<UInt8>) throws(FileError) {
        try self.init(
            owning: openDescriptor(
                .open, at: directory, name, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY))
    }

    init(owning descriptor: consuming Descriptor) throws(FileError) {
        let status = try descriptor.status()
        guard status.kind == .regular else {
            throw FileError(.open, [], .notRegular(status.kind))
        }
        self.descriptor = descriptor
        self.status = status
    }

    /// Reads the next bytes into the beginning of the buffer.
    ///
    /// - Returns: how many bytes were read; 0 after the last.
    /// - Throws: `FileError` with `.changed` when the file was written to, cut or touched since it
    ///   was opened, `.sizeless` when it has contents and says that it has none.
    package mutating func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        // A file of size 0 is read once all the same: some file systems report no size.
        if count < status.size || !isStarted {
            isStarted = true
            try SignalHold.check(.read)
            let read = try descriptor.read(into: &buffer)
            count += read
            if read > 0 && count <= status.size { return read }
        }
        guard try descriptor.status() == status else { throw FileError(.read, [], .changed) }
        guard count == status.size else {
            throw FileError(.read, [], status.size == 0 ? .sizeless : .changed)
        }
        return 0
    }

    /// Reads the whole file.
    ///
    /// - Throws: `FileError` with `.tooLarge` when it holds more than `limit` bytes, before
    ///   anything is read.
    package consuming func readAll(limit: Int) throws(FileError) -> [UInt8] {
        guard status.size <= limit else { throw FileError(.read, [], .tooLarge(limit: limit)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(status.size)
        var buffer = [UInt8](repeating: 0, count: min(max(status.size, 1), 1 << 18))
        while true {
            let read = try read(into: &buffer)
            if read == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<read])
        }
    }
}
