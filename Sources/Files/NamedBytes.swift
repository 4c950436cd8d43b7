internal import Glibc

/// What is at a path that a user names, read in pieces from its first byte on: a regular file as often
/// as is wanted, a pipe or terminal once.
///
/// Links are followed, as users expect of a path of their own.
package struct NamedBytes {
    private enum Kind {
        case file(PositionedFile)
        case pipe(Pipe)
    }

    private final class Pipe {
        let descriptor: Descriptor

        init(_ descriptor: consuming Descriptor) throws(FileError) {
            try descriptor.waitForWriter()
            try descriptor.makeWaiting()
            self.descriptor = descriptor
        }
    }

    private let kind: Kind
    private let path: [UInt8]
    private var offset = 0

    /// Opens what is at the path.
    ///
    /// - Throws: `FileError`; `.notRegular` for what is neither a file nor a pipe.
    package init(opening path: [UInt8]) throws(FileError) {
        self.path = path
        do throws(FileError) {
            let descriptor = try openDescriptor(
                .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            switch try descriptor.status().kind {
            case .fifo, .characterDevice: kind = .pipe(try Pipe(descriptor))
            default: kind = .file(try PositionedFile(owning: descriptor, path))
            }
        } catch {
            throw error.at(path)
        }
    }

    /// How many bytes a file has; `nil` for a pipe.
    package var count: Int? {
        if case .file(let file) = kind { file.status.size } else { nil }
    }

    /// Goes back to the first byte of a file.
    package mutating func rewind() {
        offset = 0
    }

    /// Reads the next bytes into the beginning of the buffer.
    ///
    /// - Returns: How many; 0 after the last.
    /// - Throws: `FileError`; `.sizeless` for a file that has contents and says that it has none.
    package mutating func read(into buffer: inout [UInt8]) throws(FileError) -> Int {
        switch kind {
        case .pipe(let pipe):
            return try naming(path, try pipe.descriptor.read(into: &buffer))
        case .file(let file):
            let read = try file.read(at: offset, into: &buffer)
            guard read == 0 || file.status.size > 0 else { throw FileError(.read, path, .sizeless) }
            offset += read
            return read
        }
    }

    /// Looks at a whole file where the system has it.
    ///
    /// - Throws: `FileError`; `.notRegular` for a pipe.
    package func mapped() throws(FileError) -> MappedFile {
        guard case .file(let file) = kind else { throw FileError(.read, path, .notRegular(.fifo)) }
        return try file.mapped()
    }

    /// Confirms that a file is still the one that was opened, with the same size and times.
    ///
    /// - Throws: `FileError` with `.changed` where it is not.
    package func confirmUnchanged() throws(FileError) {
        if case .file(let file) = kind { try file.confirmUnchanged() }
    }
}
