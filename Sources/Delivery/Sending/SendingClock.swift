package import CloseoutEncodings

/// What says the time to whoever sends, and lets it wait.
package protocol SendingClock: Sendable {
    /// The present instant.
    var now: Instant { get }

    /// Waits so many seconds.
    ///
    /// - Throws: `CancellationError` where the task is cancelled.
    func sleep(seconds: Int64) async throws
}
