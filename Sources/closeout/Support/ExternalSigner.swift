import Encodings
import Subprocess

/// A program that is given bytes on standard input and answers with a signature over them.
struct ExternalSigner {
    /// A shell command.
    let command: String

    /// Runs the command.
    ///
    /// - Throws: `CommandFailure` where it cannot be run, fails, or answers nothing.
    func sign(_ bytes: [UInt8]) async throws -> [UInt8] {
        let limit = 256 * 1024
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", command], input: .array(bytes),
            output: .bytes(limit: limit), error: .standardError)
        guard case .exited(0) = result.terminationStatus else {
            throw CommandFailure(
                .failed, "the signer failed: \(result.terminationStatus)",
                hint: "its own words stand above; run it by hand: \(printable(Array(command.utf8)))")
        }
        guard !result.standardOutput.isEmpty else {
            throw CommandFailure(.failed, "the signer answered nothing on standard output")
        }
        return result.standardOutput
    }
}
