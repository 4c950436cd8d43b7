import CloseoutEncodings
import CloseoutIndex
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows
import Synchronization
import Testing

/// The instant of all trials here.
let moment = "2026-11-30T12:00:00Z"

func instant(_ text: String = moment) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}

private func firstInstant() throws -> Instant { try instant() }

/// A clock that a test moves.
final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    init() throws {
        instant = Mutex(try firstInstant())
    }

    func advance(seconds count: Int64) {
        instant.withLock { $0 = $0.adding(seconds: count) ?? $0 }
    }

    var now: Instant { instant.withLock { $0 } }
}

/// Walks through a scenario of the trial.
///
/// - Parameters:
///   - scenario: Its name.
///   - folder: A new folder, which gets the bundle `payments-1.4.0.closeout` and the shipped files in `app`.
/// - Returns: What its verification is asked.
/// - Throws: Where a step fails.
@discardableResult
func play(_ scenario: String, in folder: String) async throws -> (
    VerificationRequest, RecheckRequest
) {
    var trial = try TrialRun.begin(
        Scenario.load(scenario), in: Array(folder.utf8), now: try instant())
    while try await trial.next() != nil {}
    let (_, request, recheck) = try trial.question()
    return (request, recheck)
}

/// An index of places, which nobody looked at yet.
struct IndexScene {
    let index: BundleIndex
    let indexer: Indexer

    init(
        _ places: [String], _ request: VerificationRequest, _ recheck: RecheckRequest,
        at clock: TestClock
    ) throws {
        index = try BundleIndex()
        var request = request
        request.isAsOfGiven = false
        indexer = Indexer(
            places: places.map { Array($0.utf8) },
            question: IndexQuestion(request, recheck, now: { clock.now }), into: index)
    }

    /// Under no policy.
    init(_ places: [String]) throws {
        let clock = try TestClock()
        try self.init(
            places, VerificationRequest(trust: Trust(), asOf: clock.now), RecheckRequest(),
            at: clock)
    }

    /// All bundles, by the last part of their paths or by that of the folder that they are in.
    func all(_ query: BundleQuery = BundleQuery()) throws -> [IndexedBundle] {
        try index.bundles(query, page: 0, rows: 1_000).items
    }
}

extension IndexedBundle {
    /// The path as text.
    var place: String { String(decoding: path, as: UTF8.self) }
}
