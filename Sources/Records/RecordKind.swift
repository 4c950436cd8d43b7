/// The kinds of evidence record; the list is closed (docs/records.md, "Kinds").
package enum RecordKind: String, CaseIterable, Sendable {
    /// What cannot be recomputed of a signature that was attached.
    case archiveSignature = "closeout/archive-signature/v1"
    /// What shows that the release is ready.
    case readiness = "closeout/readiness/v1"
    /// How long the evidence is to be kept, as somebody asks.
    case retentionRequest = "closeout/retention-request/v1"
    /// The word of another on such a request.
    case retentionDecision = "closeout/retention-decision/v1"
    /// A matter for which everything is held, or the end of it.
    case legalHold = "closeout/legal-hold/v1"
    /// A risk that is accepted, or the end of it.
    case riskAcceptance = "closeout/risk-acceptance/v1"
    /// What became of one delivery on one route.
    case delivery = "closeout/delivery/v1"
    /// What is to be done about failed deliveries.
    case retryPlan = "closeout/retry-plan/v1"
    /// What a run of such a plan did, or would have done.
    case retryRun = "closeout/retry-run/v1"
    /// A second operator's word on a dry run.
    case retryReview = "closeout/retry-review/v1"
    /// The decision on the release.
    case decision = "closeout/decision/v1"
    /// Whether anything is open; computed.
    case closeoutSummary = "closeout/closeout-summary/v1"
    /// How it stands with retention; computed.
    case retentionHealth = "closeout/retention-health/v1"
    /// What the bundle holds; computed.
    case artifactBundle = "closeout/artifact-bundle/v1"

    /// Whether `close` computes records of this kind and nobody writes them.
    package var isComputed: Bool {
        switch self {
        case .closeoutSummary, .retentionHealth, .artifactBundle: true
        default: false
        }
    }

    /// Who may see records of this kind unless the record says otherwise
    /// (docs/records.md, "Visibility").
    package var defaultVisibility: Visibility {
        switch self {
        case .archiveSignature, .legalHold, .riskAcceptance, .delivery, .retryPlan, .retryRun,
            .retryReview:
            .restricted
        case .readiness, .retentionRequest, .retentionDecision, .decision, .closeoutSummary,
            .retentionHealth, .artifactBundle:
            .public
        }
    }

    /// The name between `closeout/` and the version.
    package var name: String {
        rawValue.split(separator: "/").dropFirst().first.map(String.init) ?? rawValue
    }

    /// The kind that a person names, with or without `closeout/` and the version.
    package init?(named name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let kind = Self.allCases.first { kind in
            let all = kind.rawValue.split(separator: "/")
            return [all[...], all.dropFirst(), all.dropLast(), all.dropFirst().dropLast()]
                .contains { $0.elementsEqual(parts) { $0.utf8.elementsEqual($1.utf8) } }
        }
        guard let kind else { return nil }
        self = kind
    }

    /// Whether people and other systems write records of this kind.
    package var isWritten: Bool {
        !isComputed && self != .decision && self != .archiveSignature
    }
}

/// Who may see a record (docs/records.md, "Visibility").
package enum Visibility: String, CaseIterable, Sendable {
    /// Anyone.
    case `public`
    /// Only who is given the whole bundle; such a record carries a salt.
    case restricted
}
