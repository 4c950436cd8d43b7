extension Directory {
    /// Puts a file in place as `replace` does, with the permissions of the file that it replaces.
    ///
    /// - Throws: `FileError`; the old file is then still there, and the temporary one is removed.
    package func replaceContents(of name: [UInt8], with bytes: [UInt8]) throws(FileError) {
        guard let old = try statusIfThere(of: name), old.kind == .regular else {
            return try replace(name, with: bytes)
        }
        let temporary = TemporaryName.make()
        let file = try create(temporary, permissions: 0o600)
        do throws(FileError) {
            try file.write(bytes)
            try file.setPermissions(old.mode)
            try file.sync()
            try rename(temporary, to: name)
        } catch {
            try? remove(temporary)
            throw error
        }
        try sync()
    }

    /// What the system says about a name as `status` does, or nil where there is nothing.
    package func statusIfThere(of name: [UInt8]) throws(FileError) -> FileStatus? {
        do throws(FileError) {
            return try status(of: name)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }
}
