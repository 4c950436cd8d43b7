import CloseoutOpenSSL
import CloseoutRecords

/// The outcome of a criterion's check, before any acceptance.
struct CheckOutcome {
    let status: CriterionStatus
    let reason: String
    /// The files on which it rests.
    let evidence: [SHA256Digest]
    /// What would have to change; nil where it passes or does not apply.
    let remedy: String?
    /// The findings of a report on which it rests.
    var findings: [RetentionHealth.Finding] = []
    /// The evidence of each single failure, where it is made of several that can be accepted apart.
    var parts: [[SHA256Digest]] = []
    /// On what it would rest as a failure where what is unknown is absent after all; empty
    /// where
    /// it is unknown for another reason.
    var absence: [SHA256Digest] = []

    static func pass(_ reason: String, _ evidence: [SHA256Digest]) -> CheckOutcome {
        CheckOutcome(status: .pass, reason: reason, evidence: evidence, remedy: nil)
    }

    static func fail(
        _ reason: String, _ evidence: [SHA256Digest], remedy: String
    ) -> CheckOutcome {
        CheckOutcome(status: .fail, reason: reason, evidence: evidence, remedy: remedy)
    }

    static func unknown(
        _ reason: String, _ evidence: [SHA256Digest], remedy: String
    ) -> CheckOutcome {
        CheckOutcome(status: .unknown, reason: reason, evidence: evidence, remedy: remedy)
    }

    static func notApplicable(_ reason: String) -> CheckOutcome {
        CheckOutcome(status: .notApplicable, reason: reason, evidence: [], remedy: nil)
    }

    /// The same as a failure to find what is only reported.
    var asAbsence: CheckOutcome {
        .fail(reason, absence, remedy: remedy ?? reason)
    }
}
