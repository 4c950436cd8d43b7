import Subprocess
import SystemPackage

/// Thrown by `withService` when a program did not get ready.
package struct ServiceFailure: Error, Equatable {
    /// The program and its arguments.
    package let command: [String]
}

/// Runs a program that serves, without a shell, while a body uses it.
///
/// The program ends when its standard input does, which the end of the body closes.
///
/// - Parameters:
///   - executable: A path when it holds a `/`, else a name looked up in `PATH`.
///   - arguments: The arguments after the program's own name.
///   - isReady: Whether the program can be used, asked again and again, for some ten seconds at most.
///   - body: What needs the program.
/// - Throws: what the body throws; `ServiceFailure` where the program does not get ready, `SubprocessError` where
///   it cannot be started.
package func withService(
    _ executable: String, _ arguments: [String], isReady: () -> Bool,
    _ body: () async throws -> Void
) async throws {
    let configuration = Configuration(
        executable: executable.contains("/") ? .path(FilePath(executable)) : .name(executable),
        arguments: Arguments(arguments))
    _ = try await Subprocess.run(
        configuration, input: .inputWriter, output: .discarded, error: .bytes(limit: 1 << 20)
    ) { execution in
        do {
            var attempts = 0
            while !isReady() {
                guard attempts < 2_000 else {
                    throw ServiceFailure(command: [executable] + arguments)
                }
                attempts += 1
                try await Task.sleep(for: .milliseconds(5))
            }
            try await body()
        } catch {
            try? await execution.standardInputWriter.finish()
            throw error
        }
        try? await execution.standardInputWriter.finish()
    }
}
