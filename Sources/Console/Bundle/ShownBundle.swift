import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutIndex
import CloseoutVerification
import CloseoutWorkflows
import Synchronization

/// The bundle that a console shows, with the result of its last verification.
///
/// It is verified at the start, when somebody asks for it, and when its files change. While that goes on there is no
/// result: an old one could say of other bytes that they are verified.
final class ShownBundle: Sendable {
    /// What is known of the bundle.
    enum Stage: Sendable {
        /// It is being verified.
        case running
        /// It was verified, at an instant.
        case done(RecheckedBundle, at: Instant)
        /// It could not be looked at.
        case failed(WorkflowError)
    }

    private struct State {
        var subject: ConsoleSubject
        /// Grows with each change of the subject.
        var generation = 0
        var version = 0
        var stage = Stage.running
        var isRunning = false
    }

    private let log: AccessLog
    private let state: Mutex<State>
    private let streams = EventStreams()

    init(_ subject: ConsoleSubject, log: AccessLog) {
        self.log = log
        state = Mutex(State(subject: subject))
    }

    /// What is shown.
    var subject: ConsoleSubject { state.withLock { $0.subject } }

    /// Shows something else from now on, and begins to verify it.
    func show(_ subject: ConsoleSubject) {
        state.withLock { state in
            state.subject = subject
            state.generation += 1
        }
        begin()
    }

    /// The bundle whose changes count.
    private var watched: [UInt8] {
        let subject = subject
        return subject.publicPartOf ?? subject.path
    }

    /// What is known now, with a number that grows with each change of it.
    var now: (version: Int, stage: Stage) { state.withLock { ($0.version, $0.stage) } }

    /// The result of the verification that goes on or was the last; nil where there is none within half a minute.
    func result() async -> (bundle: RecheckedBundle, at: Instant)? {
        for _ in 0..<300 {
            switch now.stage {
            case .done(let bundle, let at): return (bundle, at)
            case .failed: return nil
            case .running: try? await Task.sleep(for: .milliseconds(100))
            }
        }
        return nil
    }

    /// Verifies the bundle, unless that is being done.
    ///
    /// - Returns: Whether it was not.
    @discardableResult
    func verify() async -> Bool {
        let isFirst = state.withLock { state in
            guard !state.isRunning else { return false }
            state.isRunning = true
            return true
        }
        guard isFirst else { return false }
        while true {
            become(.running)
            let (subject, generation) = state.withLock { ($0.subject, $0.generation) }
            let stage = await withTaskExecutorPreference(WorkThreads.shared) {
                await Self.verified(subject)
            }
            // What was shown meanwhile is something else.
            if finish(stage, generation) { return true }
        }
    }

    private static func verified(_ subject: ConsoleSubject) async -> Stage {
        let at = subject.now()
        var request = subject.request
        if !request.isAsOfGiven { request.asOf = at }
        do {
            if let whole = subject.publicPartOf {
                try await makePublicPart(of: whole, at: subject.path)
            }
            let verified = try await verifyBundle(at: subject.path, request, subject.recheck)
            // It is shown for long, and others are to append meanwhile.
            verified.inspection.bundle.unlock()
            return .done(verified, at: at)
        } catch {
            return .failed(error)
        }
    }

    /// Makes a copy of what everyone may see, in place of the one before.
    private static func makePublicPart(
        of whole: [UInt8], at path: [UInt8]
    ) async throws(WorkflowError) {
        let (folder, name) = Path.split(path)
        if let name { try? Directory.open(folder).removeTree(name) }
        _ = try await exportPublic(bundle: whole, to: path)
    }

    /// Takes a result, unless it is of what is shown no more.
    private func finish(_ stage: Stage, _ generation: Int) -> Bool {
        let event = state.withLock { state -> [UInt8]? in
            guard state.generation == generation else { return nil }
            state.isRunning = false
            state.version += 1
            state.stage = stage
            return Self.event(state)
        }
        guard let event else { return false }
        streams.send(event)
        return true
    }

    /// Begins to verify the bundle, without waiting for the end.
    func begin() {
        become(.running)
        Task { await verify() }
    }

    /// Verifies the bundle now and whenever its files have changed, until the task is cancelled.
    func keepLooking(every time: Duration) async {
        var seen = BundleTrace(watched)
        await verify()
        while !Task.isCancelled {
            try? await Task.sleep(for: time)
            let trace = BundleTrace(watched)
            guard trace != seen, !Task.isCancelled else { continue }
            log.add("changed")
            if await verify() { seen = trace }
        }
    }

    /// An event at once and at each change, for a browser; ends with the console or after a time.
    func events(for time: Duration) -> AsyncStream<[UInt8]> {
        streams.open(for: time) { state.withLock { Self.event($0) } }
    }

    /// Ends all streams of events.
    func end() { streams.end() }

    private func become(_ stage: Stage) {
        let event = state.withLock { state in
            state.version += 1
            state.stage = stage
            return Self.event(state)
        }
        streams.send(event)
    }

    private static func event(_ state: State) -> [UInt8] {
        let word =
            switch state.stage {
            case .running: "running"
            case .done(let bundle, _): bundle.report.verdict.rawValue
            case .failed: "failed"
            }
        return EventStreams.event(state.version, word)
    }
}
