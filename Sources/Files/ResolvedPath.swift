internal import Glibc

/// The path of what a user names, without links, `.` and `..`.
///
/// - Throws: `FileError` where there is nothing, or a folder on the way cannot be searched.
package func resolvedPath(_ path: [UInt8]) throws(FileError) -> [UInt8] {
    do throws(FileError) {
        return try unsafe withCString(path.span, .examine) { name throws(FileError) in
            guard let resolved = unsafe realpath(name, nil) else {
                throw FileError(.examine, [], .system(errno))
            }
            defer { unsafe free(resolved) }
            return unsafe Array(
                UnsafeRawBufferPointer(start: resolved, count: strlen(resolved)))
        }
    } catch {
        throw error.at(path)
    }
}
