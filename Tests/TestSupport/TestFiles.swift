import FoundationEssentials

/// Reads a whole file.
///
/// - Throws: The file system's error.
package func readFile(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
}

/// Writes a file, replacing one that is there.
///
/// - Throws: The file system's error; missing folders are not made.
package func writeFile(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
}

/// Writes the UTF-8 bytes of a text to a file, replacing one that is there.
///
/// - Throws: The file system's error; missing folders are not made.
package func writeFile(_ text: String, to path: String) throws {
    try writeFile([UInt8](text.utf8), to: path)
}

/// Makes a directory and those above it that are missing.
///
/// - Throws: The file system's error.
package func makeDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
}

/// Whether something exists at the path; a broken symbolic link does not.
package func fileExists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
}

/// Whether a directory, or a link to one, is at the path.
package func isDirectory(_ path: String) -> Bool {
    var isDirectory = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
}
