import FoundationEssentials

/// Runs `body` with the absolute path of a new, empty directory, and removes it afterwards.
///
/// - Parameters:
///   - parent: The folder to make it in; by default `TMPDIR`, else `/tmp`.
///   - body: What needs the directory.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or the error of making or removing the directory.
package func withTemporaryDirectory<Result>(
    in parent: String? = nil, _ body: (_ path: String) async throws -> Result
) async throws -> Result {
    let parent = parent ?? environmentVariable("TMPDIR") ?? "/tmp"
    let path = parent + "/closeout-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let result: Result
    do {
        result = try await body(path)
    } catch {
        try? await removeTree(path)
        throw error
    }
    try await removeTree(path)
    return result
}

/// Removes a tree whatever its names are, also where a test took away its permissions.
private func removeTree(_ path: String) async throws {
    let removal = try await run("rm", ["-rf", "--", path])
    guard removal.status != 0 else { return }
    _ = try await run("chmod", ["-R", "u+rwX", "--", path])
    try await runSuccessfully("rm", ["-rf", "--", path])
}
