/// The kinds of closeout record; the list is closed (docs/records.md, "Kinds").
///
/// A kind of a later version is a kind of its own with the same name; links lead to any version.
package enum RecordKind: String, CaseIterable, Sendable {
    /// What cannot be recomputed of a signature that was attached.
    case archiveSignature = "closeout/archive-signature/v1"
    /// The file name and media type of an attachment.
    case attachment = "closeout/attachment/v1"
    /// What shows that the release is ready.
    case readiness = "closeout/readiness/v1"
    /// The same, with files that show something else already, and why.
    case readinessV2 = "closeout/readiness/v2"
    /// How long the evidence is to be kept, as somebody asks.
    case retentionRequest = "closeout/retention-request/v1"
    /// The word of another on such a request.
    case retentionDecision = "closeout/retention-decision/v1"
    /// A matter for which everything is held, or the end of it.
    case legalHold = "closeout/legal-hold/v1"
    /// A risk that is accepted, or the end of it.
    case riskAcceptance = "closeout/risk-acceptance/v1"
    /// The result of one delivery on one route.
    case delivery = "closeout/delivery/v1"
    /// The same with what each attempt was, commitments and receipts.
    case deliveryV2 = "closeout/delivery/v2"
    /// What is to be done about failed deliveries.
    case retryPlan = "closeout/retry-plan/v1"
    /// The same with a schedule that can be computed again.
    case retryPlanV2 = "closeout/retry-plan/v2"
    /// What a run of such a plan did, or would have done.
    case retryRun = "closeout/retry-run/v1"
    /// The same with what a dry run would send, and with the dry run that a live run follows.
    case retryRunV2 = "closeout/retry-run/v2"
    /// A second operator's word on a dry run.
    case retryReview = "closeout/retry-review/v1"
    /// The decision on the release by the first rules; it is read and no longer written.
    case decision = "closeout/decision/v1"
    /// The decision on the release.
    case decisionV2 = "closeout/decision/v2"
    /// Whether anything is open; computed.
    case closeoutSummary = "closeout/closeout-summary/v1"
    /// The state of retention; computed.
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
        case .archiveSignature, .attachment, .legalHold, .riskAcceptance, .delivery, .deliveryV2,
            .retryPlan, .retryPlanV2, .retryRun, .retryRunV2, .retryReview:
            .restricted
        case .readiness, .readinessV2, .retentionRequest, .retentionDecision, .decision,
            .decisionV2, .closeoutSummary, .retentionHealth, .artifactBundle:
            .public
        }
    }

    /// The name between `closeout/` and the version.
    package var name: String {
        rawValue.split(separator: "/").dropFirst().first.map(String.init) ?? rawValue
    }

    /// The names of the kinds for which something holds, each once.
    package static func names(where holds: (RecordKind) -> Bool) -> [String] {
        var names: [String] = []
        for kind in allCases where holds(kind) {
            let isKnown = names.contains { $0.utf8.elementsEqual(kind.name.utf8) }
            if !isKnown { names.append(kind.name) }
        }
        return names
    }

    /// Whether two kinds are versions of one.
    package func hasName(of other: RecordKind) -> Bool {
        name.utf8.elementsEqual(other.name.utf8)
    }

    /// The kind that a person names, with or without `closeout/` and the version; its first version
    /// where they name none.
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
        switch self {
        case .decision, .decisionV2, .archiveSignature: false
        default: !isComputed
        }
    }
}

/// Who may see a record (docs/records.md, "Visibility").
package enum Visibility: String, CaseIterable, Sendable {
    /// Anyone.
    case `public`
    /// Only who is given the whole bundle; such a record carries a salt.
    case restricted
}
