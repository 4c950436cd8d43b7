import Glibc
import Subprocess
import SystemPackage

/// What a finished program left behind.
package struct RunResult: Equatable, Sendable {
    /// The exit code, or minus the number of the signal that ended the program.
    package let status: Int32
    /// All bytes of standard output.
    package let stdout: [UInt8]
    /// All bytes of standard error.
    package let stderr: [UInt8]

    /// The number of the signal that ended the program, `nil` where it exited by itself.
    package var signal: Int32? { status < 0 ? -status : nil }

    /// Standard output, with invalid UTF-8 replaced.
    package var stdoutText: String { String(decoding: stdout, as: UTF8.self) }

    /// Standard error, with invalid UTF-8 replaced.
    package var stderrText: String { String(decoding: stderr, as: UTF8.self) }
}

/// Thrown by `runSuccessfully` when a program did not exit with code 0.
package struct RunFailure: Error, Equatable, CustomStringConvertible {
    /// The program and its arguments.
    package let command: [String]
    /// What the program left behind.
    package let result: RunResult

    /// The command, how it ended and what it said.
    package var description: String {
        "\(command.joined(separator: " ")) ended with \(result.status)\n"
            + result.stderrText + result.stdoutText
    }
}

/// Runs a program without a shell, waits for its end and collects what it wrote.
///
/// - Parameters:
///   - executable: A path when it holds a `/`, else a name looked up in `PATH`.
///   - arguments: The arguments after the program's own name.
///   - stdin: The bytes on standard input; a program may leave them unread.
///   - environment: Variables to set, or with `nil` to remove, in a copy of this process's own.
///   - workingDirectory: The directory to start in; `nil` is the present one.
///   - delay: If given, SIGKILL is sent after this time, should the program still run; the
///     call does not return earlier.
/// - Returns: The termination and the output; a failing exit code is a value, not an error.
/// - Throws: `SubprocessError` when the program cannot be started.
package func run(
    _ executable: String,
    _ arguments: [String] = [],
    stdin: [UInt8] = [],
    environment: [String: String?] = [:],
    workingDirectory: String? = nil,
    killAfter delay: Duration? = nil
) async throws -> RunResult {
    _ = brokenPipesAreErrors
    let changes = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let configuration = Configuration(
        executable: executable.contains("/") ? .path(FilePath(executable)) : .name(executable),
        arguments: Arguments(arguments),
        environment: .inherit.updating(Dictionary(uniqueKeysWithValues: changes)),
        workingDirectory: workingDirectory.map { FilePath($0) })
    let result = try await Subprocess.run(
        configuration, input: .inputWriter, output: .bytes(limit: .max),
        error: .bytes(limit: .max)
    ) { execution in
        async let written: Void = write(stdin, to: execution.standardInputWriter)
        if let delay {
            try await Task.sleep(for: delay)
            // The program may have ended by itself: then there is nothing to stop.
            try? execution.send(signal: .kill)
        }
        await written
    }
    let status =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    return RunResult(
        status: status, stdout: result.standardOutput, stderr: result.standardError)
}

/// Writes all of standard input and closes it; a program that has closed it already wants none.
private func write(_ stdin: [UInt8], to writer: StandardInputWriter) async {
    _ = try? await writer.write(stdin)
    try? await writer.finish()
}

/// Makes a write to a program that is gone an error of that write, not the end of the tests.
///
/// Programs that are started get the default behaviour back.
private let brokenPipesAreErrors: Void = {
    _ = signal(SIGPIPE, SIG_IGN)
}()

/// Runs a program as `run` does and demands exit code 0.
///
/// - Parameters:
///   - executable: A path when it holds a `/`, else a name looked up in `PATH`.
///   - arguments: The arguments after the program's own name.
///   - stdin: The bytes on standard input.
///   - workingDirectory: The directory to start in; `nil` is the present one.
/// - Returns: The bytes of standard output.
/// - Throws: `RunFailure` for another end, `SubprocessError` when it cannot be started.
@discardableResult
package func runSuccessfully(
    _ executable: String, _ arguments: [String] = [], stdin: [UInt8] = [],
    workingDirectory: String? = nil
) async throws -> [UInt8] {
    let result = try await run(
        executable, arguments, stdin: stdin, workingDirectory: workingDirectory)
    guard result.status == 0 else {
        throw RunFailure(command: [executable] + arguments, result: result)
    }
    return result.stdout
}
