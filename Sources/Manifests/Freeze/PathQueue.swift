internal import Synchronization

/// Deals out the paths of a walk to workers, each once, while the walk still goes on.
final class PathQueue: Sendable {
    /// What a worker gets when it asks for work.
    enum Answer {
        case paths(Range<Int>, FreezeBlock)
        /// There are no paths at the moment; the walk goes on.
        case wait
        /// There is nothing left to do.
        case done
    }

    private struct State {
        var blocks: [FreezeBlock] = []
        /// The paths that are known, and how many of them have been dealt out.
        var count = 0
        var next = 0
        var isOpen: Bool
        var isComplete = false
        var isStopped = false
    }

    private let state: Mutex<State>
    private let workers: Int

    /// - Parameters:
    ///   - workers: how many ask for work.
    ///   - waitsForWalk: deals nothing out before the walk is complete.
    init(workers: Int, waitsForWalk: Bool) {
        self.workers = workers
        state = Mutex(State(isOpen: !waitsForWalk))
    }

    /// Adds a block.
    func append(_ paths: PathTable.Block) {
        state.withLock { state in
            state.blocks.append(FreezeBlock(paths, number: state.blocks.count))
            state.count += paths.count
        }
    }

    /// Says that the walk is complete.
    func complete() {
        state.withLock { state in
            state.isOpen = true
            state.isComplete = true
        }
    }

    /// Deals out no more.
    func stop() {
        state.withLock { $0.isStopped = true }
    }

    /// The next paths of one block, so few that no worker is left alone with the last of them.
    func take() -> Answer {
        state.withLock { state in
            if state.isStopped { return .done }
            let left = state.count - state.next
            guard left > 0, state.isOpen else { return state.isComplete ? .done : .wait }
            let (number, start) = state.next.quotientAndRemainder(dividingBy: PathTable.blockSize)
            let fair = state.isComplete ? left / (workers * 8) : 32
            let count = min(max(1, fair), 32, state.blocks[number].paths.count - start)
            state.next += count
            return .paths(start..<start + count, state.blocks[number])
        }
    }
}
