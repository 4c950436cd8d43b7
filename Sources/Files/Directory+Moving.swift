internal import Glibc

extension Directory {
    /// Moves whatever has a name into another directory of the same file system, where the new name
    /// must be free.
    ///
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken there.
    package func moveAny(
        _ name: [UInt8], to directory: borrowing Directory, as newName: [UInt8]
    ) throws(FileError) {
        guard try status(of: name).kind == .directory else {
            return try move(file: name, to: directory, as: newName)
        }
        // A directory cannot be linked; making one at the target claims the name, and renaming
        // onto an empty directory replaces it.
        try directory.makeDirectory(newName)
        let (here, there) = (descriptor.number, directory.descriptor.number)
        let source = Path.join(path, name)
        do throws(FileError) {
            try DiskChange.announce(.rename(source, to: Path.join(directory.path, newName)))
            try unsafe withCString(name.span, .rename) { old throws(FileError) in
                try unsafe withCString(newName.span, .rename) { new throws(FileError) in
                    _ = try system(.rename) { unsafe Int(renameat(here, old, there, new)) }
                }
            }
        } catch {
            throw error.at(source)
        }
    }
}
