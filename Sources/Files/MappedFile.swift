internal import Glibc
import Synchronization

/// A regular file that is looked at as a whole, and of which the process holds nothing.
///
/// The system gives no error where such a file becomes shorter, but a signal when the bytes that are
/// gone are looked at. It ends the process with exit code 74 (docs/command-line.md, "Faults"). Whoever
/// has looked asks whether the file has stayed the one that was opened, as of every file.
package final class MappedFile: Sendable {
    /// Where it begins: a number, as nobody may keep the pointer.
    private let address: UInt
    private let count: Int

    private static let living = Atomic<Int>(0)

    /// Whether a file is being looked at in this way.
    static var isInUse: Bool { living.load(ordering: .relaxed) > 0 }

    init(_ descriptor: Int32, count: Int, _ path: [UInt8]) throws(FileError) {
        guard count > 0 else {
            (self.address, self.count) = (0, 0)
            return
        }
        let start = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let start = unsafe start, unsafe start != MAP_FAILED else {
            throw FileError(.read, path, .system(errno))
        }
        _ = unsafe madvise(start, count, MADV_SEQUENTIAL)
        address = UInt(bitPattern: start)
        self.count = count
        Self.living.add(1, ordering: .relaxed)
    }

    deinit {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: address) else { return }
        _ = unsafe munmap(start, count)
        Self.living.subtract(1, ordering: .relaxed)
    }

    /// Looks at all bytes.
    package func withBytes(_ body: (borrowing Span<UInt8>) -> Void) {
        let start = unsafe UnsafePointer<UInt8>(bitPattern: address)
        let bytes = unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
        unsafe body(bytes.span)
    }
}
