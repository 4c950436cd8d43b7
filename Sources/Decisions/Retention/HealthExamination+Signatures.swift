import CloseoutEncodings
import CloseoutRecords
import CloseoutVerification

/// How long it can be shown that what was signed was signed (docs/retention.md, "Checks").
extension HealthExamination {
    /// What a verification that did not succeed says of signatures and log.
    mutating func examineVerification() {
        for finding in report.findings where finding.status == .fail {
            let reason = "\(finding.id.rawValue): \(finding.reason)"
            switch finding.id.family {
            case "log": add(.chain, "bundle", reason, seal)
            case "signature", "certificate", "timestamp": add(.signature, "bundle", reason, seal)
            // Of a signer whom the policy does not know, what is wrong shows nothing.
            case "sigstore" where finding.isRequired: add(.signature, "bundle", reason, seal)
            default: continue
            }
        }
    }

    /// Signatures whose key or certificate ends before the retention does, and whose time nothing
    /// proves; and proofs of time whose own certificates end.
    mutating func examineSignatures() {
        let due = Period(days: 90).end(from: report.asOf)
        let kept = approved + held
        for line in report.signatures where line.counts {
            let evidence = (line.digest.map { [$0] } ?? []) + kept
            if line.provenTime == nil, let end = line.keyEnd, isNeeded(after: end) {
                add(
                    .signature, line.path,
                    "its key or certificate ends at \(end), and nothing proves when it was made",
                    evidence)
            }
            if line.provenTime != nil, let end = line.proofEnd, isNeeded(after: end),
                due.map({ end <= $0 }) ?? true
            {
                add(
                    .renewal, line.path,
                    "the certificates that prove its time end at \(end): stamp it again",
                    evidence)
            }
        }
    }

    /// Whether the release is to be kept beyond an instant, as far as anybody approved.
    private func isNeeded(after end: Instant) -> Bool {
        if isHeld { return true }
        guard !items.isEmpty else { return false }
        return until.map { end < $0 } ?? true
    }
}
