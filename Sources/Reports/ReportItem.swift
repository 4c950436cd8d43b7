import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// One outcome of a report as other formats carry it: the verdict, then every finding.
///
/// The verdict is an item of its own because a report can be INCOMPLETE where nothing but passes
/// appear in it: a check that is missing must not look like one that passed.
struct ReportItem {
    /// The id of the check, or `verdict`.
    let id: String
    /// The part of the id before the dot.
    let family: String
    /// Its result.
    let status: CheckStatus
    /// What was looked at.
    let subject: String
    /// Why the status is what it is.
    let reason: String
    /// What to do about it.
    let hint: String?
    /// Whether the verdict depends on it.
    let isRequired: Bool
    /// The acceptances by which a failure of it is an accepted risk, in words; nil where it is
    /// none.
    var acceptance: String?
    /// What the check holds, and what to do where it does not pass.
    let explanation: (checks: String, remedy: String)
    /// What names it in every report that has it (docs/reports.md, "Names that stay").
    let fingerprint: SHA256Digest
    /// In which turn it is reported where not all can be; nil where it is reported always.
    var turn: Int?

    /// What to do about it, in the words of the finding or else of its check.
    var advice: String { hint ?? explanation.remedy }

    /// The id of the item of the verdict.
    static let verdictID = "verdict"

    /// The family of criteria, and of their outcome.
    static let criteria = "criterion"
    /// The id of the item of the decision.
    static let decisionID = "outcome"
}

extension Report {
    /// The verdict, the findings and the decision, in the order of the report.
    ///
    /// Other formats show these and nothing else.
    ///
    /// - Parameters:
    ///   - purpose: What the exit code depends on, which says what is required; nil for whatever
    /// the
    ///     verdict or the decision depends on.
    ///   - isReported: Which findings are reported at all.
    ///   - limit: How many items there are at most.
    /// - Returns: The items, and how many findings are left out.
    /// - Throws: `OpenSSLError` where a fingerprint cannot be computed.
    func items(
        for purpose: ReportPurpose?, telling isReported: (Finding) -> Bool = { _ in true },
        limit: Int = .max
    ) throws(OpenSSLError) -> ReportItems {
        let results = decision?.now.map { $0.results.count + 1 } ?? 0
        let reported = ReportedFindings(findings, isReported, limit: max(0, limit - 1 - results))
        var names = Fingerprints(
            scope: release?.release.name,
            of: reported.places.map { (findings[$0.place].id.rawValue, findings[$0.place].subject) }
        )
        var items = [
            verdictItem(for: purpose, try names.next(ReportItem.verdictID, subject.rawValue))
        ]
        var rest = reported.places[...]
        for (place, finding) in findings.enumerated() {
            guard let next = rest.first else { break }
            guard next.place == place else {
                names.skip(finding.id.rawValue, finding.subject)
                continue
            }
            rest = rest.dropFirst()
            items.append(
                item(
                    of: finding, for: purpose, turn: next.turn,
                    try names.next(finding.id.rawValue, finding.subject)))
        }
        if let decision = decision?.now {
            items += try self.items(of: decision, for: purpose, &names)
        }
        return ReportItems(all: items, leftOut: reported.leftOut)
    }

    private func verdictItem(
        for purpose: ReportPurpose?, _ fingerprint: SHA256Digest
    ) -> ReportItem {
        // What is decided on is VERIFIED, but for what is reported about earlier decisions.
        ReportItem(
            id: ReportItem.verdictID, family: ReportItem.verdictID, status: CheckStatus(verdict),
            subject: title, reason: headline, hint: nil, isRequired: !purpose.isDeciding,
            explanation: (
                "Every check that is needed was made and passes.",
                "Look at the checks that do not pass."
            ), fingerprint: fingerprint)
    }

    private var title: String {
        release.map { "\($0.release.name) \($0.release.version)" } ?? subject.rawValue
    }

    private func item(
        of finding: Finding, for purpose: ReportPurpose?, turn: Int, _ fingerprint: SHA256Digest
    ) -> ReportItem {
        let isEarlier = finding.id.isAboutDecisions && finding.status == .unknown
        return ReportItem(
            id: finding.id.rawValue, family: finding.id.family, status: finding.status,
            subject: finding.subject, reason: finding.reason, hint: finding.hint,
            isRequired: finding.isRequired && !(purpose.isDeciding && isEarlier),
            explanation: (finding.id.explanation.checks, finding.id.explanation.remedy),
            fingerprint: fingerprint, turn: turn)
    }

