import CloseoutEncodings
import CloseoutFiles
import Subprocess
import SystemPackage

/// Runs the commands of a trial in its folder, with this very program as `closeout`.
struct TrialShell: Sendable {
    /// The most bytes that a command may print.
    private static let limit = 4 * 1024 * 1024

    /// The folder in which commands are run.
    let folder: [UInt8]
    /// This program.
    private let program: [UInt8]

    /// What a command left behind.
    struct Result {
        /// The exit code, or minus the number of a signal.
        let exit: Int32
        let output: [UInt8]
        let errors: [UInt8]
    }

    init(folder: [UInt8]) throws {
        self.folder = folder
        program = try Machine.program()
    }

    /// Runs a command as `/bin/sh` does.
    ///
    /// - Throws: `SubprocessError` where it cannot be started or prints too much.
    func run(_ command: String) async throws -> Result {
        try ProgramNeeds.confirm()
        let result = try await Subprocess.run(
            .path(FilePath("/bin/sh")),
            arguments: ["-c", "closeout() { \(shellQuoted(program)) \"$@\"; }\n\(command)"],
            environment: .inherit.updating(Self.environment),
            workingDirectory: unsafe FilePath(
                platformString: folder.map { CChar(bitPattern: $0) } + [0]),
            output: .bytes(limit: Self.limit), error: .bytes(limit: Self.limit))
        let exit =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): -signal
            }
        return Result(exit: exit, output: result.standardOutput, errors: result.standardError)
    }

    /// What a trial shows does not hang on what its caller has set.
    private static let environment: [Environment.Key: String?] = {
        var variables: [Environment.Key: String?] = ["SOURCE_DATE_EPOCH": nil, "LC_ALL": "C"]
        for (name, value) in TrialNames.environment {
            variables[Environment.Key(stringLiteral: name)] = value
        }
        return variables
    }()
}
