import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// Makes the findings of a retention health report (docs/retention.md, "Health").
///
/// The bundle itself is an object, which the verification observed and hashed; every copy that a
/// provider is to have is another.
struct HealthExamination {
    let report: Report
    let state: EvidenceState
    let classes: RetentionClasses?
    private var found: [HealthFinding] = []
    private var places: [[UInt8]: Int] = [:]
    var expected = 0
    var observed = 0
    var hashed = 0
    var skipped = 0

    /// How far a clock may be wrong, in seconds.
    static let tolerance = SignatureVerifier.clockTolerance

    init(_ report: Report, classes: RetentionClasses?) {
        self.report = report
        self.classes = classes
        let state = report.evidence ?? EvidenceState([], asOf: report.asOf)
        self.state = state
        items = state.retention.approved
        seal = report.release.map { [$0.seal] } ?? []
        approved = items.flatMap(\.evidence)
        held = state.holds.filter(\.isHeld).map(\.record.digest)
        table = classes.map { [$0.digest] } ?? []
        until = items.lastInstant
        isOpenEnded = items.contains { $0.request.until == nil }
        neededMode =
            items.map(\.request).map { request in
                let ofClass = classes?.entry(request.retentionClass)?.mode ?? .none
                return max(request.mode ?? .none, ofClass)
            }.max() ?? .none
        idleHolds = state.idleHolds
        (isHeld, isProtected) = (state.isHeld, state.isProtected)
    }

    let seal: [SHA256Digest]
    /// On what rests how long and how strictly something is to be kept.
    let approved: [SHA256Digest]
    /// On what rests that something is held.
    let held: [SHA256Digest]
    /// On what rests what a class asks for.
    let table: [SHA256Digest]
    /// The requests that are approved.
    let items: [RetentionState.Item]
    /// The last instant of all approved retention; nil where it is open, or there is none.
    let until: Instant?
    /// Whether an approved request waits for its event.
    let isOpenEnded: Bool
    /// The strictest mode that is approved, or that the class of what is approved asks for.
    let neededMode: RetentionRequest.Mode
    /// What tells of holds that do not count.
    let idleHolds: String
    /// Whether anything is held, and whether a hold that counts keeps what has run out.
    let (isHeld, isProtected): (Bool, Bool)

    /// How long before its end a retention is expiring, and for how long an observation is good.
    var warning: Period { classes?.warning ?? Period(days: 30) }
    /// For how long an observation is good.
    var freshness: Period { classes?.freshness ?? Period(days: 7) }

    /// The report that the findings come to.
    func health(log: LogPrefix) -> RetentionHealth {
        let findings = found.map(\.finding)
        let level: RetentionHealth.Level
        if observed == 0 || findings.contains(where: { $0.status == .unknown }) {
            level = .unknown
        } else if findings.contains(where: { $0.severity.isAtLeast(.high) }) {
            level = .critical
        } else {
            level = findings.isEmpty ? .healthy : .warning
        }
        return RetentionHealth(
            level: level, findings: findings.sorted { $0.id < $1.id },
            coverage: RetentionHealth.Coverage(
                expected: expected, observed: observed, hashed: hashed, skipped: skipped),
            log: log, asOf: report.asOf)
    }

    /// Adds a finding; its id is made of check, object and scope, and so the same in every run.
    mutating func add(
        _ check: HealthCheck, _ object: String, _ reason: String, _ evidence: [SHA256Digest],
        status: CriterionStatus = .fail, inOrder: Bool = false
    ) {
        let parts: JSON = .array([
            JSON(check.rawValue), JSON(object), JSON(report.release?.seal.hex ?? ""),
        ])
        // Where libcrypto cannot hash, the finding is there all the same, under its check's name.
        let id = (try? SHA256Digest.of(parts.canonicalBytes).hex) ?? check.rawValue
        let place = places[Array(id.utf8), default: found.count]
        if place == found.count {
            places[Array(id.utf8)] = place
            found.append(HealthFinding(id: id, check: check, object: object))
        }
        found[place].add(reason, evidence.isEmpty ? seal : evidence, status, inOrder: inOrder)
    }

    /// What the bundle's own records say of its retention.
    mutating func examineBundle() {
        expected += 1
        guard report.integrity == .verified else {
            skipped += 1
            add(.fixity, "bundle", "is \(report.integrity.rawValue)", seal, status: .unknown)
            examineVerification()
            return
        }
        observed += 1
        hashed += 1
        examineClock()
        examineApproval()
        examineEnd()
        examineClasses()
        examineHolds()
        examineSignatures()
    }

