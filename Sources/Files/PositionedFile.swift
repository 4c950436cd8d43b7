internal import Glibc

/// A regular file that is read at any place, by several readers at once.
///
/// Whoever has read what they need asks whether the file has stayed the one that was opened.
package final class PositionedFile: Sendable {
    private let descriptor: Descriptor
    /// The path by which the file was opened, for messages.
    package let path: [UInt8]
    /// What the system told of the file when it was opened.
    package let status: FileStatus

    /// Opens a file that a user names; links are followed, as users expect of a path of their own.
    ///
    /// - Throws: `FileError`; `.notRegular` for anything but a file.
    package init(opening path: [UInt8]) throws(FileError) {
        do throws(FileError) {
            let descriptor = try openDescriptor(
                .open, at: AT_FDCWD, path.span, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let status = try descriptor.status()
            guard status.kind == .regular else {
                throw FileError(.open, [], .notRegular(status.kind))
            }
            self.descriptor = descriptor
            self.status = status
            self.path = path
        } catch {
            throw error.at(path)
        }
    }

    /// The bytes from an offset on: as many as are asked for, or as there are.
    package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        let count = max(0, min(count, status.size - offset))
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            do throws(FileError) { try SignalHold.check(.read) } catch { throw error.at(path) }
            let number = descriptor.number
            let start = done
            let read = try system(.read, path) {
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe pread(
                        number, $0.baseAddress?.advanced(by: start), count - start,
                        off_t(offset + start))
                }
            }
            guard read > 0 else { throw FileError(.read, path, .changed) }
            done += read
        }
        return bytes
    }

    /// Confirms that the file is still the one that was opened, with the same size and times.
    ///
    /// - Throws: `FileError` with `.changed` where it is not.
    package func confirmUnchanged() throws(FileError) {
        do throws(FileError) {
            guard try descriptor.status() == status else { throw FileError(.read, [], .changed) }
        } catch {
            throw error.at(path)
        }
    }
}
