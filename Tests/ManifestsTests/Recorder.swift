import CloseoutManifests
import Synchronization

/// Keeps what a progress reported.
final class Recorder: Sendable {
    private let states = Mutex<[Progress.State]>([])

    var all: [Progress.State] { states.withLock { $0 } }

    func add(_ state: Progress.State) {
        states.withLock { $0.append(state) }
    }
}
