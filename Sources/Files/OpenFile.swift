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

/// Reads a regular file or a pipe that a user names, and opens it once for that; links are followed, as
/// users expect of a path of their own.
///
/// - Parameters:
///   - path: The path.
///   - limit: The most bytes that it may have.
/// - Returns: Its bytes, and what it is.
/// - Throws: `FileError`; `.tooLarge` when it holds more than `limit` bytes, `.notRegular`, `.changed`.
package func readInput(_ path: [UInt8], limit: Int) throws(FileError) -> NamedInput {
    do throws(FileError) {
        let descriptor = try openDescriptor(
            .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let status = try descriptor.status()
        let bytes =
            status.isPipe
            ? try descriptor.readPipe(limit: limit)
            : try InputFile(owning: descriptor).readAll(limit: limit)
        return NamedInput(bytes: bytes, status: status)
    } catch {
        throw error.at(path)
    }
}

extension FileStatus {
    /// Whether it is read once, to its end: a pipe, or a device that gives characters.
    var isPipe: Bool { kind == .fifo || kind == .characterDevice }
}

/// Whether a path that a user names is that of a pipe, as `<(…)` of a shell names one, or of a
/// device that gives characters, as a terminal does: what is read once, to its end.
///
/// - Throws: `FileError` for what is neither that nor a regular file.
package func isPipe(_ path: [UInt8]) throws(FileError) -> Bool {
    do throws(FileError) {
        _ = try openFile(path)
        return false
    } catch {
        switch error.cause {
        case .notRegular(.fifo), .notRegular(.characterDevice): return true
        default: throw error
        }
    }
}
