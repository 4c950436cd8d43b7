import Synchronization

/// The first time that the system was short of something: descriptors or memory.
///
/// What could not be opened for that reason looks like a file that cannot be read, to whoever reports
/// that of a file and goes on. No result that was made meanwhile is one.
package enum Shortage {
    private static let first = Mutex<FileError?>(nil)

    static func note(_ error: FileError) {
        first.withLock { $0 = $0 ?? error }
    }

    /// Confirms that the system was short of nothing until now.
    ///
    /// - Throws: `FileError`, the first that it caused.
    package static func check() throws(FileError) {
        if let error = first.withLock({ $0 }) { throw error }
    }
}
