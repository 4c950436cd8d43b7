package import CloseoutSignatures

/// What a record demands of one of its signers (docs/records.md, "Signatures").
package struct SigningRule: Equatable, Sendable {
    /// The roles, of which any will do.
    package let roles: [Role]
    /// How many operators it takes, whatever less the policy demands.
    package let minimum: Int

    init(_ roles: Role..., minimum: Int = 1) {
        self.roles = roles
        self.minimum = minimum
    }

    /// The operators that fill the rule.
    func operators(_ signers: RecordSigners) -> Set<String> {
        Set(roles.flatMap { signers.counted[$0]?.keys.map(\.self) ?? [] })
    }

    /// How many operators it takes under a policy; nil where the policy defines none of the roles.
    func threshold(_ signers: RecordSigners) -> Int? {
        roles.compactMap { signers.thresholds[$0] }.min().map { max(minimum, $0) }
    }

    /// The roles in words.
    var words: String { roles.map(\.rawValue).joined(separator: " or ") }
}

extension Record {
    /// Who has to sign this record; nobody, where the log alone vouches for it.
    package var signingRules: [SigningRule] {
        switch body {
        case .retentionRequest: [SigningRule(.requester)]
        case .retentionDecision: [SigningRule(.retention)]
        case .legalHold(.place): [SigningRule(.hold)]
        case .legalHold(.release): [SigningRule(.hold, minimum: 2)]
        case .riskAcceptance(.accept): [SigningRule(.riskOwner), SigningRule(.riskApprover)]
        case .riskAcceptance(.revoke): [SigningRule(.riskOwner, .riskApprover)]
        case .retryReview: [SigningRule(.delivery)]
        case .decision: [SigningRule(.decider)]
        case .archiveSignature, .attachment, .readiness, .delivery, .retryPlan, .retryRun,
            .closeoutSummary, .retentionHealth, .artifactBundle:
            []
        }
    }
}
