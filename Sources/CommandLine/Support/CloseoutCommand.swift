package import ArgumentParser
package import CloseoutEncodings
package import CloseoutFiles

/// What every command is given: the streams, and the one reading of the clock.
package struct Context: Sendable {
    /// The streams that it writes to.
    package let console: Console
    /// The instant at which the command began.
    package let now: Instant
    /// How long a lock on a bundle is waited for.
    package let lockWait: LockWait
}

/// A command that reports its failures by the words and exit codes of docs/command-line.md.
package protocol CloseoutCommand: AsyncParsableCommand {
    /// The options that every command has.
    var common: CommonOptions { get }
    /// Does the work.
    func execute(_ context: Context) async throws
}

/// The options that every command has.
package struct CommonOptions: ParsableArguments {
    @Flag(name: .long, help: "Say nothing on standard error but warnings and errors.")
    var quiet = false

    /// None yet: the parser sets them.
    package init() {}
}

extension CloseoutCommand {
    /// Runs the command, and reports what it throws.
    package func run() async throws {
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
    // A task of the thread pool blocks its own thread; elsewhere that would take a thread from other tasks.
    let clock: any Clock<Duration> =
        ThreadPool.shared.isRunning ? ThreadClock() : ContinuousClock()
    guard let value = Machine.environment("CLOSEOUT_LOCK_WAIT"), !value.isEmpty else {
        return LockWait(by: clock)
    }
    guard let seconds = Int(String(decoding: value, as: UTF8.self)), (0...86_400).contains(seconds)
    else {
        throw CommandFailure(
            .usage, "CLOSEOUT_LOCK_WAIT is '\(printable(value))' and not a number of seconds",
            hint: "it is 86400 at most")
    }
    return LockWait(seconds: seconds, by: clock)
}

/// How a report is to be printed.
package enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}
