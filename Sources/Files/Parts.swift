/// Does the work on so many items in parts: on all processors, where there is enough of it
/// (docs/architecture.md, "Threads").
///
/// - Parameters:
///   - count: How many items there are.
///   - least: How many items a part has at least; what makes no two parts is done here and now.
///   - work: Does the part with these numbers.
/// - Returns: What each part gave, in the order of the items.
/// - Throws: What the first part throws that fails.
package func inParts<Part: Sendable, Failure: Error>(
    of count: Int, least: Int = 256,
    _ work: @escaping @Sendable (Range<Int>) throws(Failure) -> Part
) async throws(Failure) -> [Part] {
    guard count >= 2 * least, Machine.processorCount > 1 else { return [try work(0..<count)] }
    // Many more parts than processors: none waits long for the last part of another.
    let share = max(least, (count - 1) / (16 * Machine.processorCount) + 1)
    ThreadPool.shared.provide(min(Machine.processorCount, (count - 1) / share + 1) - 1)
    let parts = await withTaskGroup(of: (Int, Result<Part, Failure>).self) { group in
        for start in stride(from: 0, to: count, by: share) {
            group.addTask {
                (
                    start,
                    Result { () throws(Failure) in
                        try work(start..<min(start + share, count))
                    }
                )
            }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
    return try parts.sorted { $0.0 < $1.0 }.map { part throws(Failure) in try part.1.get() }
}
