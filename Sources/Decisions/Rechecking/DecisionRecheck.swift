import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// The recheck of one recorded decision.
struct DecisionRecheck {
    let recheck: Recheck
    let record: ResolvedRecord
    let decision: ReleaseDecision
    private let index: RecheckIndex
    private let basis: DecisionBasis
    /// The decision on the release at the verification time.
    let now: Decision?
    private(set) var findings: [Finding] = []

    init(
        _ recheck: Recheck, _ record: ResolvedRecord, _ decision: ReleaseDecision,
        _ index: RecheckIndex, by basis: DecisionBasis, now: Decision?
    ) {
        self.recheck = recheck
        self.record = record
        self.decision = decision
        self.index = index
        self.basis = basis
        self.now = now
    }

    private var inspection: Inspection { recheck.inspection }
    private var path: String { index.path(of: record) }

    /// Rechecks it and reports the result.
    mutating func run(within limits: inout RecheckLimits) async throws -> RecordedDecision {
        guard case .signed(let operators) = record.status else {
            return conclude(.notApplicable, "it is only asserted: \(shortfall)", [])
        }
        guard try checkPrefix() else {
            return conclude(.unknown, "the log that it pins is not this one", operators)
        }
        checkTime()
        return try await recompute(within: &limits, operators)
    }

    /// Makes the decision anew, by the policy and the criteria under which it was made.
    private mutating func recompute(
        within limits: inout RecheckLimits, _ operators: [String]
    ) async throws -> RecordedDecision {
        if let obstacle = basis.obstacle {
            return leave(.notApplicable, obstacle.reason, operators, hint: obstacle.hint)
        }
        if let (status, reason) = gap { return leave(status, reason, operators) }
        guard let verifier = basis.verifier, let criteria = basis.criteria else {
            return leave(.notApplicable, "no criteria were given", operators)
        }
        guard limits.take(decision.log.size, isEarlier: basis.isEarlier) else {
            return leave(.unknown, limits.exhaustion, operators)
        }
        guard let given = recheck.files.sources(of: recheck.state.health(of: record)) else {
            return leave(
                .unknown, "what its retention health rests on cannot be read", operators)
        }
        let found = try await recomputed(by: verifier, criteria, given)
        if !found.confirms, let asThen = basis.asThen {
            guard limits.take(decision.log.size, isEarlier: true) else {
                return leave(.unknown, limits.exhaustion, operators)
            }
            if try await recomputed(by: asThen, criteria, given).confirms {
                return leave(
                    .notApplicable, "a key that it relies on was revoked since: \(found.reason)",
                    operators, hint: "decide anew with `close`")
            }
        }
        findings.append(found.computed)
        guard decision.rules == .present else {
            return conclude(
                .notApplicable, byPresentRules(found.made), operators,
                byPresentRules: found.made.outcome)
        }
        return conclude(
            found.difference == nil ? .pass : .fail, found.difference ?? success, operators,
            since: changes(since: criteria))
    }

    private var success: String {
        "recomputed on its log of \(counted(decision.log.size, "entry", "entries")) as of "
            + "\(decision.asOf)"
            + (basis.isEarlier ? " under the policy of then, \(decision.policy.hex)" : "")
    }

    /// What has changed since, where today's criteria are those by which it was decided.
    private func changes(since criteria: Criteria) -> [RecordedDecision.Change] {
        guard let now, criteria.digest == recheck.criteria?.digest else { return [] }
        return SinceThen(decision, now, recheck.state).changes
    }

    /// What recomputing it gives.
    private struct Recomputed {
        /// What the log gives by the present rules.
        let made: Decision
        /// In what the decision differs from that, in one sentence; nil where it does not, and for
        /// one
        /// by earlier rules.
        let difference: String?
        /// The result of the computed records that it links to.
        let computed: Finding

        /// Whether everything is as it was recorded.
        var confirms: Bool { difference == nil && computed.status != .fail }
        /// What is not, where anything is.
        var reason: String { difference ?? computed.reason }
    }

