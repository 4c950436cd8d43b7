internal import Glibc

extension Directory {
    /// Makes a symbolic link; the name must be free.
    ///
    /// - Parameters:
    ///   - name: The name of the link.
    ///   - target: Where it points, as raw bytes; nothing need be there.
    /// - Throws: `FileError`; `.alreadyExists` when the name is taken.
    package func makeLink(_ name: [UInt8], to target: [UInt8]) throws(FileError) {
        let path = Path.join(path, name)
        do throws(FileError) {
            try at(name, .create) { number throws(FileError) in
                try DiskChange.announce(.makeLink(path, to: target))
                try unsafe withCString(name.span, .create) { name throws(FileError) in
                    try unsafe withCString(target.span, .create) { target throws(FileError) in
                        _ = try system(.create) { unsafe Int(symlinkat(target, number, name)) }
                    }
                }
            }
        } catch  where error.errno == EEXIST {
            throw FileError(.create, path, .alreadyExists)
        }
    }
}
