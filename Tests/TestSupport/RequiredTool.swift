import FoundationEssentials

#if canImport(Testing)
    // A build that holds Swift's libraries has no tests, and no library for them.
    package import Testing
#endif

/// A program that a test runs and that this machine lacks.
package struct MissingTool: Error, Equatable, CustomStringConvertible {
    /// The name or path of the program.
    package let tool: String

    /// Says what is missing and how to get it.
    package var description: String { "`\(tool)` is missing: run scripts/bootstrap" }
}

#if canImport(Testing)
    extension Trait where Self == ConditionTrait {
        /// Runs the test only where a program is installed.
        ///
        /// Where it is missing the test is skipped with a message, except under `CI=true`, where
        /// the test fails, so that nothing goes untested there.
        ///
        /// - Parameter tool: A path when it holds a `/`, else a name looked up in `PATH`.
        /// - Returns: The condition.
        package static func requires(_ tool: String) -> Self {
            .enabled("\(MissingTool(tool: tool))") {
                if isInstalled(tool) { return true }
                if environmentVariable("CI") == "true" { throw MissingTool(tool: tool) }
                return false
            }
        }
    }
#endif

/// Whether a program is executable at its path or, for a bare name, in a folder of `PATH`.
package func isInstalled(_ tool: String) -> Bool {
    if tool.contains("/") { return FileManager.default.isExecutableFile(atPath: tool) }
    let folders = (environmentVariable("PATH") ?? "").split(separator: ":")
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
}
