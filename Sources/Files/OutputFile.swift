internal import Glibc

/// A new file that is being written from its first byte to its last.
package struct OutputFile: ~Copyable, Sendable {
    let descriptor: Descriptor
    /// The path of the file, for messages.
    package let path: [UInt8]

    /// Creates a file that was not there.
    init(
        at directory: Int32, _ name: [UInt8], path: [UInt8], permissions: UInt16
    ) throws(FileError) {
        try DiskChange.announce(.create(path))
        do throws(FileError) {
            descriptor = try openDescriptor(
                .create, at: directory, name.span,
                flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY,
                permissions: mode_t(permissions))
        } catch {
            if error.errno == EEXIST { throw FileError(.create, path, .alreadyExists) }
            // A generated name helps nobody.
            throw TemporaryName.matches(name)
                ? FileError(.createInside, Path.split(path).directory, error.cause)
                : error.at(path)
        }
        self.path = path
    }

    /// Writes all the bytes behind those written before.
    package func write(_ bytes: [UInt8]) throws(FileError) {
        try DiskChange.announce(.write(path, bytes: bytes))
        try naming(path, try descriptor.write(bytes.span))
    }

    /// Waits until everything written has reached the storage.
    package func sync() throws(FileError) {
        try DiskChange.announce(.sync(path))
        try naming(path, try descriptor.sync())
    }

    /// Gives the file these permission bits, whatever the umask of the process is.
    package func setPermissions(_ permissions: UInt16) throws(FileError) {
        try system(.write, path) { Int(fchmod(descriptor.number, mode_t(permissions & 0o777))) }
    }
}
