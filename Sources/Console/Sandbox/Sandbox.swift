import CloseoutBundles
package import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutTrial
import CloseoutVerification
package import CloseoutWorkflows
import Synchronization

/// A console with made-up closeouts to choose from and to break: the scenarios of the trial, each walked through in a
/// folder of its own (docs/console.md, "Sandbox").
package final class Sandbox: Sendable {
    /// A scenario that was walked through.
    struct Played: Sendable {
        let trial: TrialRun
        /// What there is to say of each step.
        let accounts: [StepAccount]
        /// The folder that everything is in.
        let folder: [UInt8]
        /// What was broken, in words.
        var breaks: [String] = []
    }

    /// A way to break a closeout.
    enum Break: String, CaseIterable {
        case flip, drop, expire, policy

        /// What it does, for a button.
        var title: String {
            switch self {
            case .flip: "Flip a byte of a shipped file"
            case .drop: "Drop a record"
            case .expire: "Let 400 days pass"
            case .policy: "Trust nobody"
            }
        }
    }

    private let parent: [UInt8]
    private let now: @Sendable () -> Instant
    private let state: Mutex<Played>

    /// Walks through a scenario.
    ///
    /// - Parameters:
    ///   - name: The scenario.
    ///   - parent: A folder that the folders of scenarios are made in.
    ///   - now: The clock.
    /// - Throws: `WorkflowError` where the scenario is not there, or its folder cannot be made.
    package init(
        _ name: String, in parent: [UInt8], now: @escaping @Sendable () -> Instant
    ) async throws(WorkflowError) {
        self.parent = parent
        self.now = now
        state = Mutex(try await Self.play(name, in: parent, now()))
    }

    /// What was walked through last.
    var played: Played { state.withLock { $0 } }

    /// What a console shows of it.
    ///
    /// - Throws: `WorkflowError` where the policy or the criteria cannot be read.
    package func subject() throws(WorkflowError) -> ConsoleSubject {
        let trial = played.trial
        let (bundle, request, recheck) = try trial.question()
        let lines =
            trial.preparation + [
                "closeout verify \(TrialRun.bundle) --artifacts app --criteria criteria.json"
            ]
        return ConsoleSubject(
            path: bundle, request: request, recheck: recheck,
            command: lines.joined(separator: "\n"), now: now)
    }

    /// Walks through another scenario, or the same one anew.
    func choose(_ name: String) async throws(WorkflowError) {
        let played = try await Self.play(name, in: parent, now())
        state.withLock { $0 = played }
    }

    /// Breaks the closeout, and says what the console shows from now on.
    ///
    /// - Parameters:
    ///   - kind: How.
    ///   - subject: What it shows now.
    ///   - view: The bundle as it was verified.
    /// - Returns: What it shows then.
    /// - Throws: `FileError` where a file cannot be changed.
    func apply(
        _ kind: Break, to subject: ConsoleSubject, _ view: BundleView
    ) throws(FileError) -> ConsoleSubject {
        var subject = subject
        let folder = played.folder
        switch kind {
        case .flip:
            guard let path = firstFile(view) else { return subject }
            let file = Path.join(Path.join(folder, Array("app".utf8)), path)
            var bytes = try readFile(file, limit: 1 << 24)
            if bytes.isEmpty { bytes = [0] } else { bytes[0] ^= 1 }
            try put(bytes, at: file)
        case .drop:
            guard let record = view.contents.files(.evidence).last?.entry.path else {
                return subject
            }
            let (place, name) = Path.split(Path.join(subject.path, record))
            if let name { try Directory.open(place).remove(name) }
        case .expire:
            let asOf = subject.request.isAsOfGiven ? subject.request.asOf : now()
            subject.request.asOf = asOf.adding(seconds: 400 * 86_400) ?? asOf
            subject.request.isAsOfGiven = true
        case .policy: subject.request.trust = Trust()
        }
        state.withLock { $0.breaks.append(kind.title) }
        return subject
    }

    private func firstFile(_ view: BundleView) -> [UInt8]? {
        guard let manifest = view.bundle.inspection.manifest else { return nil }
        for index in 0..<manifest.count {
            if let entry = manifest.entry(at: index), entry.kind.type == .file { return entry.path }
        }
        return nil
    }

    private func put(_ bytes: [UInt8], at path: [UInt8]) throws(FileError) {
        let (place, name) = Path.split(path)
        if let name { try Directory.open(place).replaceContents(of: name, with: bytes) }
    }

    private static func play(
        _ name: String, in parent: [UInt8], _ now: Instant
    ) async throws(WorkflowError) -> Played {
        let scenario = try Scenario.load(name)
        let folder = Path.join(parent, TemporaryName.make())
        var trial = try TrialRun.begin(scenario, in: folder, now: now)
        var accounts: [StepAccount] = []
        while let account = try await trial.next() { accounts.append(account) }
        return Played(trial: trial, accounts: accounts, folder: folder)
    }
}
