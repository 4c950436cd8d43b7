internal import Synchronization

/// A block of paths, and what has been found out of its files so far.
final class FreezeBlock: Sendable {
    private struct State {
        var facts: [FileMetadata?] = []
        var missing: Int
    }

    /// The place of the block among all.
    let number: Int
    let paths: PathTable.Block
    private let state: Mutex<State>

    init(_ paths: PathTable.Block, number: Int) {
        self.paths = paths
        self.number = number
        state = Mutex(State(missing: paths.count))
    }

    /// Adds what was found out of some paths, nil for each that is no file.
    ///
    /// - Returns: the facts of the whole block, when none is missing any more.
    func add(_ facts: [FileMetadata?], at start: Int) -> [FileMetadata?]? {
        state.withLock { state in
            if state.facts.isEmpty { state.facts = Array(repeating: nil, count: paths.count) }
            state.facts.replaceSubrange(start..<start + facts.count, with: facts)
            state.missing -= facts.count
            guard state.missing == 0 else { return nil }
            defer { state.facts = [] }
            return state.facts
        }
    }
}
