import CloseoutTestSupport
import FoundationEssentials

/// What anyone can do to files, without a key.
extension Bench {
    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }

    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
    }

    /// Changes one byte of a file, by default the middle one.
    static func flip(_ path: String, at index: Int? = nil) throws {
        var bytes = try readFile(path)
        bytes[index ?? bytes.count / 2] ^= 1
        try writeFile(bytes, to: path)
    }

    /// Puts a link in a file's place that leads to the same content.
    func link(_ path: String) async throws {
        let copy = root + "/the same content"
        try writeFile(readFile(path), to: copy)
        try FileManager.default.removeItem(atPath: path)
        try await runSuccessfully("ln", ["-s", copy, path])
    }

    /// Every file of the bundle, as paths in it.
    func allFiles() throws -> [String] {
        var files: [String] = []
        for name in try names(in: "") {
            if isDirectory(path(name)) {
                files += try names(in: name).map { name + "/" + $0 }
            } else {
                files.append(name)
            }
        }
        return files
    }
}
