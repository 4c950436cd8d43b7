internal import Glibc

/// Opens a regular file that a user names, for one reading; links are followed, as users expect of
/// a path of their own.
///
/// - Throws: `FileError`; `.notRegular` for anything but a file.
package func openFile(_ path: [UInt8]) throws(FileError) -> InputFile {
    try naming(
        path,
        try InputFile(
            owning: openDescriptor(
                .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)))
}

/// A file or pipe that a user named: all its bytes, and what the system said of it when it was opened.
package struct NamedInput: Sendable {
    /// All that it holds.
    package let bytes: [UInt8]
    /// What the system said of the open descriptor, before anything was read.
    package let status: FileStatus

    /// Whether it was read from a pipe or a device that gives characters, which is read once.
    package var isPipe: Bool { status.isPipe }
}

/// What is at a path that a user names, opened once and for one way of reading; links are followed, as
/// users expect of a path of their own.
package struct NamedPlace: ~Copyable, Sendable {
    private let descriptor: Descriptor
    /// The path.
    package let path: [UInt8]
    /// What the system says of the open descriptor.
    package let status: FileStatus

    /// Opens what is at the path.
    ///
    /// - Throws: `FileError` where there is nothing, or it may not be read.
    package init(opening path: [UInt8]) throws(FileError) {
        do throws(FileError) {
            let descriptor = try openDescriptor(
                .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            status = try descriptor.status()
            self.descriptor = descriptor
            self.path = path
        } catch {
            throw error.at(path)
        }
    }

    /// The folder.
    ///
    /// - Throws: `FileError` where it is none.
    package consuming func folder() throws(FileError) -> Directory {
        guard status.kind == .directory else { throw FileError(.open, path, .system(ENOTDIR)) }
        return Directory(owning: descriptor, path: path)
    }

    /// The regular file, to be read at any place.
    ///
    /// - Throws: `FileError`; `.notRegular` for anything else.
    package consuming func positioned() throws(FileError) -> PositionedFile {
        let path = path
        do throws(FileError) {
            return try PositionedFile(owning: descriptor, path)
        } catch {
            throw error.at(path)
        }
    }

    /// The first bytes of a regular file: as many as are asked for, or as there are.
    ///
    /// Whoever reads it afterwards begins with them all the same.
    ///
    /// - Throws: `FileError`; `.notRegular` for anything else.
    package borrowing func head(_ count: Int) throws(FileError) -> [UInt8] {
        do throws(FileError) {
            return try PositionedFile(owning: try descriptor.duplicate(), path)
                .read(at: 0, count: count)
        } catch {
            throw error.at(path)
        }
    }

    /// All bytes of a regular file or a pipe.
    ///
    /// - Throws: `FileError`; `.tooLarge` when it holds more than `limit` bytes, `.notRegular`, `.changed`.
    package consuming func input(limit: Int) throws(FileError) -> NamedInput {
        let (path, status) = (path, status)
        do throws(FileError) {
            let bytes =
                status.isPipe
                ? try descriptor.readPipe(limit: limit)
                : try InputFile(owning: descriptor).readAll(limit: limit)
            return NamedInput(bytes: bytes, status: status)
        } catch {
            throw error.at(path)
        }
    }
}

/// Reads a regular file or a pipe that a user names, and opens it once for that.
///
/// - Parameters:
///   - path: The path.
///   - limit: The most bytes that it may have.
/// - Returns: Its bytes, and what it is.
/// - Throws: `FileError`; `.tooLarge` when it holds more than `limit` bytes, `.notRegular`, `.changed`.
package func readInput(_ path: [UInt8], limit: Int) throws(FileError) -> NamedInput {
    try NamedPlace(opening: path).input(limit: limit)
}

extension FileStatus {
    /// Whether it is read once, to its end: a pipe, or a device that gives characters.
    var isPipe: Bool { kind == .fifo || kind == .characterDevice }
}