    /// The outcome of a decision, and every criterion in the order of the criteria file.
    private func items(
        of decision: Decision, for purpose: ReportPurpose?, _ names: inout Fingerprints
    ) throws(OpenSSLError) -> [ReportItem] {
        let isRequired = purpose != .verifying || lacksDemandedDecision
        let isEnough =
            decision.outcome == .readyWithAcceptedRisk
            && purpose != .deciding(acceptsRisk: false)
        let last = lastDecisionWords.map { "; \($0)" } ?? ""
        var items = [
            ReportItem(
                id: ReportItem.decisionID, family: ReportItem.criteria,
                status: decision.outcome == .readyForRelease ? .pass : .fail, subject: title,
                reason: "\(presentWords): \(decision.outcome.rawValue): \(decision.reason)\(last)",
                hint: nil, isRequired: isRequired, acceptance: isEnough ? decision.reason : nil,
                explanation: (
                    "All criteria of \(decision.criteria.id) that apply are fulfilled.",
                    "See to the criteria that are open."
                ), fingerprint: try names.next(ReportItem.decisionID, decision.criteria.id))
        ]
        let risks = risksByRecord
        for result in decision.results {
            let id = "\(ReportItem.criteria).\(result.id)"
            let title = printable(result.title)
            items.append(
                ReportItem(
                    id: id, family: ReportItem.criteria, status: CheckStatus(result.status),
                    subject: title, reason: result.reason, hint: result.remedy,
                    isRequired: isRequired, acceptance: result.acceptanceWords(risks),
                    explanation: (title + ".", result.remedy ?? result.reason),
                    fingerprint: try names.next(id, decision.criteria.id)))
        }
        return items
    }

    /// Whether a decision is demanded, and the one that is recorded is not it.
    private var lacksDemandedDecision: Bool {
        findings.contains {
            $0.id == .decisionRequired && ($0.status == .fail || $0.status == .unknown)
        }
    }

    /// The accepted risks by their records.
    var risksByRecord: [SHA256Digest: RiskLine] {
        Dictionary(riskLines.map { ($0.record, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension CriterionResult {
    /// The acceptances that cover a failure, in words; nil where none does.
    ///
    /// - Parameter risks: What is known of accepted risks, by their records.
    /// - Returns: The acceptances, each with its conditions.
    func acceptanceWords(_ risks: [SHA256Digest: RiskLine]) -> String? {
        guard isAccepted else { return nil }
        let parts = acceptances.map { acceptance in
            "by sha256:\(acceptance.record.hex) until \(acceptance.expires)"
                + (risks[acceptance.record].map { " (\($0.words))" } ?? "")
        }
        return "accepted risk, " + parts.joined(separator: ", ")
    }

    /// The status in words that a person reads; an accepted failure is a failure.
    var words: String {
        isAccepted ? "fail, accepted" : CheckStatus(status).words
    }

    /// The status as the class of a style sheet.
    var styleClass: String { isAccepted ? "accepted" : status.rawValue }
}

extension CheckStatus {
    /// A verdict as the outcome of one check; INCOMPLETE never passes.
    init(_ verdict: Verdict) {
        switch verdict {
        case .verified: self = .pass
        case .failed: self = .fail
        case .incomplete: self = .unknown
        }
    }
}

/// Makes the names of items, which stay the same from run to run (docs/reports.md, "Names that
/// stay").
private struct Fingerprints {
    private struct Name: Hashable {
        let id: [UInt8]
        let subject: [UInt8]

        init(_ id: String, _ subject: String) {
            self.id = Array(id.utf8)
            self.subject = Array(subject.utf8)
        }
    }

    private let scope: String?
    /// How often each name was met; of findings, only what is reported.
    private var uses: [Name: Int64]

    init(scope: String?, of reported: [(id: String, subject: String)]) {
        self.scope = scope
        uses = Dictionary(
            reported.map { (Name($0.id, $0.subject), 0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts what is left out, so that a name does not depend on what was left out.
    mutating func skip(_ id: String, _ subject: String) {
        uses[Name(id, subject)]? += 1
    }

    /// The name of the next item about this subject.
    mutating func next(_ id: String, _ subject: String) throws(OpenSSLError) -> SHA256Digest {
        let earlier = uses[Name(id, subject), default: 0]
        uses[Name(id, subject)] = earlier + 1
        var parts: [JSON] = [
            "closeout/finding/v1", scope.map { JSON($0) } ?? .null, JSON(id), JSON(subject),
        ]
        if earlier > 0 { parts.append(.integer(earlier)) }
        return try SHA256Digest.of(JSON.array(parts).canonicalBytes)
    }
}
