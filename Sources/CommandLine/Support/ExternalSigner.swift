import CloseoutEncodings
import CloseoutFiles
import CloseoutSignatures
import CloseoutWorkflows
import Subprocess
import SystemPackage

/// A program that is given bytes on standard input and answers with a signature over them.
struct ExternalSigner: Signer {
    /// The most bytes that it may answer.
    private static let limit = SignatureFormat.largestFile

    /// A shell command.
    let command: String
    /// The format in which it answers; nil where the content shows that.
    let format: String?

    func sign(_ content: SignedContent) async throws -> Attachment {
        let bytes = try await answer(to: content.bytes)
        let path = Array("the output of exec:\(command)".utf8)
        return Attachment(
            path: path, bytes: bytes,
            format: try signatureFormat(named: format, of: bytes, at: path))
    }

    /// Runs the command; what it writes to standard error is seen by the user.
    ///
    /// - Throws: `CommandFailure` where it cannot be run, fails, or answers nothing.
    private func answer(to bytes: [UInt8]) async throws -> [UInt8] {
        // A signer may close its input unread.
        Signals.ignoreBrokenPipes()
        try ProgramNeeds.confirm()
        let (end, answer) = try await run(bytes)
        guard case .exited(0) = end else {
            throw CommandFailure(
                .failed, "the signer failed: it \(end.words)",
                hint: "its own messages are above; run the command of --with by hand")
        }
        guard !answer.isEmpty else {
            throw CommandFailure(.failed, "the signer answered nothing on standard output")
        }
        return answer
    }

    private func run(_ bytes: [UInt8]) async throws -> (TerminationStatus, [UInt8]) {
        do {
            let result = try await Subprocess.run(
                .path(FilePath("/bin/sh")), arguments: ["-c", command], input: .inputWriter,
                output: .bytes(limit: Self.limit),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            ) { execution in
                _ = try? await execution.standardInputWriter.write(bytes)
                try? await execution.standardInputWriter.finish()
            }
            return (result.terminationStatus, result.standardOutput)
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw CommandFailure(
                .malformed, "the signer answered more than \(Self.limit) bytes",
                hint: "it writes the signature to standard output, and nothing else")
        } catch {
            throw CommandFailure(
                .failed, "the signer could not be run: \(error)",
                hint: "run the command of --with by hand")
        }
    }
}

extension TerminationStatus {
    /// How a process ended, as the end of a sentence.
    var words: String {
        switch self {
        case .exited(let code): "exited with \(code)"
        case .signaled(let number): "was ended by signal \(number)"
        }
    }
}
