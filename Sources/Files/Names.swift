internal import Glibc

/// Gives the bytes, followed by a NUL, to a system call.
///
/// - Throws: `.badName` when the bytes hold a NUL themselves, and what the call throws.
func withCString<Value>(
    _ bytes: borrowing Span<UInt8>, _ operation: FileError.Operation,
    _ body: (UnsafePointer<CChar>) throws(FileError) -> Value
) throws(FileError) -> Value {
    let count = bytes.count
    let result = unsafe bytes.withUnsafeBufferPointer { source in
        unsafe withUnsafeTemporaryAllocation(byteCount: count + 1, alignment: 1) {
            target -> Result<Value, FileError> in
            guard let start = target.baseAddress else {
                return .failure(FileError(operation, [], .badName))
            }
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(source))
            unsafe target.storeBytes(of: 0, toByteOffset: count, as: UInt8.self)
            let name = unsafe UnsafePointer(start.assumingMemoryBound(to: CChar.self))
            guard unsafe strlen(name) == count else {
                return .failure(FileError(operation, [], .badName))
            }
            do throws(FileError) {
                return .success(try unsafe body(name))
            } catch {
                return .failure(error)
            }
        }
    }
    return try result.get()
}

/// Opens a name relative to a directory's descriptor, never leaving the new one to child processes.
func openDescriptor(
    _ operation: FileError.Operation, at directory: Int32, _ name: borrowing Span<UInt8>,
    flags: Int32, permissions: mode_t = 0
) throws(FileError) -> Descriptor {
    let number = try unsafe withCString(name, operation) { name throws(FileError) in
        try system(operation) {
            unsafe Int(openat(directory, name, flags | O_CLOEXEC, permissions))
        }
    }
    return Descriptor(owning: Int32(truncatingIfNeeded: number))
}

let slash = UInt8(ascii: "/")
let dot = UInt8(ascii: ".")

/// The text of a path, from raw bytes.
package enum Path {
    /// The path of a name inside a directory.
    package static func join(_ directory: [UInt8], _ name: [UInt8]) -> [UInt8] {
        if directory.isEmpty { return name }
        return directory.last == slash ? directory + name : directory + [slash] + name
    }

    /// Splits a path before its last component: `a/b/` gives `a` and `b`, `b` gives `.` and `b`.
    ///
    /// The name is nil when the path has no last component that could be a file's: `/`, `..`, an
    /// empty path.
    package static func split(_ path: [UInt8]) -> (directory: [UInt8], name: [UInt8]?) {
        let end = path.lastIndex { $0 != slash }.map { $0 + 1 } ?? 0
        let start = path[..<end].lastIndex(of: slash).map { $0 + 1 } ?? 0
        let name = Array(path[start..<end])
        guard Self.isComponent(name.span) else { return (path, nil) }
        let directory = path[..<start]
        guard let last = directory.lastIndex(where: { $0 != slash }) else {
            return (directory.isEmpty ? [dot] : [slash], name)
        }
        return (Array(directory[...last]), name)
    }

    /// Whether the bytes are one component of a path, and one that leads down.
    package static func isComponent(_ name: borrowing Span<UInt8>) -> Bool {
        let count = name.count
        if count == 0 { return false }
        if name[0] == dot, count == 1 || (count == 2 && name[1] == dot) { return false }
        for index in 0..<count where name[index] == slash { return false }
        return true
    }
}
