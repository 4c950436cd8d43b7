internal import Glibc
import Synchronization

/// Notes that somebody wants the program to stop, in place of its end at once: a service ends what is under way first.
package enum StopRequest {
    private static let pending = Atomic<Int32>(0)

    /// Notes SIGINT and SIGTERM from now on, in the process that calls it.
    ///
    /// What ignores one of them goes on ignoring it.
    package static func listen() {
        for number in [SIGINT, SIGTERM] {
            guard let before = signal(number, { StopRequest.pending.store($0, ordering: .relaxed) })
            else { continue }
            _ = signal(number, before)
        }
    }

    /// Whether one has come.
    package static var isMade: Bool { pending.load(ordering: .relaxed) != 0 }

    /// Ends the process by the signal that has come, as it would have ended without this; returns where none has.
    package static func endIfMade() {
        let number = pending.load(ordering: .relaxed)
        guard number != 0 else { return }
        _ = signal(number, SIG_DFL)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        _ = raise(number)
    }
}
