extension Directory {
    /// Writes a whole new file as `write(new:)` does, unless the name is taken.
    ///
    /// - Returns: false where the name is taken and nothing was written.
    package func writeIfFree(_ name: [UInt8], _ bytes: [UInt8]) throws(FileError) -> Bool {
        do {
            try write(new: name, bytes)
            return true
        } catch {
            guard error.cause == .alreadyExists else { throw error }
            return false
        }
    }

    /// Makes a directory, unless the name is taken.
    ///
    /// - Returns: false where the name is taken and nothing was made.
    @discardableResult
    package func makeDirectoryIfFree(_ name: [UInt8]) throws(FileError) -> Bool {
        do {
            try makeDirectory(name)
            return true
        } catch {
            guard error.cause == .alreadyExists else { throw error }
            return false
        }
    }

    /// Reads a whole file as `read` does, or nil where there is none.
    package func readIfThere(_ name: [UInt8], limit: Int) throws(FileError) -> [UInt8]? {
        do {
            return try read(name, limit: limit)
        } catch {
            guard error.isMissing else { throw error }
            return nil
        }
    }
}
