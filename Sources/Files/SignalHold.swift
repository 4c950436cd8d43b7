internal import Glibc
import Synchronization

/// While one of these lives, a signal that would end the program waits, so that what is half made can
/// be removed (docs/command-line.md, "Signals").
///
/// The work ends at its next reading or writing, with `FileError` and `.interrupted`, and the process by
/// that signal when the last of these is let go. Signals belong to the program: in one that does not call
/// `enable` none is touched, and what is half made is removed when the task is cancelled.
package struct SignalHold: ~Copyable, Sendable {
    /// The last signal that came; 0 before.
    private static let pending = Atomic<Int32>(0)
    private static let state = Mutex(State())

    /// Lets these hold signals back, in the process that calls it.
    package static func enable() { state.withLock { $0.isEnabled = true } }

    private struct State {
        var isEnabled = false
        var holds = 0
        /// The signals that are held back: what the process ignores stays ignored.
        var held: [Int32] = []
    }

    /// Begins to hold signals back.
    package init() {
        Self.state.withLock { state in
            state.holds += 1
            guard state.isEnabled, state.holds == 1 else { return }
            Self.pending.store(0, ordering: .relaxed)
            state.held = [SIGINT, SIGTERM, SIGHUP].filter(Self.hold)
        }
    }

    deinit {
        Self.state.withLock { state in
            state.holds -= 1
            guard state.isEnabled, state.holds == 0 else { return }
            for number in state.held { _ = signal(number, SIG_DFL) }
            state.held = []
            let number = Self.pending.load(ordering: .relaxed)
            if number != 0 { Self.end(by: number) }
        }
    }

    /// Does something while signals are held back.
    package static func during<Result, Failure>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let hold = SignalHold()
        let result = try body()
        _ = consume hold
        return result
    }

    private static let finishing = Atomic<Int>(0)

    /// Does something that is done whole or not at all: no signal and no cancelled task ends it in the middle.
    package static func finishing<Result, Failure>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        finishing.wrappingAdd(1, ordering: .relaxed)
        defer { finishing.wrappingSubtract(1, ordering: .relaxed) }
        return try body()
    }

    /// Ends the work where a signal waits, or the task is cancelled.
    ///
    /// - Throws: `FileError` with `.interrupted` or `.cancelled`.
    static func check(_ operation: FileError.Operation) throws(FileError) {
        guard finishing.load(ordering: .relaxed) == 0 else { return }
        guard pending.load(ordering: .relaxed) == 0 else {
            throw FileError(operation, [], .interrupted)
        }
        guard !Task.isCancelled else { throw FileError(operation, [], .cancelled) }
    }

    /// Ends the process by a signal, also on a thread that blocks it, as those of tasks do.
    private static func end(by number: Int32) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        _ = raise(number)
    }

    /// Returns whether the signal would have ended the process, and now does not.
    private static func hold(_ number: Int32) -> Bool {
        let before = signal(number) { SignalHold.pending.store($0, ordering: .relaxed) }
        guard let before else { return true }
        _ = signal(number, before)
        return false
    }
}
