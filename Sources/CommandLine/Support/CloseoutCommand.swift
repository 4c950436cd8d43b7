import ArgumentParser
import CloseoutEncodings
import CloseoutFiles

/// What every command is given: the streams, and the one reading of the clock.
struct Context: Sendable {
    let console: Console
    /// The instant at which the command began.
    let now: Instant
    /// How long a lock on a bundle is waited for.
    let lockWait: LockWait
}

/// A command that reports its failures by the words and exit codes of docs/command-line.md.
protocol CloseoutCommand: AsyncParsableCommand {
    /// The options that every command has.
    var common: CommonOptions { get }
    /// Does the work.
    func execute(_ context: Context) async throws
}

/// The options that every command has.
struct CommonOptions: ParsableArguments {
    @Flag(name: .long, help: "Say nothing on standard error but warnings and errors.")
    var quiet = false
}

extension CloseoutCommand {
    func run() async throws {
        Signals.ignoreSizeLimit()
        let console = Console(isQuiet: common.quiet)
        do {
            guard let now = Instant(secondsSince1970: Machine.secondsSince1970()) else {
                throw CommandFailure(.internal, "the machine's clock is out of range")
            }
            try await execute(
                Context(console: console, now: now, lockWait: try lockWait()))
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(telling: error)
        }
    }
}

/// How many seconds a lock is waited for: `CLOSEOUT_LOCK_WAIT`, by default 30.
///
/// - Throws: `CommandFailure` where the variable is not a number of seconds.
private func lockWait() throws -> LockWait {
    guard let value = Machine.environment("CLOSEOUT_LOCK_WAIT"), !value.isEmpty else {
        return LockWait(by: ThreadClock())
    }
    guard let seconds = Int(String(decoding: value, as: UTF8.self)), (0...86_400).contains(seconds)
    else {
        throw CommandFailure(
            .usage, "CLOSEOUT_LOCK_WAIT is '\(printable(value))' and not a number of seconds",
            hint: "it is 86400 at most")
    }
    return LockWait(seconds: seconds, by: ThreadClock())
}

/// How a report is to be printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}
