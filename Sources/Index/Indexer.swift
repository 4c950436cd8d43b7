import CloseoutBundles
package import CloseoutEncodings
import CloseoutFiles
package import CloseoutVerification
package import CloseoutWorkflows
import Synchronization

/// What the verification of every bundle of an index is asked.
package struct IndexQuestion: Sendable {
    /// What is asked; the shipped files are never looked at.
    ///
    /// Without an instant that was asked for, each bundle is verified as of its own time.
    package var request: VerificationRequest
    /// What the recheck of decisions is given.
    package var recheck: RecheckRequest
    /// The clock.
    package var now: @Sendable () -> Instant

    /// Asks so.
    package init(
        _ request: VerificationRequest, _ recheck: RecheckRequest,
        now: @escaping @Sendable () -> Instant
    ) {
        self.request = request
        self.request.artifacts = .none
        // Who writes to one bundle does not keep the others waiting: it is tried again.
        self.request.lockWait = LockWait(seconds: 1)
        self.recheck = recheck
        self.recheck.keepsManifest = true
        self.now = now
    }
}

/// Keeps an index like the bundles on the disk: verifies what is new, what has changed, and what time has changed.
package final class Indexer: Sendable {
    /// What an indexer has to say of its work.
    package struct State: Sendable {
        /// Grows with each change of the index.
        package fileprivate(set) var version = 0
        /// Whether everything that was found has been looked at once.
        package fileprivate(set) var isComplete = false
        /// What was found on the disk the last time; nil before the first.
        package fileprivate(set) var search: BundleSearch?
        /// Why the index could not be written the last time; nil where it could.
        package fileprivate(set) var fault: IndexError?
    }

    /// What was done with a bundle.
    private enum Mark: Equatable {
        /// The index says nothing of it until it is verified.
        case waiting
        /// It was verified when it looked like this.
        case verified(BundleTrace)
        /// Somebody wrote to it: it has to be tried again.
        case locked
    }

    private struct Memory {
        var state = State()
        var marks: [String: Mark] = [:]
    }

    /// How many bundles are verified before the disk is looked at again.
    private static let share = 64
    /// After how many seconds a verdict is recomputed although nothing has changed: keys and proofs end.
    private static let age: Int64 = 3_600

    private let places: [[UInt8]]
    private let question: IndexQuestion
    private let index: BundleIndex
    private let memory = Mutex(Memory())

    /// Takes what there is to do.
    ///
    /// - Parameters:
    ///   - places: Bundles, and folders of bundles.
    ///   - question: What each verification is asked.
    ///   - index: What is kept up to date.
    package init(places: [[UInt8]], question: IndexQuestion, into index: BundleIndex) {
        self.places = places
        self.question = question
        self.index = index
    }

    /// What there is to say now.
    package var state: State { memory.withLock { $0.state } }

    /// The path of a bundle that was found; nil where there is none of this id.
    package func path(of id: String) -> [UInt8]? {
        state.search?.found.first { $0.id.utf8.elementsEqual(id.utf8) }?.path
    }

    /// Looks at the disk and brings the index up to date, until nothing is left to do or the task is cancelled.
    package func look() async {
        while !Task.isCancelled, await step() {}
    }

    /// Looks now and again, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - time: How long to wait between.
    ///   - changed: Called after each change.
    package func keepLooking(every time: Duration, _ changed: @Sendable () -> Void) async {
        while !Task.isCancelled {
            var version = state.version
            while !Task.isCancelled {
                let goesOn = await step()
                if state.version != version { changed() }
                version = state.version
                if !goesOn { break }
            }
            try? await Task.sleep(for: time)
        }
    }

    /// Looks at the disk once, and verifies some of what has changed.
    ///
    /// - Returns: Whether more is left to do.
    private func step() async -> Bool {
        do {
            let search = try BundleSearch(in: places)
            let (due, left) = try begin(search)
            if !due.isEmpty { try await verify(due) }
            memory.withLock { memory in
                if !due.isEmpty { memory.state.version += 1 }
                memory.state.isComplete = left == 0
                memory.state.fault = nil
            }
            return left > 0
        } catch {
            memory.withLock { memory in
                memory.state.fault = IndexError(error)
                memory.state.version += 1
            }
            return false
        }
    }

    /// Finds out what is to be verified, and says so in the index.
    ///
    /// - Returns: What is to be verified now, and how much is left for later.
    private func begin(
        _ search: BundleSearch
    ) throws -> (due: [(FoundBundle, BundleTrace)], left: Int) {
        let marks = memory.withLock { memory in
            if memory.state.search != search { memory.state.version += 1 }
            memory.state.search = search
            return memory.marks
        }
        let ids = Set(search.found.map(\.id))
        let gone = marks.keys.filter { !ids.contains($0) }
        let overdue =
            question.request.isAsOfGiven
            ? [] : try index.overdue(question.now(), age: Self.age)
        var (fresh, changed, waiting) = ([FoundBundle](), [FoundBundle](), [FoundBundle]())
        var traces: [String: BundleTrace] = [:]
        for bundle in search.found {
            let trace = BundleTrace(bundle.path)
            traces[bundle.id] = trace
            switch marks[bundle.id] {
            case nil: fresh.append(bundle)
            case .waiting: waiting.append(bundle)
            case .verified(let before) where before == trace && !overdue.contains(bundle.id):
                continue
            case .verified, .locked: changed.append(bundle)
            }
        }
        try index.remove(gone)
        try index.begin(fresh + changed)
        memory.withLock { memory in
            for id in gone { memory.marks[id] = nil }
            for bundle in fresh + changed { memory.marks[bundle.id] = .waiting }
        }
        // What had a verdict until now goes first.
        let due = changed + waiting + fresh
        return (
            due.prefix(Self.share).compactMap { bundle in traces[bundle.id].map { (bundle, $0) } },
            max(0, due.count - Self.share)
        )
    }

    /// Verifies bundles on all processors.
    private func verify(_ bundles: [(FoundBundle, BundleTrace)]) async throws {
        let work = Work(bundles)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<min(bundles.count, Machine.processorCount) {
                group.addTask { try await self.help(with: work) }
            }
            try await group.waitForAll()
        }
    }

    /// Verifies what nobody else has taken, until nothing is left.
    private func help(with work: Work) async throws {
        while !Task.isCancelled, let (bundle, trace) = work.next() {
            let isLocked = try await !verify(bundle)
            memory.withLock { $0.marks[bundle.id] = isLocked ? .locked : .verified(trace) }
        }
    }

    /// Verifies one bundle.
    ///
    /// - Returns: Whether nobody had it locked.
    private func verify(_ bundle: FoundBundle) async throws(IndexError) -> Bool {
        var request = question.request
        if !request.isAsOfGiven { request.asOf = question.now() }
        let verified: RecheckedBundle
        do {
            verified = try await verifyBundle(at: bundle.path, request, question.recheck)
        } catch {
            try index.store(bundle.id, unreadable: "\(error)", hint: error.hint)
            return !error.isRefusedLock
        }
        verified.inspection.bundle.unlock()
        try index.store(bundle.id, verified)
        return true
    }
}

/// Bundles that are to be verified, each of which is given out once.
private final class Work: Sendable {
    private let bundles: [(FoundBundle, BundleTrace)]
    private let place = Mutex(0)

    init(_ bundles: [(FoundBundle, BundleTrace)]) {
        self.bundles = bundles
    }

    /// The next one, with what it looked like.
    func next() -> (FoundBundle, BundleTrace)? {
        let place = place.withLock { place in
            defer { place += 1 }
            return place
        }
        return place < bundles.count ? bundles[place] : nil
    }
}

extension WorkflowError {
    /// What to do next, where it says so.
    fileprivate var hint: String? {
        if case .refused(let refusal) = self { refusal.hint } else { nil }
    }

    /// Whether somebody else had the bundle locked.
    fileprivate var isRefusedLock: Bool {
        switch self {
        case .bundle(.file(let error)), .file(let error): error.isRefusedLock
        default: false
        }
    }
}