    private mutating func examineApproval() {
        let retention = state.retention
        guard !retention.items.isEmpty else {
            add(.missing, "bundle", "has no record of retention", seal)
            return
        }
        if !retention.isApproved {
            let evidence = retention.denials + retention.items.map(\.record.digest)
            add(
                .approval, "bundle",
                retention.denials.isEmpty ? "no request is approved" : "retention was denied",
                evidence)
        }
        for issue in state.issues {
            guard case .shortened(let reason) = issue.problem else { continue }
            add(.shortened, "request \(issue.record.hex)", reason, [issue.record])
        }
        for item in retention.items {
            guard let weakening = item.weakening else { continue }
            add(
                .modeDown, "request \(item.record.digest.hex)",
                "was approved in mode \((item.request.mode ?? .none).rawValue), "
                    + "after \(weakening.stricter.rawValue) was approved",
                [item.record.digest, weakening.approval])
        }
        for item in retention.approved {
            if let basis = item.request.basis, basis.occurredAt == nil {
                add(
                    .eventOpen, "request \(item.record.digest.hex)",
                    "waits for \(basis.event), and is kept until that occurs", item.evidence)
            }
        }
    }

    private mutating func examineEnd() {
        guard !isProtected, let until else { return }
        guard until >= report.asOf else {
            add(
                .expired, "bundle", "retention ran out at \(until)\(idleHolds)", approved)
            return
        }
        if let warned = warning.end(from: report.asOf), until > warned { return }
        add(
            .expiring, "bundle", "retention runs out at \(until)\(idleHolds)", approved)
    }

    /// The class's minimum, from its event.
    private mutating func examineClasses() {
        guard let classes else { return }
        for item in items {
            let object = "request \(item.record.digest.hex)"
            let evidence = item.evidence + table
            guard let entry = classes.entry(item.request.retentionClass) else {
                add(
                    .short, object, "is of a class that the table does not have", evidence,
                    status: .unknown)
                continue
            }
            if item.request.mode ?? .none < entry.mode {
                add(
                    .unlocked, object, "is of a weaker mode than \(entry.mode.rawValue)",
                    evidence)
            }
            guard let until = item.request.until else { continue }
            guard let start = start(of: item.request, entry),
                let end = entry.minimum.end(from: start)
            else {
                add(
                    .short, object, "does not tell when the event of its class occurred",
                    item.evidence, status: .unknown)
                continue
            }
            if until < end {
                add(
                    .short, object, "ends at \(until), and its class at \(end) at the earliest",
                    evidence)
            }
        }
    }

    /// When the period of a class begins: with the seal, or at its event where that was later.
    private func start(
        of request: RetentionRequest, _ entry: RetentionClasses.Entry
    ) -> Instant? {
        guard let created = report.release?.created else { return nil }
        guard let event = entry.basis else { return created }
        guard let basis = request.basis, basis.event.utf8.elementsEqual(event.utf8),
            let occurred = basis.occurredAt
        else { return nil }
        return max(occurred, created)
    }

    private mutating func examineHolds() {
        for hold in state.holds where hold.isHeld {
            let flawed = hold.releases.filter { hold.flaw(of: $0) != nil }
            var (reported, known): ([String], Set<String>) = ([], [])
            for reason in flawed.compactMap(hold.flaw) where known.insert(reason).inserted {
                reported.append(reason)
            }
            guard !reported.isEmpty else { continue }
            add(
                .holdRelease, "hold \(hold.record.digest.hex)",
                "was to be released, but \(reported.joined(separator: "; "))",
                [hold.record.digest] + flawed.map(\.digest))
        }
    }

    /// The clock rule: evidence that is later than the verification time, which never moves T.
    private mutating func examineClock() {
        guard let latest = report.asOf.adding(seconds: Self.tolerance) else { return }
        for time in report.provenTimes where time.instant > latest {
            add(
                .clockBack, "entry \(time.sequence)",
                "is proven to be of \(time.instant), after the instant of judgement", seal)
        }
        for record in state.records where record.header.at > latest {
            add(
                .clockForward, "record \(record.digest.hex)",
                "says it is of \(record.header.at), after the instant of judgement",
                [record.digest])
        }
    }
}

extension Period {
    /// A period of days.
    init(days: Int) {
        self.init(years: 0, months: 0, days: days)
    }
}
