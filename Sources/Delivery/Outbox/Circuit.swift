package import CloseoutEncodings

/// Whether a route is used, by the results of its last attempts (docs/outbox.md, "Circuits").
///
/// A route that fails is left alone for a while; then one delivery probes it. It is a value without a clock, kept in
/// the outbox, so that all processes agree on it.
package struct Circuit: Hashable, Sendable {
    /// Whether the route is used.
    package enum State: String, CaseIterable, Sendable {
        /// It is used.
        case closed
        /// It is left alone.
        case open
        /// One delivery probes it.
        case halfOpen = "half_open"
    }

    /// Why it opened.
    package enum Cause: String, CaseIterable, Sendable {
        /// The receiver refused the credentials.
        case credentials
        /// Too many attempts failed one after another.
        case row
        /// Too many of the last attempts failed.
        case share
        /// The probe failed.
        case probe
    }

    /// How many deliveries may be claimed.
    package enum Admission: Hashable, Sendable {
        case all, one, none
    }

    /// The failures in a row that open it.
    package static let longestRow = 5
    /// The number of last attempts of which half may not fail.
    package static let window = 20
    /// The first cool-down in seconds.
    package static let firstCoolDown: Int64 = 60
    /// The longest cool-down in seconds.
    package static let longestCoolDown: Int64 = 1800

    /// Whether the route is used.
    package internal(set) var state = State.closed
    /// Why it opened last; nil while it is closed.
    package internal(set) var cause: Cause?
    /// When it opened last; nil while it is closed.
    package internal(set) var opened: Instant?
    /// How long it stays open, in seconds.
    package internal(set) var coolDown = firstCoolDown
    /// The failures since the last success.
    package internal(set) var failedInRow = 0
    /// The last attempts, the newest in the lowest bit; a failure is 1.
    var recent = 0
    /// How many attempts `recent` holds.
    var recentCount = 0
    /// The lease of the delivery that probes it.
    var probe: String?

    /// The circuit of a route that is new, or well again.
    package init() {}

    /// When an open circuit lets a probe through.
    package var reopens: Instant? { opened?.adding(seconds: coolDown) }

    /// How many deliveries may be claimed now, where the lease of the last probe is still held or is not.
    package func admission(now: Instant, isProbing: Bool) -> Admission {
        switch state {
        case .closed: .all
        case .open: reopens.map { now >= $0 } ?? true ? .one : .none
        case .halfOpen: isProbing ? .none : .one
        }
    }

    /// Whether an attempt may begin under a lease that was had before.
    package func admits(lease: String) -> Bool {
        state == .closed || probe == lease
    }

    /// Lets one delivery probe the route.
    package mutating func beginProbe(lease: String) {
        state = .halfOpen
        probe = lease
    }

    /// Takes the result of an attempt into account.
    ///
    /// While it is not closed, only the probe has a say: the others began before it opened.
    package mutating func record(_ result: AttemptResult, lease: String, now: Instant) {
        switch state {
        case .closed: count(result, now: now)
        case .open: return
        case .halfOpen:
            guard probe == lease else { return }
            if result.isSuccess {
                self = Circuit()
            } else {
                coolDown = min(coolDown * 2, Self.longestCoolDown)
                open(result.isCredentialFault ? .credentials : .probe, now: now)
            }
        }
    }

    private mutating func count(_ result: AttemptResult, now: Instant) {
        failedInRow = result.isSuccess ? 0 : failedInRow + 1
        recent = (recent << 1 | (result.isSuccess ? 0 : 1)) & (1 << Self.window - 1)
        recentCount = min(recentCount + 1, Self.window)
        if result.isCredentialFault {
            open(.credentials, now: now)
        } else if failedInRow >= Self.longestRow {
            open(.row, now: now)
        } else if recentCount == Self.window, recent.nonzeroBitCount * 2 >= Self.window {
            open(.share, now: now)
        }
    }

    private mutating func open(_ cause: Cause, now: Instant) {
        state = .open
        self.cause = cause
        opened = now
        probe = nil
    }
}

extension AttemptResult {
    /// Whether the receiver has it.
    var isSuccess: Bool {
        if case .success = outcome { true } else { false }
    }
}
