package import CloseoutEncodings
package import CloseoutOpenSSL

/// Possible results of the decision on a release (docs/records.md, "decision").
package enum ReleaseOutcome: String, CaseIterable, Sendable {
    case readyForRelease = "ready_for_release"
    case readyWithAcceptedRisk = "ready_with_accepted_risk"
    case blocked
}

/// Possible results of one criterion.
package enum CriterionStatus: String, CaseIterable, Sendable {
    case pass, fail, unknown
    case notApplicable = "not_applicable"
}

/// The decision on the release, with all that it was decided on (docs/records.md, "decision").
package struct ReleaseDecision: RecordBody {
    /// The result of one criterion.
    package struct Criterion: Equatable, Sendable {
        /// The id of the criterion.
        package let id: String
        /// The result.
        package let status: CriterionStatus
        /// The digests of the files on which that rests, ascending.
        package let evidence: [SHA256Digest]
        /// The acceptances that cover it, ascending; they do not change the status.
        package let acceptedBy: [SHA256Digest]

        /// States the result of a criterion; the evidence is brought into order.
        package init(
            id: String, status: CriterionStatus, evidence: [SHA256Digest],
            acceptedBy: [SHA256Digest] = []
        ) {
            self.id = id
            self.status = status
            self.evidence = evidence.sorted()
            self.acceptedBy = acceptedBy.sorted()
        }

        /// Whether it keeps the release from being ready.
        package var blocks: Bool {
            switch status {
            case .pass, .notApplicable: false
            case .fail: acceptedBy.isEmpty
            case .unknown: true
            }
        }
    }

    /// The link kind that names the closeout-summary.
    package static let summary = "summary"
    /// The link kind that names the retention-health.
    package static let health = "health"
    /// The link kind that names the artifact-bundle.
    package static let bundle = "bundle"
    /// The rule sets, each with a kind of record of its own (docs/criteria.md, "Rules").
    package enum Rules: String, CaseIterable, Sendable {
        case v1 = "decide/v1"
        case v2 = "decide/v2"

        /// By which decisions are made now.
        package static let present = Rules.v2

        /// Their version, such as `v2`.
        package var version: String { String(rawValue.dropFirst("decide/".utf8.count)) }

        /// The kind of a decision that was made by them.
        package var kind: RecordKind {
            switch self {
            case .v1: .decision
            case .v2: .decisionV2
            }
        }
    }

    /// The rules by which it was decided.
    package let rules: Rules
    /// What was decided.
    package let outcome: ReleaseOutcome
    /// The log before the decision and its signatures.
    package let log: LogPrefix
    /// The digest of the criteria file.
    package let criteria: SHA256Digest
    /// The digest of the trust policy.
    package let policy: SHA256Digest
    /// The verification time.
    package let asOf: Instant
    /// Whether the shipped files were compared.
    package let usedArtifacts: Bool
    /// The result of each criterion, in the order of the criteria file.
    package let results: [Criterion]

    package init(
        rules: Rules = .present, outcome: ReleaseOutcome, log: LogPrefix, criteria: SHA256Digest,
        policy: SHA256Digest, asOf: Instant, usedArtifacts: Bool, results: [Criterion]
    ) {
        self.rules = rules
        self.outcome = outcome
        self.log = log
        self.criteria = criteria
        self.policy = policy
        self.asOf = asOf
        self.usedArtifacts = usedArtifacts
        self.results = results
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule(Self.summary, 0...1, to: [.closeoutSummary]),
            LinkRule(Self.health, 0...1, to: [.retentionHealth]),
            LinkRule(Self.bundle, 0...1, to: [.artifactBundle]),
            LinkRule(LinkRule.supersedes, LinkRule.any, to: [.decision]),
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("outcome", JSON(outcome.rawValue)), ("log", log.json),
            ("criteria", JSON(criteria)), ("policy", JSON(policy)), ("as_of", JSON(asOf)),
            ("used_artifacts", .bool(usedArtifacts)), ("rules", JSON(rules.rawValue)),
            ("results", .array(results.map(\.json))),
        ])
    }

    /// Takes the fields of the present version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        try self.init(taking: &reader, by: .present)
    }

    /// Takes the fields of the version that some rules have.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(
        taking reader: inout JSONObjectReader, by rules: Rules
    ) throws(JSONShapeError) {
        self.rules = rules
        outcome = try reader.choice("outcome")
        log = try LogPrefix(reader.required("log"))
        criteria = try reader.digest("criteria")
        policy = try reader.digest("policy")
        asOf = try reader.instant("as_of")
        usedArtifacts = try reader.bool("used_artifacts")
        try reader.constant("rules", rules.rawValue)
        var results: [Criterion] = []
        for item in try reader.array("results") { results.append(try Criterion(item)) }
        guard !results.isEmpty else { throw reader.invalid("results", "empty") }
        self.results = results
    }
}

extension ReleaseDecision.Criterion {
    fileprivate var json: JSON {
        .object(
            present([
                ("id", JSON(id)), ("status", JSON(status.rawValue)),
                ("evidence", .array(evidence.map { JSON($0) })),
                ("accepted_by", acceptedBy.isEmpty ? nil : .array(acceptedBy.map { JSON($0) })),
            ]))
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        id = try reader.name("id")
        status = try reader.choice("status")
        evidence = try ascendingDigests(reader.array("evidence"))
        let accepted = reader.optional("accepted_by")
        acceptedBy = try ascendingDigests(accepted?.array() ?? [])
        try reader.finish()
        guard accepted == nil || status == .fail && !acceptedBy.isEmpty else {
            throw item.invalid("only a criterion that fails can be accepted, by something")
        }
    }
}

/// Digests that ascend strictly.
func ascendingDigests(_ items: [JSONItem]) throws(JSONShapeError) -> [SHA256Digest] {
    var digests: [SHA256Digest] = []
    for item in items {
        let digest = try item.digest()
        if let last = digests.last, last >= digest { throw item.invalid("does not ascend") }
        digests.append(digest)
    }
    return digests
}
