import CloseoutDelivery
import CloseoutEncodings
import CloseoutFiles

/// The machine's clock, for what sends and waits.
struct MachineClock: SendingClock {
    /// What is said where the machine's clock is out of range.
    let start: Instant

    var now: Instant { Instant(secondsSince1970: Machine.secondsSince1970()) ?? start }

    func sleep(seconds: Int64) async throws {
        try await Task.sleep(for: .seconds(seconds))
    }
}
