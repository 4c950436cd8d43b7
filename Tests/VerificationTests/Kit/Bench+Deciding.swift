import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

extension Bench {
    /// Verifies the bundle and rechecks the decisions that it has.
    func recheck(
        _ verifier: Verifier, limits: RecheckLimits = RecheckLimits()
    ) async throws -> Report {
        let inspection = try await verifier.inspect(bundle: Array(bundle.utf8))
        let needed = Recheck.attachmentsNeeded(inspection.report.evidence)
        let folder = try BundleReader(opening: Array(bundle.utf8))
        let entries = inspection.contents.log.entries
        func attachment(_ digest: SHA256Digest, _ limit: Int) throws -> [UInt8]? {
            try entries.first { $0.digest == digest && $0.kind == .attachment }
                .flatMap { try folder.readAttachment($0, limit: limit) }
        }
        var attachments: [SHA256Digest: [UInt8]] = [:]
        for digest in needed { attachments[digest] = try attachment(digest, 1 << 20) }
        let policies = try EarlierPolicies(
            of: inspection.report.evidence, under: trustsNobody ? nil : policy.policy(),
            given: trustedThen.map { try $0.policy() }, attachment: attachment)
        return try await Recheck(
            inspection, verifier: verifier, criteria: criteria,
            pinned: trustsNobody ? nil : try policy.policy().criteria, under: policies,
            given: RetentionSources(), attachments: attachments,
            requiresDecision: trustsNobody ? false : try policy.policy().requiresDecision,
            limits: limits
        ).report()
    }

    /// Lets the policy know dora, who decides, and the auditor bring the criteria.
    mutating func hireDecider() throws -> KeyPair {
        let dora = try KeyPair()
        policy.keys.append(dora.entry("dora-1", "dora"))
        policy.roles["decider"] = rule("dora-1")
        criteria = try Profile.artifactsOnly.criteria()
        return dora
    }

    /// Lets the policy pin the criteria that the auditor brought.
    mutating func pinCriteria() {
        guard let criteria else { return }
        policy.members = [JSONMember("criteria", ["sha256": JSON(criteria.digest.hex)])]
    }

    /// Stores a closeout-summary of the whole log that says how many attachments there are.
    func store(summaryOf attachments: Int) throws -> SHA256Digest {
        let log = try BundleLog(parsing: file("log.jsonl"))
        let prefix = LogPrefix(size: log.size, root: try #require(try log.root(ofFirst: log.size)))
        return try store(
            .closeoutSummary(
                CloseoutSummary(
                    blockers: [], records: 0, attachments: attachments, log: prefix,
                    asOf: request.asOf)))
    }

    /// What a decision would say now; a test makes it say something else.
    struct Draft {
        var rules = ReleaseDecision.Rules.present
        var outcome: ReleaseOutcome
        var log: LogPrefix
        var criteria: SHA256Digest
        var policy: SHA256Digest
        var asOf: Instant
        var usedArtifacts: Bool
        var results: [ReleaseDecision.Criterion]
        var links: [(String, SHA256Digest)] = []
    }

    /// Decides on the release, and signs and stores that.
    @discardableResult
    func close(
        by key: KeyPair, under criteria: Criteria? = nil,
        spoiling spoil: (inout Draft) throws -> Void = { _ in }
    ) async throws -> SHA256Digest {
        let inspection = try await verifier().inspect(bundle: Array(bundle.utf8))
        let size = inspection.contents.log.size
        let log = try #require(try inspection.prefix(size))
        let criteria = try criteria ?? Profile.artifactsOnly.criteria()
        let decision = decide(
            inspection.report, health: retentionHealth(inspection.report, log: log),
            criteria: criteria)
        var draft = Draft(
            outcome: decision.outcome, log: log, criteria: criteria.digest,
            policy: try policy.policy().digest, asOf: decision.asOf,
            usedArtifacts: decision.usedArtifacts, results: decision.recorded)
        // What was inspected keeps the bundle open.
        _ = consume inspection
        try spoil(&draft)
        return try store(
            .decision(
                ReleaseDecision(
                    rules: draft.rules, outcome: draft.outcome, log: draft.log,
                    criteria: draft.criteria, policy: draft.policy, asOf: draft.asOf,
                    usedArtifacts: draft.usedArtifacts, results: draft.results)), draft.links,
            by: key)
    }
}