    /// Makes the decision anew on the log that it pins.
    private func recomputed(
        by verifier: Verifier, _ criteria: Criteria, _ given: RetentionSources
    ) async throws -> Recomputed {
        let report = try await verifier.verify(
            first: decision.log.size, of: inspection, asOf: decision.asOf,
            usingArtifacts: decision.usedArtifacts)
        let sources = recheck.files.inForce(in: report.evidence)
            .adding(given, asOf: decision.asOf)
        let made = decide(
            report, health: retentionHealth(report, log: decision.log, by: sources),
            classes: sources.classes?.digest, criteria: criteria, content: recheck.content)
        return Recomputed(
            made: made, difference: decision.rules == .present ? difference(from: made) : nil,
            computed: try computed(report, sources))
    }

    private var shortfall: String { record.status.shortfall?.reason ?? "" }

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
                    ? "pins \(size) entries, and more than its signatures follows them"
                    : "pins another history of the first \(size) entries")
            return false
        }
        add(.decisionPrefix, .pass, "pins the \(size) log entries before it")
        return true
    }

    /// It is not dated back to before anything of its own log, nor after the verification time.
    private mutating func checkTime() {
        let report = inspection.report
        if let later = index.whatIsLater(than: decision.asOf, first: decision.log.size) {
            add(.decisionAsOf, .fail, "was decided as of \(decision.asOf), but \(later)")
        } else if decision.asOf > report.asOf {
            add(
                .decisionAsOf, .unknown,
                "was decided as of \(decision.asOf), after the verification time")
        } else {
            add(.decisionAsOf, .pass, "was decided as of \(decision.asOf)")
        }
    }

    /// What keeps it from being recomputed.
    private var gap: (CheckStatus, String)? {
        let report = inspection.report
        if let criteria = basis.criteria, criteria.digest != decision.criteria {
            return (.notApplicable, "it was decided under other criteria, \(decision.criteria.hex)")
        }
        if basis.criteria == nil {
            return (
                .notApplicable,
                "no criteria were given; it names \(Profile.words(for: decision.criteria))"
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
            return "criterion \(printable(was.id)) is recorded as "
                + "\(CheckStatus(was.status).words), and recomputed \(now.id) is "
                + CheckStatus(now.status).words
        }
        return "it has \(decision.results.count) results, and recomputed \(recomputed.count)"
    }

    func finding(
        _ id: CheckID, _ status: CheckStatus, _ reason: String, hint: String? = nil
    ) -> Finding {
        Finding(id, status, path, reason, hint: hint)
    }

    private mutating func add(_ id: CheckID, _ status: CheckStatus, _ reason: String) {
        findings.append(finding(id, status, reason))
    }

    private var byEarlierRules: String { "decided by rules \(decision.rules.version)" }

    private func byPresentRules(_ made: Decision) -> String {
        "\(byEarlierRules), and by rules \(ReleaseDecision.Rules.present.version) its log of "
            + "\(decision.log.size) entries is \(made.outcome.rawValue) as of \(decision.asOf)"
    }

    /// Concludes that it is not recomputed; by other rules than the present ones it never is.
    private mutating func leave(
        _ status: CheckStatus, _ reason: String, _ operators: [String], hint: String? = nil
    ) -> RecordedDecision {
        guard decision.rules == .present else {
            return conclude(.notApplicable, "\(byEarlierRules); \(reason)", operators, hint: hint)
        }
        return conclude(status, reason, operators, hint: hint)
    }

    private mutating func conclude(
        _ status: CheckStatus, _ reason: String, _ operators: [String],
        byPresentRules: ReleaseOutcome? = nil, hint: String? = nil,
        since changes: [RecordedDecision.Change] = []
    ) -> RecordedDecision {
        findings.append(finding(.decisionRecomputed, status, reason, hint: hint))
        return RecordedDecision(
            path: path, digest: record.digest, outcome: decision.outcome, asOf: decision.asOf,
            rules: decision.rules.rawValue, byPresentRules: byPresentRules, operators: operators,
            status: status, reason: reason, hint: hint, sinceThen: changes)
    }
}
