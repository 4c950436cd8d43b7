import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// Carries out the checks of criteria on what a verification found (docs/criteria.md, "Checks").
///
/// What is absent from a log that is complete fails, and rests on the seal; what cannot be told is
/// unknown.
struct CriteriaExamination {
    let report: Report
    let health: RetentionHealth
    let classes: SHA256Digest?
    let state: EvidenceState
    /// What the linked evidence says by itself.
    let content: EvidenceContents

    init(
        _ report: Report, health: RetentionHealth, classes: SHA256Digest?,
        content: EvidenceContents
    ) {
        self.content = content
        self.report = report
        self.classes = classes
        self.health = health
        state = report.evidence ?? EvidenceState([], asOf: report.asOf)
    }

    /// What makes a bundle VERIFIED.
    var verifiedRemedy: String {
        "give --artifacts DIR with unchanged files; for more: "
            + RemedyCommand.verify.rawValue
    }

    /// On what rests that something is absent.
    var seal: [SHA256Digest] { report.release.map { [$0.seal] } ?? [] }

    /// The result of each criterion, in their order.
    ///
    /// - Parameters:
    ///   - criteria: What is demanded.
    ///   - isAbsenceAccepted: Whether it is accepted that what a criterion demands is absent.
    /// - Returns: One outcome a criterion.
    func outcomes(
        of criteria: Criteria, whereAccepted isAbsenceAccepted: (Criterion) -> Bool
    ) -> [CheckOutcome] {
        let served = state.readiness.served(readinessDemand(criteria, isAbsenceAccepted))
        var found: [[UInt8]: CheckOutcome] = [:]
        for criterion in criteria.criteria {
            guard let outcome = outcome(criterion, served) else { continue }
            found[Array(criterion.id.utf8)] = outcome
        }
        return criteria.criteria.map { criterion in
            if case .closeoutClosed(let named) = criterion.check {
                return closeout(named.map { ($0, found[Array($0.utf8)]) })
            }
            return found[Array(criterion.id.utf8)] ?? .notApplicable("it was not examined")
        }
    }

    /// The result of one criterion; nil where it rests on the others.
    private func outcome(
        _ criterion: Criterion, _ served: Set<Readiness.Evidence>
    ) -> CheckOutcome? {
        switch criterion.check {
        case .artifactsVerified: artifacts()
        case .bundleComplete: bundle()
        case .sealSigned(let role, let operators): signatures(role.rawValue, operators)
        case .readinessComplete(let kinds): readiness(kinds, criterion.severity, served)
        case .evidenceContent(let kinds): evidenceContent(kinds)
        case .closeoutClosed: nil
        case .deliverySettled(let event, let routes): deliveries(event, routes)
        case .alertsSettled(let routes): alerts(routes)
        case .retriesPlanned: retries()
        case .retentionApproved(let demand): retention(demand)
        case .retentionHealthy(let demand): healthy(demand)
        }
    }

    private func artifacts() -> CheckOutcome {
        let remedy = verifiedRemedy
        switch report.integrity {
        case .failed: return .fail("the bundle is FAILED", seal, remedy: remedy)
        case .incomplete: return .unknown("the bundle is INCOMPLETE", seal, remedy: remedy)
        case .verified: break
        }
        guard report.comparedArtifacts else {
            let gaps = report.notLookedAt.joined(separator: ", ")
            return .unknown(
                gaps.isEmpty ? "the shipped files were not compared" : gaps, seal, remedy: remedy)
        }
        return .pass("all shipped files are as sealed, and the bundle is VERIFIED", seal)
    }

    private func bundle() -> CheckOutcome {
        let remedy = "get a whole and unchanged copy of the bundle"
        let about = report.findings.filter {
            $0.isRequired && ($0.id.family == "bundle" || $0.id == .recordWithheld)
        }
        if let wrong = about.first(where: { $0.status == .fail }) {
            return .fail("\(wrong.subject): \(wrong.reason)", seal, remedy: remedy)
        }
        if let open = about.first(where: { $0.status == .unknown }) {
            return .unknown("\(open.subject): \(open.reason)", seal, remedy: remedy)
        }
        guard about.contains(where: { $0.id == .bundleDigest && $0.status == .pass }) else {
            return .unknown("its files were not compared with the log", seal, remedy: remedy)
        }
        return .pass("every file that the log names is there and has its digest", seal)
    }

    private func signatures(_ role: String, _ needed: Int) -> CheckOutcome {
        let valid = report.signatures.filter {
            $0.counts && $0.roles.contains { $0.utf8.elementsEqual(role.utf8) }
        }
        let operators = Set(valid.compactMap(\.operator)).sorted()
        let evidence = valid.compactMap(\.digest)
        if let key = report.findings.first(where: {
            $0.id == .bundlePrivateKey && $0.status != .pass
        }) {
            return .fail(
                "\(key.subject): \(key.reason)", seal,
                remedy: "make the bundle anew without the private key, and revoke that key")
        }
        guard operators.count >= needed else {
            return .fail(
                "\(operators.count) of \(counted(needed, "person", "people")) signed the seal in the role "
                    + role, seal,
                remedy: "have the seal signed in the role \(role): "
                    + "\(RemedyCommand.sign.rawValue), or elsewhere and then: \(RemedyCommand.attach.rawValue)"
            )
        }
        return .pass("signed in the role \(role) by \(operators.joined(separator: ", "))", evidence)
    }

    private func closeout(_ named: [(id: String, outcome: CheckOutcome?)]) -> CheckOutcome {
        let open = named.filter {
            switch $0.outcome?.status {
            case .pass, .notApplicable: false
            case .fail, .unknown, nil: true
            }
        }
        let ids = open.map(\.id).joined(separator: ", ")
        guard !open.contains(where: { $0.outcome?.status == .fail }) else {
            return .fail("open: \(ids)", seal, remedy: "close what is open: \(ids)")
        }
        guard open.isEmpty else {
            return .unknown(
                "not checked: \(ids)", seal, remedy: "close what is open: \(ids)")
        }
        guard named.contains(where: { $0.outcome?.status == .pass }) else {
            return .notApplicable("none of its criteria applies")
        }
        return .pass("nothing is open", seal)
    }
}
