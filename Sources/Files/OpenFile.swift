internal import Glibc

/// Opens a regular file that a user names, for one reading; links are followed, as users expect of
/// a path of their own.
///
/// - Throws: `FileError`; `.notRegular` for anything but a file.
package func openFile(_ path: [UInt8]) throws(FileError) -> InputFile {
    do throws(FileError) {
        return try InputFile(
            owning: openDescriptor(
                .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY))
    } catch {
        throw error.at(path)
    }
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
