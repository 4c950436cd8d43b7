internal import CloseoutFiles
internal import Synchronization

/// Runs the same work in several tasks at once, which know their numbers, and waits for all of
/// them.
///
/// - Throws: the failure of the failed worker with the lowest number.
func withWorkers(
    _ count: Int, _ work: @escaping @Sendable (Int) async throws(ManifestError) -> Void
) async throws(ManifestError) {
    guard count > 1 else { return try await work(0) }
    ThreadPool.shared.provide(count - 1)
    let failures = await withTaskGroup(of: (Int, ManifestError?).self) { group in
        for number in 0..<count {
            group.addTask {
                do throws(ManifestError) {
                    try await work(number)
                    return (number, nil)
                } catch {
                    return (number, error)
                }
            }
        }
        return await group.reduce(into: [ManifestError?](repeating: nil, count: count)) {
            $0[$1.0] = $1.1
        }
    }
    for case let failure? in failures { throw failure }
}

/// Deals out the numbers from 0 up, each once, until one worker stops the work.
final class WorkQueue: Sendable {
    private let next = Atomic(0)
    private let count: Int
    private let run: Int

    /// - Parameters:
    ///   - count: how many numbers there are.
    ///   - run: how many are dealt out at a time.
    init(_ count: Int, run: Int = 1) {
        self.count = count
        self.run = run
    }

    /// The next numbers, or nil when there are none left.
    func take() -> Range<Int>? {
        let start = next.wrappingAdd(run, ordering: .relaxed).oldValue
        return start < count ? start..<min(start + run, count) : nil
    }

    /// Deals out no more.
    func stop() {
        next.store(count, ordering: .relaxed)
    }
}
