import Encodings
import Manifests
import OpenSSL
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
    /// What names it in every report that tells of it (docs/reports.md, "Names that stay").
    let fingerprint: SHA256Digest

    /// What to do about it, in the words of the finding or else of its check.
    var advice: String { hint ?? Self.explanation(of: id).remedy }

    /// The id of the item that stands for the whole.
    static let verdictID = "verdict"

    /// What a check of this id holds, and what to do where it does not pass.
    static func explanation(of id: String) -> (checks: String, remedy: String) {
        guard let check = CheckID(rawValue: id) else {
            return (
                "Every check that is needed was made and passes.",
                "Look at the checks that do not pass."
            )
        }
        return (check.explanation.checks, check.explanation.remedy)
    }
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
                fingerprint: try names.next(ReportItem.verdictID, subject.rawValue))
        ]
        for finding in findings {
            items.append(
                ReportItem(
                    id: finding.id.rawValue, family: finding.id.family, status: finding.status,
                    subject: finding.subject, reason: finding.reason, hint: finding.hint,
                    isRequired: finding.isRequired,
                    fingerprint: try names.next(finding.id.rawValue, finding.subject)))
        }
        return items
    }
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
