import Bundles
import Encodings
import OpenSSL
import Records
import Verification

/// The recheck of one recorded decision.
struct DecisionRecheck {
    let recheck: Recheck
    let record: StandingRecord
    let decision: ReleaseDecision
    private let index: RecheckIndex
    /// What the release comes to at T.
    let now: Decision?
    private(set) var findings: [Finding] = []

    init(
        _ recheck: Recheck, _ record: StandingRecord, _ decision: ReleaseDecision,
        _ index: RecheckIndex, now: Decision?
    ) {
        self.recheck = recheck
        self.record = record
        self.decision = decision
        self.index = index
        self.now = now
    }

    private var inspection: Inspection { recheck.inspection }
    private var path: String { index.path(of: record) }

    /// Rechecks it and tells what came of that.
    mutating func run(within limits: inout RecheckLimits) async throws -> RecordedDecision {
        guard case .signed(let operators) = record.standing else {
            return conclude(.notApplicable, "it is only asserted: \(shortfall)", [])
        }
        guard try checkPrefix() else {
            return conclude(.unknown, "the log that it pins is not this one", operators)
        }
        checkTime()
        if let (status, reason) = gap {
            return leave(status, reason, operators)
        }
        guard let criteria = recheck.criteria else {
            return leave(.notApplicable, "no criteria were given", operators)
        }
        guard limits.take(decision.log.size) else {
            return leave(
                .unknown,
                "it is not recomputed: the \(limits.recomputed) newer ones that are have "
                    + "\(grouped(limits.judged)) log entries together", operators)
        }
        guard let given = recheck.files.sources(of: recheck.state.health(of: record)) else {
            return leave(
                .unknown, "what its retention health rests on cannot be read", operators)
        }
        let report = try await recheck.verifier.judge(
            first: decision.log.size, of: inspection, asOf: decision.asOf,
            usingArtifacts: decision.usedArtifacts)
        let sources = recheck.files.inForce(in: report.evidence)
            .adding(given, asOf: decision.asOf)
        let made = decide(
            report, health: retentionHealth(report, log: decision.log, by: sources),
            classes: sources.classes?.digest, criteria: criteria)
        try checkComputed(report, sources)
        return compare(with: made, operators)
    }

    /// Concludes by what the present rules make of the log of the decision.
    private mutating func compare(
        with made: Decision, _ operators: [String]
    ) -> RecordedDecision {
        guard decision.rules == .present else {
            return conclude(
                .notApplicable,
                "\(byEarlierRules), and by rules \(ReleaseDecision.Rules.present.version) its log "
                    + "of \(decision.log.size) entries is \(made.outcome.rawValue) as of "
                    + "\(decision.asOf)", operators, byPresentRules: made.outcome)
        }
        let difference = difference(from: made)
        return conclude(
            difference == nil ? .pass : .fail,
            difference
                ?? "recomputed on its log of \(decision.log.size) entries as of \(decision.asOf)",
            operators, since: now.map { SinceThen(decision, $0, recheck.state).changes } ?? [])
    }

    private var shortfall: String { record.standing.shortfall?.reason ?? "" }

    /// The log before the decision and its signatures is the one that it pins.
    private mutating func checkPrefix() throws -> Bool {
        let size = decision.log.size
        let sequence = record.signed.sequence
        let isBefore =
            size <= sequence && index.holdsSignaturesOnly(from: size, before: sequence)
        let isSame = try inspection.prefix(size)?.root == decision.log.root
        guard isBefore, isSame else {
            add(
                .decisionPrefix, .fail,
                isSame
                    ? "pins \(size) entries, and other than its signatures stands behind those"
                    : "pins another history of the first \(size) entries")
            return false
        }
        add(.decisionPrefix, .pass, "pins the \(size) log entries before it")
        return true
    }

    /// It is not dated back to before anything of its own log, nor after T.
    private mutating func checkTime() {
        let report = inspection.report
        if let later = index.whatIsLater(than: decision.asOf, first: decision.log.size) {
            add(.decisionAsOf, .fail, "was judged as of \(decision.asOf), and \(later)")
        } else if decision.asOf > report.asOf {
            add(.decisionAsOf, .unknown, "was judged as of \(decision.asOf), after T")
        } else {
            add(.decisionAsOf, .pass, "was judged as of \(decision.asOf)")
        }
    }

    /// What keeps it from being recomputed.
    private var gap: (CheckStatus, String)? {
        let report = inspection.report
        if report.policy != decision.policy {
            return (.notApplicable, "it was decided under another policy, \(decision.policy.hex)")
        }
        if let criteria = recheck.criteria, criteria.digest != decision.criteria {
            return (.notApplicable, "it was decided under other criteria, \(decision.criteria.hex)")
        }
        if recheck.criteria == nil {
            return (
                .notApplicable, "no criteria were given; it names sha256:\(decision.criteria.hex)"
            )
        }
        if decision.usedArtifacts, !index.comparedArtifacts {
            return (.unknown, "it used the shipped files, which are not given")
        }
        if report.integrity != .verified {
            return (.unknown, "the bundle is \(report.integrity.rawValue)")
        }
        return nil
    }

    /// What differs from the recomputed decision, in one sentence; nil where nothing does.
    private func difference(from made: Decision) -> String? {
        if made.outcome != decision.outcome {
            return "it says \(decision.outcome.rawValue), and recomputed it is "
                + "\(made.outcome.rawValue): \(made.reason)"
        }
        let recomputed = made.recorded
        guard recomputed != decision.results else { return nil }
        for (was, now) in zip(decision.results, recomputed) where was != now {
            return "criterion \(printable(Array(was.id.utf8))) is recorded as "
                + "\(was.status.rawValue), and recomputed \(now.id) is \(now.status.rawValue)"
        }
        return "it has \(decision.results.count) results, and recomputed \(recomputed.count)"
    }

    mutating func add(_ id: CheckID, _ status: CheckStatus, _ reason: String) {
        findings.append(Finding(id, status, path, reason))
    }

    private var byEarlierRules: String { "decided by rules \(decision.rules.version)" }

    /// Concludes that it is not recomputed; by other rules than the present ones it never is.
    private mutating func leave(
        _ status: CheckStatus, _ reason: String, _ operators: [String]
    ) -> RecordedDecision {
        guard decision.rules == .present else {
            return conclude(.notApplicable, "\(byEarlierRules); \(reason)", operators)
        }
        return conclude(status, reason, operators)
    }

    private mutating func conclude(
        _ status: CheckStatus, _ reason: String, _ operators: [String],
        byPresentRules: ReleaseOutcome? = nil, since changes: [RecordedDecision.Change] = []
    ) -> RecordedDecision {
        add(.decisionRecomputed, status, reason)
        return RecordedDecision(
            path: path, digest: record.digest, outcome: decision.outcome, asOf: decision.asOf,
            rules: decision.rules.rawValue, byPresentRules: byPresentRules, operators: operators,
            status: status, reason: reason, sinceThen: changes)
    }
}
