internal import Glibc

/// A regular file that is read at any place, by several readers at once.
///
/// Whoever has read what they need asks whether the file has stayed the one that was opened.
package final class PositionedFile: Sendable {
    private let descriptor: Descriptor
    /// The path by which the file was opened, for messages.
    package let path: [UInt8]
    /// What the system said about the file when it was opened.
    package let status: FileStatus

    /// Opens a file that a user names; links are followed, as users expect of a path of their own.
    ///
    /// - Throws: `FileError`; `.notRegular` for anything but a file.
    package convenience init(opening path: [UInt8]) throws(FileError) {
        do throws(FileError) {
            try self.init(
                owning: openDescriptor(
                    .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY), path)
        } catch {
            throw error.at(path)
        }
    }

    /// Takes over what was opened by a path.
    init(owning descriptor: consuming Descriptor, _ path: [UInt8]) throws(FileError) {
        let status = try descriptor.status()
        guard status.kind == .regular else {
            throw FileError(.open, [], .notRegular(status.kind))
        }
        self.descriptor = descriptor
        self.status = status
        self.path = path
    }

    /// The bytes from an offset on: as many as are asked for, or as there are.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        let count = max(0, min(count, status.size - offset))
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = try read(at: offset + done, into: &bytes, from: done)
            guard read > 0 else { throw FileError(.read, path, .changed) }
            done += read
        }
        return bytes
    }

    /// Reads bytes from an offset on into the buffer, up to its end.
    ///
    /// - Returns: How many were read; 0 at the end of the file.
    package func read(
        at offset: Int, into buffer: inout [UInt8], from start: Int = 0
    ) throws(FileError) -> Int {
        try naming(path, try SignalHold.check(.read))
        let number = descriptor.number
        return try system(.read, path) {
            unsafe buffer.withUnsafeMutableBytes {
                unsafe pread(
                    number, $0.baseAddress?.advanced(by: start), $0.count - start, off_t(offset))
            }
        }
    }

    /// Looks at the whole file where the system has it.
    package func mapped() throws(FileError) -> MappedFile {
        try MappedFile(descriptor.number, count: status.size, path)
    }

    /// Confirms that the file is still the one that was opened, with the same size and times.
    ///
    /// - Throws: `FileError` with `.changed` where it is not.
    package func confirmUnchanged() throws(FileError) {
        let now = try naming(path, try descriptor.status())
        if now != status { throw FileError(.read, path, .changed) }
    }
}
