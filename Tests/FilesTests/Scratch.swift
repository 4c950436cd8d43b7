import CloseoutFiles
import CloseoutTestSupport

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] {
    Array(text.utf8)
}

/// Runs a test with an empty directory, which is removed afterwards.
func withDirectory(_ body: (borrowing Directory) async throws -> Void) async throws {
    try await withTemporaryDirectory { path in
        try await body(Directory.open(bytes(path)))
    }
}

extension Directory {
    /// The path of a name in the directory, for other programs.
    func path(_ name: String) -> String {
        String(decoding: path, as: UTF8.self) + "/" + name
    }

    /// Makes a symbolic link with the system's own tool.
    func link(_ name: String, to target: String) async throws {
        try await runSuccessfully("ln", ["-s", "--", target, path(name)])
    }

    /// The names that the directory holds.
    func names() throws -> [String] {
        try entries().map { String(decoding: $0.name, as: UTF8.self) }
    }
}

/// The failure of a call that must fail.
func failure(_ body: () throws(FileError) -> Void) -> FileError? {
    do throws(FileError) {
        try body()
        return nil
    } catch {
        return error
    }
}
