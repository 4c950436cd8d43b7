/// One of the ten steps of a trial (docs/trial.md, "Steps").
///
/// In all texts `{name}` is replaced by a digest that an earlier action found or an instant, and `{name:16}`
/// for the first 16 digits of the digest.
struct TrialStep: Sendable {
    let title: String
    /// Its result, for the overview of a whole trial.
    let summary: String
    /// What happens and why; each line is wrapped by itself.
    let text: [String]
    /// Where the documents say more of it.
    let documents: [DocumentLink]
    /// What records something.
    var actions: [TrialAction] = []
    /// The files outside the bundle that matter, and who may see them.
    var files: [TrialFile] = []
    /// What checks it and writes nothing; each can be repeated later.
    var checks: [TrialAction] = []
}

/// A section of a document of this project.
package struct DocumentLink: Equatable, Sendable {
    /// The document's path, such as `docs/records.md`.
    package let path: String
    /// The heading of the section.
    package let section: String

    init(_ name: String, _ section: String) {
        path = "docs/\(name).md"
        self.section = section
    }
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

/// What is done in a trial.
///
/// The command line that is shown and the workflow in this process do the same.
struct TrialAction: Sendable {
    /// The result of an action.
    struct Result: Sendable {
        /// The exit code of the command.
        var exit: Int32 = 0
        /// What there is to show of it.
        var lines: [String] = []
    }

    typealias Work = @Sendable (inout Desk) async throws -> Result

    /// The command, in lines that end with a backslash where more follow.
    let line: String
    /// The exit code that it must end with.
    let exit: Int32
    /// What is written before it is done.
    private(set) var inputs: [TrialInput] = []
    /// Does it in this process.
    let work: Work

    init(_ line: String, exit: Int32 = 0, work: @escaping Work) {
        self.line = line
        self.exit = exit
        self.work = work
    }

    /// An action of which there is nothing to show.
    static func silent(
        _ line: String, _ work: @escaping @Sendable (inout Desk) async throws -> Void
    ) -> TrialAction {
        TrialAction(line) { desk in
            try await work(&desk)
            return Result()
        }
    }

    /// The same action, before which files are written.
    func given(_ inputs: TrialInput...) -> TrialAction { given(inputs) }

    /// The same action, before which files are written.
    func given(_ inputs: [TrialInput]) -> TrialAction {
        var action = self
        action.inputs += inputs
        return action
    }
}

/// Names that are in the commands of all steps.
enum TrialNames {
    /// The bundle.
    static let bundle = "payments-1.4.0.closeout"
    /// The copy of the archive, which signs elsewhere.
    static let copy = "elsewhere/payments-1.4.0.closeout"
    /// A bundle of another release.
    static let other = "payments-1.3.0.closeout"
    /// What everyone may see of the bundle.
    static let `public` = "payments-1.4.0.public.closeout"
    /// The report on the bundle.
    static let report = "decision.json"
    /// What every command finds in its environment.
    static let environment = [
        ("CLOSEOUT_TRUST", "trust.json"), ("CLOSEOUT_LOG_KEY", "keys/log.pem"),
    ]
}
