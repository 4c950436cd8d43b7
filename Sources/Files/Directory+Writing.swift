internal import Glibc

extension Directory {
    /// Begins a new file; the name must be free.
    ///
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken.
    package func create(_ name: [UInt8], permissions: UInt16 = 0o644) throws(FileError)
        -> OutputFile
    {
        try at(name, .create) { number throws(FileError) in
            try OutputFile(
                at: number, name, path: Path.join(path, name), permissions: permissions)
        }
    }

    /// Writes a whole new file and waits until its contents, not yet its name, have reached the
    /// storage.
    ///
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken. What was begun is removed
    ///   again.
    package func write(
        new name: [UInt8], _ bytes: [UInt8], permissions: UInt16 = 0o644
    ) throws(FileError) {
        let file = try create(name, permissions: permissions)
        do throws(FileError) {
            try file.write(bytes)
            try file.sync()
        } catch {
            try? remove(name)
            throw error
        }
    }

    /// Puts a file in place, whole or not at all, and waits until it has reached the storage.
    ///
    /// Whatever file had the name is replaced. Between the steps another reader sees the old or the
    /// new file.
    ///
    /// - Throws: `FileError`; the old file is then still there, and the temporary one is removed.
    package func replace(
        _ name: [UInt8], with bytes: [UInt8], permissions: UInt16 = 0o644
    ) throws(FileError) {
        let temporary = TemporaryName.make()
        try write(new: temporary, bytes, permissions: permissions)
        do throws(FileError) {
            try rename(temporary, to: name)
        } catch {
            try? remove(temporary)
            throw error
        }
        try sync()
    }

    /// Renames within this directory, replacing a file of the new name.
    package func rename(_ name: [UInt8], to newName: [UInt8]) throws(FileError) {
        let target = Path.join(path, newName)
        try at(name, .rename) { number throws(FileError) in
            guard Path.isComponent(newName.span) else { throw FileError(.rename, [], .badName) }
            try DiskChange.announce(.rename(Path.join(path, name), to: target))
            try unsafe withCString(name.span, .rename) { old throws(FileError) in
                try unsafe withCString(newName.span, .rename) { new throws(FileError) in
                    _ = try system(.rename) { unsafe Int(renameat(number, old, number, new)) }
                }
            }
        }
    }

    /// Renames a directory within this directory to a name that is free.
    ///
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken. Should an empty directory
    ///   take the name in the instant between the look and the renaming, it is replaced; nothing
    ///   that holds anything ever is.
    package func rename(directory name: [UInt8], toNew newName: [UInt8]) throws(FileError) {
        let taken = FileError(.rename, Path.join(path, newName), .alreadyExists)
        do throws(FileError) {
            _ = try status(of: newName)
            throw taken
        } catch  where error.errno == ENOENT {
            do throws(FileError) {
                try rename(name, to: newName)
            } catch {
                switch error.errno {
                case EEXIST, ENOTEMPTY, ENOTDIR: throw taken
                default: throw error
                }
            }
        }
    }

    /// Moves a name into another directory of the same file system, where the name must be free.
    ///
    /// The old name goes when the new one has reached the storage, so that a crash never takes both.
    ///
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken there.
    package func move(
        file name: [UInt8], to directory: borrowing Directory, as newName: [UInt8]
    ) throws(FileError) {
        let (here, there) = (descriptor.number, directory.descriptor.number)
        let (source, target) = (Path.join(path, name), Path.join(directory.path, newName))
        do throws(FileError) {
            guard Path.isComponent(name.span), Path.isComponent(newName.span) else {
                throw FileError(.rename, [], .badName)
            }
            try DiskChange.announce(.link(source, to: target))
            try unsafe withCString(name.span, .rename) { old throws(FileError) in
                try unsafe withCString(newName.span, .rename) { new throws(FileError) in
                    _ = try system(.rename) { unsafe Int(linkat(here, old, there, new, 0)) }
                }
            }
        } catch {
            throw error.errno == EEXIST
                ? FileError(.rename, target, .alreadyExists) : error.at(source)
        }
        try directory.sync()
        try remove(name)
    }

    /// Makes a directory; the name must be free.
    ///
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken.
    package func makeDirectory(_ name: [UInt8]) throws(FileError) {
        let target = Path.join(path, name)
        do throws(FileError) {
            try at(name, .makeDirectory) { number throws(FileError) in
                try DiskChange.announce(.makeDirectory(target))
                try unsafe withCString(name.span, .makeDirectory) { name throws(FileError) in
                    _ = try system(.makeDirectory) { unsafe Int(mkdirat(number, name, 0o777)) }
                }
            }
        } catch  where error.errno == EEXIST {
            throw FileError(.makeDirectory, target, .alreadyExists)
        }
    }

    /// Removes a file or link, not a directory.
    package func remove(_ name: [UInt8]) throws(FileError) {
        try unlink(name, flags: 0)
    }

    /// Removes a directory and everything in it, following no link.
    package func removeTree(_ name: [UInt8]) throws(FileError) {
        let directory = try open(name)
        for entry in try directory.entries() {
            if entry.kind == .directory {
                try directory.removeTree(entry.name)
            } else {
                try directory.remove(entry.name)
            }
        }
        try unlink(name, flags: AT_REMOVEDIR)
    }

    /// Removes a directory that holds nothing, and leaves any other as it is.
    package func removeIfEmpty(_ name: [UInt8]) {
        try? unlink(name, flags: AT_REMOVEDIR)
    }

    /// Waits until the directory's names have reached the storage.
    package func sync() throws(FileError) {
        try DiskChange.announce(.sync(path))
        try naming(path, try descriptor.sync())
    }

    private func unlink(_ name: [UInt8], flags: Int32) throws(FileError) {
        try at(name, .remove) { number throws(FileError) in
            try DiskChange.announce(.remove(Path.join(path, name)))
            try unsafe withCString(name.span, .remove) { name throws(FileError) in
                _ = try system(.remove) { unsafe Int(unlinkat(number, name, flags)) }
            }
        }
    }
}

/// Names of files that are not finished: `.closeout-tmp-` and 16 random hex digits (docs/bundle.md,
/// "Append").
package enum TemporaryName {
    private static let prefix = Array(".closeout-tmp-".utf8)

    /// A name that nobody else has.
    package static func make() -> [UInt8] {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        return prefix + [UInt8](repeating: UInt8(ascii: "0"), count: 16 - digits.utf8.count)
            + Array(digits.utf8)
    }

    /// Whether a name is of this form.
    package static func matches(_ name: [UInt8]) -> Bool {
        name.count == prefix.count + 16 && name.starts(with: prefix)
            && name.dropFirst(prefix.count).allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
