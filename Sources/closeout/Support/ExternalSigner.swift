import Encodings
import Files
import Subprocess
import SystemPackage

/// A program that is given bytes on standard input and answers with a signature over them.
struct ExternalSigner {
    /// The most bytes that it may answer.
    private static let limit = 256 * 1024

    /// A shell command.
    let command: String

    /// Runs the command; what it writes to standard error is seen by the user.
    ///
    /// - Throws: `CommandFailure` where it cannot be run, fails, or answers nothing.
    func sign(_ bytes: [UInt8]) async throws -> [UInt8] {
        // A signer may close its input unread.
        Signals.ignoreBrokenPipes()
        let result = try await Subprocess.run(
            .path(FilePath("/bin/sh")), arguments: ["-c", command], input: .inputWriter,
            output: .bytes(limit: Self.limit),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        ) { execution in
            _ = try? await execution.standardInputWriter.write(bytes)
            try? await execution.standardInputWriter.finish()
        }
        guard case .exited(0) = result.terminationStatus else {
            throw CommandFailure(
                .failed, "the signer failed: \(result.terminationStatus)",
                hint: "its own words stand above; run it by hand: \(printable(command))")
        }
        guard !result.standardOutput.isEmpty else {
            throw CommandFailure(.failed, "the signer answered nothing on standard output")
        }
        return result.standardOutput
    }
}
