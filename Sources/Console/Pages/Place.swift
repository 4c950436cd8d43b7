import CloseoutReports

/// The pages that the navigation leads to, by their paths and in its order.
enum Place: String, CaseIterable, Sendable {
    case overview = "/"
    case criteria = "/criteria"
    case evidence = "/evidence"
    case artifacts = "/artifacts"
    case signatures = "/signatures"
    case retention = "/retention"
    case risks = "/risks"
    case deliveries = "/deliveries"
    case records = "/records"
    case log = "/log"
    case visibility = "/visibility"
    case compliance = "/compliance"
    case compare = "/compare"
    case checks = "/checks"
    case editions = "/editions"
    case documents = "/documents"
    case sandbox = "/sandbox"
    case tour = "/tour"

    /// What the navigation and the head of the page call it.
    var title: String {
        switch self {
        case .overview: "Overview"
        case .criteria: "Criteria"
        case .evidence: "Readiness"
        case .artifacts: "Artifacts"
        case .signatures: "Signatures and trust"
        case .retention: "Retention"
        case .risks: "Accepted risks"
        case .deliveries: "Deliveries"
        case .records: "Records"
        case .log: "Log"
        case .visibility: "Visibility"
        case .compliance: "Compliance"
        case .compare: "Compare"
        case .checks: "All checks"
        case .editions: "Editions"
        case .documents: "Documents"
        case .sandbox: "Sandbox"
        case .tour: "Tour"
        }
    }

    /// Whether only a sandbox has it.
    var isOfSandbox: Bool { self == .sandbox || self == .tour }

    /// The page that has a part of the report.
    init(of part: ReportPart) {
        switch part {
        case .facts, .problems: self = .overview
        case .decided, .decision: self = .criteria
        case .retention: self = .retention
        case .risks: self = .risks
        case .signatures, .signers, .verified: self = .signatures
        case .records: self = .records
        case .checks: self = .checks
        }
    }
}
