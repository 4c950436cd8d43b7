internal import Synchronization

/// Takes pieces in their order, one after another.
protocol Assembler: ~Copyable {
    associatedtype Piece: Sendable

    mutating func append(_ piece: Piece) throws(ManifestError)
}

/// Hands pieces that workers finish in any order to one assembler in theirs.
final class ReorderBuffer<A: Assembler & ~Copyable>: Sendable {
    private struct State: ~Copyable {
        var assembler: A
        var next = 0
        var waiting: [Int: A.Piece] = [:]
    }

    private let state: Mutex<State>

    init(_ assembler: consuming sending A) {
        state = Mutex(State(assembler: assembler))
    }

    /// Hands over a piece; it and those that waited for it are appended at once if all before them
    /// are.
    func deliver(_ piece: A.Piece, at index: Int) throws(ManifestError) {
        try state.withLock { state throws(ManifestError) in
            state.waiting[index] = piece
            while let piece = state.waiting.removeValue(forKey: state.next) {
                state.next += 1
                try state.assembler.append(piece)
            }
        }
    }

    /// Ends the work by asking the assembler for its result.
    func finish<Result>(
        _ body: (inout A) throws(ManifestError) -> sending Result
    ) throws(ManifestError) -> sending Result {
        try state.withLock { state throws(ManifestError) in try body(&state.assembler) }
    }
}
