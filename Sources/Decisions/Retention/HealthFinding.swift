import CloseoutOpenSSL
import CloseoutRecords

/// A finding as it is made: all that is said of one object by one check.
struct HealthFinding {
    let id: String
    let check: HealthCheck
    let object: String
    private var reasons: [String] = []
    private var status = CriterionStatus.fail
    /// What it rests on, ascending, where one thing was said; else all of it, in no order.
    private var (single, many): ([SHA256Digest], Set<SHA256Digest>) = ([], [])
    /// Whether the one thing rests on digests that are known to ascend, as where findings share
    /// them.
    private var isInOrder = false

    init(id: String, check: HealthCheck, object: String) {
        self.id = id
        self.check = check
        self.object = object
    }

    mutating func add(
        _ reason: String, _ evidence: [SHA256Digest], _ status: CriterionStatus, inOrder: Bool
    ) {
        if reasons.isEmpty {
            (single, isInOrder) = (evidence, inOrder)
            self.status = status
        } else {
            if many.isEmpty { many = Set(single) }
            many.formUnion(evidence)
            if self.status != .unknown { self.status = status }
        }
        reasons.append(reason)
    }

    /// The finding as a report has it.
    var finding: RetentionHealth.Finding {
        RetentionHealth.Finding(
            id: id, check: check.rawValue, object: object, severity: check.severity,
            status: status, reason: reasons.joined(separator: "; "),
            evidence: many.isEmpty
                ? isInOrder ? single : Set(single).sorted() : many.sorted())
    }
}
