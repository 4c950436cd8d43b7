import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutVerification
package import CloseoutWorkflows

extension DeliveryEvent {
    /// What a verified bundle has to tell (docs/delivery.md, "Events").
    ///
    /// The ids say what an event is about: the same bundle in the same state gives the same ids.
    ///
    /// - Parameter checked: The bundle; one that is FAILED has no events.
    /// - Returns: The closeout, an alert where retention has findings, and the last decision that counts; only that
    ///   while no checkpoint commits the end of the log.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package static func events(of checked: RecheckedBundle) throws -> [DeliveryEvent] {
        guard let sealed = checked.report.release, checked.report.verdict != .failed else {
            return []
        }
        let last = isContradicted(checked.report) ? nil : decision(checked.report, sealed)
        // What was appended and not yet committed, such as records of deliveries, is no news about the release.
        guard checked.report.isCommitted else { return [last].compactMap(\.self) }
        return try [
            closeout(checked.report, sealed), retentionAlert(checked, sealed), last,
        ].compactMap(\.self)
    }

    /// Whether the last decision that counts is for the release and a later one blocks it, whoever signed that.
    ///
    /// The later one does not count by itself, and speaks against the release all the same.
    package static func isContradicted(_ report: Report) -> Bool {
        guard let decisions = report.evidence?.decisions,
            let last = decisions.lastIndex(where: { $0.status.counts }),
            case .decision(let decision) = decisions[last].body, decision.outcome != .blocked
        else { return false }
        return decisions[(last + 1)...].contains { later in
            guard case .decision(let decision) = later.body else { return false }
            return decision.outcome == .blocked
        }
    }

    /// The bundle with its evidence is there, which a record of readiness says.
    private static func closeout(
        _ report: Report, _ sealed: Report.SealedRelease
    ) -> DeliveryEvent? {
        guard report.evidence?.readiness.records.isEmpty == false else { return nil }
        let found = report.findings.filter(\.isRequired)
        let isVerified = report.verdict == .verified
        let outcome = isVerified ? Outcome.pass : .unknown
        return DeliveryEvent(
            kind: .closeout, id: "closeout-\(sealed.seal.short)-\(outcome.rawValue)",
            at: report.asOf, sealed, record: nil, outcome: outcome,
            severity: isVerified ? .info : .medium,
            counts: Counts(
                pass: found.count { $0.status == .pass }, fail: 0,
                unknown: found.count { $0.status == .unknown }),
            findings: found.filter { $0.status == .unknown }.map(\.id.rawValue))
    }

    /// What is wrong or not established about the retention.
    private static func retentionAlert(
        _ checked: RecheckedBundle, _ sealed: Report.SealedRelease
    ) throws -> DeliveryEvent? {
        let inspection = checked.inspection
        guard let log = try inspection.prefix(inspection.contents.log.size) else { return nil }
        let found = retentionHealth(inspection.report, log: log, by: checked.sources).findings
        guard let worst = found.map({ Severity($0.severity) }).max() else { return nil }
        let lines = found.map { "\($0.id) \($0.status.rawValue)\n" }.sorted()
        let digest = try SHA256Digest.of(Array((sealed.seal.hex + "\n" + lines.joined()).utf8))
        let failed = found.count { $0.status == .fail }
        return DeliveryEvent(
            kind: .retentionAlert, id: "retention-alert-\(digest.short)", at: checked.report.asOf,
            sealed, record: nil, outcome: failed > 0 ? .fail : .unknown, severity: worst,
            counts: Counts(fail: failed, unknown: found.count - failed),
            findings: found.map(\.id))
    }

    /// The last decision on the release that counts.
    private static func decision(
        _ report: Report, _ sealed: Report.SealedRelease
    ) -> DeliveryEvent? {
        let last = report.evidence?.decisions.last { $0.status.counts }
        guard let last, case .decision(let decision) = last.body else { return nil }
        let results = decision.results
        let open = results.filter { $0.status == .fail || $0.status == .unknown }
        return DeliveryEvent(
            kind: .decision, id: "decision-\(last.digest.short)", at: last.header.at, sealed,
            record: last.digest, outcome: Outcome(decision.outcome),
            severity: Severity(decision.outcome),
            counts: Counts(
                pass: results.count { $0.status == .pass },
                fail: results.count { $0.status == .fail },
                unknown: results.count { $0.status == .unknown },
                accepted: results.count { !$0.acceptedBy.isEmpty }),
            findings: open.map(\.id))
    }

    private init(
        kind: Kind, id: String, at: Instant, _ sealed: Report.SealedRelease,
        record: SHA256Digest?, outcome: Outcome, severity: Severity, counts: Counts,
        findings: [String]
    ) {
        self.init(
            kind: kind, id: id, at: at, releaseName: sealed.release.name,
            releaseVersion: sealed.release.version, bundle: sealed.seal, record: record,
            outcome: outcome, severity: severity, counts: counts, findings: findings)
    }
}

extension Report {
    /// Whether a checkpoint commits the whole log.
    fileprivate var isCommitted: Bool {
        !findings.contains { finding in
            [.logUncommitted, .logCheckpoint].contains(finding.id) && finding.status == .unknown
        }
    }
}

extension DeliveryEvent.Outcome {
    fileprivate init(_ outcome: ReleaseOutcome) {
        switch outcome {
        case .readyForRelease: self = .readyForRelease
        case .readyWithAcceptedRisk: self = .readyWithAcceptedRisk
        case .blocked: self = .blocked
        }
    }
}

extension DeliveryEvent.Severity: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    fileprivate init(_ severity: RetentionHealth.Severity) {
        switch severity {
        case .low: self = .low
        case .medium: self = .medium
        case .high: self = .high
        case .critical: self = .critical
        }
    }

    fileprivate init(_ outcome: ReleaseOutcome) {
        switch outcome {
        case .readyForRelease: self = .info
        case .readyWithAcceptedRisk: self = .medium
        case .blocked: self = .high
        }
    }
}

extension SHA256Digest {
    /// The first 128 bits, which distinguish what an id is about.
    fileprivate var short: String { String(hex.prefix(32)) }
}
