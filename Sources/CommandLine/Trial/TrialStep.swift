/// One of the ten steps of a trial (docs/trial.md, "Steps").
///
/// In all texts `{name}` denotes a digest that an earlier command printed or an instant, and
/// `{name:16}` for the first 16 digits of the digest.
struct TrialStep: Sendable {
    let title: String
    /// What happens and why; each line is wrapped by itself.
    let text: [String]
    /// The commands that record something.
    var commands: [TrialCommand] = []
    /// The files outside the bundle that matter, and who may see them.
    var files: [TrialFile] = []
    /// The commands that check it and write nothing; each can be repeated later.
    var checks: [TrialCommand] = []
}

/// A file from elsewhere that a trial writes itself, as an example.
struct TrialInput: Sendable {
    let path: String
    let text: String
    var isExecutable = false
}

/// A file outside the bundle.
struct TrialFile: Sendable {
    let path: String
    /// Who may see it.
    let audience: String

    init(_ path: String, _ audience: String) {
        self.path = path
        self.audience = audience
    }
}

/// A command of a trial, which is run as it is shown.
struct TrialCommand: Sendable {
    /// Which digest of its output is kept.
    enum Digest: Sendable {
        case first, last
        /// The first one behind this word.
        case behind(String)
    }

    /// The command, in lines that end with a backslash where more follow.
    let line: String
    /// The exit code that it must end with.
    var exit: Int32 = 0
    /// How many lines of its output are shown.
    var lines = 0
    /// The names by which digests of its output are kept.
    private(set) var kept: [(name: String, digest: Digest)] = []
    /// What is written before it is run.
    private(set) var inputs: [TrialInput] = []

    init(_ line: String, exit: Int32 = 0, lines: Int = 0) {
        self.line = line
        self.exit = exit
        self.lines = lines
    }

    /// The same command, a digest of whose output is kept.
    func keeping(_ name: String, _ digest: Digest = .last) -> TrialCommand {
        var command = self
        command.kept.append((name, digest))
        return command
    }

    /// The same command, before which files are written.
    func given(_ inputs: TrialInput...) -> TrialCommand { given(inputs) }

    /// The same command, before which files are written.
    func given(_ inputs: [TrialInput]) -> TrialCommand {
        var command = self
        command.inputs += inputs
        return command
    }
}

/// Names that be in the commands of all steps.
enum TrialNames {
    /// The bundle.
    static let bundle = "payments-1.4.0.closeout"
    /// What every command finds in its environment.
    static let environment = [
        ("CLOSEOUT_TRUST", "trust.json"), ("CLOSEOUT_LOG_KEY", "keys/log.pem"),
    ]
}
