/// Why a command stops: what, where, what to do next, and the exit code.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    /// What happened and where: lower case, no full stop, untrusted text already printable.
    let message: String
    /// What to do next.
    let hint: String?

    var description: String { message }

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }
}
