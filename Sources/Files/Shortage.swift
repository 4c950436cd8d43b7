import Synchronization

/// What the system was short of: descriptors or memory.
///
/// What could not be opened for that reason looks like a file that cannot be read, to whoever reports
/// that of a file and goes on. No result that was made meanwhile is one.
package enum Shortage {
    private struct State {
        var first: FileError?
        var last: FileError?
        var count = 0
    }

    private static let state = Mutex(State())

    static func note(_ error: FileError) {
        state.withLock {
            $0.first = $0.first ?? error
            $0.last = error
            $0.count += 1
        }
    }

    /// How often the system was short of something until now.
    package static var count: Int { state.withLock(\.count) }

    /// Confirms that the system was short of nothing until now.
    ///
    /// - Throws: `FileError`, the first that there was.
    package static func check() throws(FileError) {
        if let error = state.withLock(\.first) { throw error }
    }

    /// Confirms that the system was short of nothing since a `count` was taken.
    ///
    /// - Throws: `FileError`, the last that there was.
    package static func check(since count: Int) throws(FileError) {
        let last = state.withLock { $0.count > count ? $0.last : nil }
        if let last { throw last }
    }
}
