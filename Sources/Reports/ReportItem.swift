import Encodings
import Manifests
import OpenSSL
import Records
import Verification

/// One outcome of a report as other formats carry it: the verdict, then every finding.
///
/// The verdict is an item of its own because a report can be INCOMPLETE where nothing but passes
/// stand in it: a check that is missing must not look like one that passed.
struct ReportItem {
    /// The id of the check, or `verdict`.
    let id: String
    /// The part of the id before the dot.
    let family: String
    /// What became of it.
    let status: CheckStatus
    /// What was looked at.
    let subject: String
    /// Why the status is what it is.
    let reason: String
    /// What to do about it.
    let hint: String?
    /// Whether the verdict depends on it.
    let isRequired: Bool
    /// The acceptances by which a failure of it is an accepted risk, in words; nil where it is none.
    var acceptance: String?
    /// What the check holds, and what to do where it does not pass.
    let explanation: (checks: String, remedy: String)
    /// What names it in every report that tells of it (docs/reports.md, "Names that stay").
    let fingerprint: SHA256Digest

    /// What to do about it, in the words of the finding or else of its check.
    var advice: String { hint ?? explanation.remedy }

    /// The id of the item that stands for the whole.
    static let verdictID = "verdict"

    /// The family of criteria, and of what they come to.
    static let criteria = "criterion"
    /// The id of the item that stands for the decision.
    static let decisionID = "outcome"
}

extension Report {
    /// The verdict and all findings, in the order of the report.
    ///
    /// Other formats show what stands here and nothing else.
    func items() throws(OpenSSLError) -> [ReportItem] {
        var names = Fingerprints(scope: release?.release.name)
        let title = release.map { "\($0.release.name) \($0.release.version)" } ?? subject.rawValue
        var items = [
            ReportItem(
                id: ReportItem.verdictID, family: ReportItem.verdictID,
                status: CheckStatus(verdict), subject: title, reason: headline, hint: nil,
                isRequired: true,
                explanation: (
                    "Every check that is needed was made and passes.",
                    "Look at the checks that do not pass."
                ), fingerprint: try names.next(ReportItem.verdictID, subject.rawValue))
        ]
        for finding in findings {
            items.append(
                ReportItem(
                    id: finding.id.rawValue, family: finding.id.family, status: finding.status,
                    subject: finding.subject, reason: finding.reason, hint: finding.hint,
                    isRequired: finding.isRequired,
                    explanation: (finding.id.explanation.checks, finding.id.explanation.remedy),
                    fingerprint: try names.next(finding.id.rawValue, finding.subject)))
        }
        guard let decision = decision?.now else { return items }
        return items + (try Self.items(of: decision, title, &names))
    }

    /// The outcome of a decision, and every criterion in the order of the criteria file.
    private static func items(
        of decision: Decision, _ title: String, _ names: inout Fingerprints
    ) throws(OpenSSLError) -> [ReportItem] {
        let isAccepted = decision.outcome == .readyWithAcceptedRisk
        var items = [
            ReportItem(
                id: ReportItem.decisionID, family: ReportItem.criteria,
                status: decision.outcome == .readyForRelease ? .pass : .fail, subject: title,
                reason: "\(decision.outcome.rawValue): \(decision.reason)", hint: nil,
                isRequired: true, acceptance: isAccepted ? decision.reason : nil,
                explanation: (
                    "All criteria of \(decision.criteria.id) that apply are fulfilled.",
                    "See to the criteria that are open."
                ), fingerprint: try names.next(ReportItem.decisionID, decision.criteria.id))
        ]
        for result in decision.results {
            let id = "\(ReportItem.criteria).\(result.id)"
            items.append(
                ReportItem(
                    id: id, family: ReportItem.criteria, status: CheckStatus(result.status),
                    subject: printable(Array(result.title.utf8)), reason: result.reason,
                    hint: result.remedy, isRequired: true, acceptance: result.acceptanceWords,
                    explanation: (
                        printable(Array(result.title.utf8)) + ".", result.remedy ?? result.reason
                    ), fingerprint: try names.next(id, decision.criteria.id)))
        }
        return items
    }
}

extension CheckStatus {
    /// What a criterion came to; an acceptance changes nothing of it.
    init(_ status: CriterionStatus) {
        switch status {
        case .pass: self = .pass
        case .fail: self = .fail
        case .unknown: self = .unknown
        case .notApplicable: self = .notApplicable
        }
    }
}

extension CriterionResult {
    /// The acceptances that cover a failure, in words; nil where none does.
    var acceptanceWords: String? {
        guard isAccepted else { return nil }
        let parts = acceptances.map { "by sha256:\($0.record.hex) until \($0.expires)" }
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
    /// What a verdict comes to as the outcome of one check; INCOMPLETE never passes.
    init(_ verdict: Verdict) {
        switch verdict {
        case .verified: self = .pass
        case .failed: self = .fail
        case .incomplete: self = .unknown
        }
    }
}

/// Makes the names of items, which stay the same from run to run (docs/reports.md, "Names that stay").
private struct Fingerprints {
    let scope: String?
    private var uses: [SHA256Digest: Int64] = [:]

    init(scope: String?) {
        self.scope = scope
    }

    /// The name of the next item about this subject.
    mutating func next(_ id: String, _ subject: String) throws(OpenSSLError) -> SHA256Digest {
        let plain = try digest(id, subject, nil)
        let earlier = uses[plain, default: 0]
        uses[plain] = earlier + 1
        return earlier == 0 ? plain : try digest(id, subject, earlier)
    }

    private func digest(
        _ id: String, _ subject: String, _ earlier: Int64?
    ) throws(OpenSSLError) -> SHA256Digest {
        var parts: [JSON] = [
            "closeout/finding/v1", scope.map { JSON($0) } ?? .null, JSON(id), JSON(subject),
        ]
        if let earlier { parts.append(.integer(earlier)) }
        return try SHA256Digest.of(JSON.array(parts).canonicalBytes)
    }
}
