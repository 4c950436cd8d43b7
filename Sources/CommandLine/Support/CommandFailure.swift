/// Why a command stops: what, where, what to do next, and the exit code.
package struct CommandFailure: Error, CustomStringConvertible {
    /// The exit code.
    package let status: ExitStatus
    /// What happened and where: lower case, no full stop, untrusted text already printable.
    package let message: String
    /// What to do next.
    package let hint: String?

    package var description: String { message }

    package init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }
}
