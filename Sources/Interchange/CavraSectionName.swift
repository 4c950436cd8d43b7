import CloseoutEncodings

/// The sections of a package by their keys (docs/import.md, "Sections").
enum CavraSectionName: String, CaseIterable {
    case readiness = "final_readiness_bundle"
    case manifest = "signed_archive_manifest"
    case closeout = "release_closeout_summary"
    case retention = "retention_review"
    case retentionDecision = "retention_decision"
    case artifacts = "closeout_artifact_bundle"
    case health = "retention_health_report"
    case alerts = "retention_alert_delivery"
    case deliveries = "closeout_deliveries"
    case plan = "closeout_retry_plan"
    case run = "retry_worker_run"
    case decision = "release_decision"

    /// The section that an object of CAVRA's code is, by the words of its `schema_version`; the
    /// longest
    /// that fits.
    init?(schema: String, _ object: JSON) {
        let words = schema.split(whereSeparator: { "._-".contains($0) }).map(String.init)
        guard words.first == "cavra" else { return nil }
        let found = Self.words.first { Set($0.words).isSubset(of: words) }
        guard let found else { return nil }
        guard found.name == .deliveries,
            case .string(let source)? = object["connector_delivery_source"],
            String(decoding: source, as: UTF8.self).hasSuffix("retention_health_alert")
        else {
            self = found.name
            return
        }
        self = .alerts
    }

    /// Whether several may be in an array.
    var isRepeatable: Bool { self == .alerts || self == .deliveries }

    /// Whether CAVRA's sample has it.
    var isInSample: Bool { self != .retentionDecision && self != .deliveries }

    private static let words: [(words: [String], name: CavraSectionName)] = [
        (["retry", "worker", "run"], .run),
        (["retry", "plan"], .plan),
        (["connector", "delivery"], .deliveries),
        (["retention", "health", "alert"], .alerts),
        (["retention", "health"], .health),
        (["retention", "review", "decision"], .retentionDecision),
        (["retention", "review"], .retention),
        (["artifact", "bundle"], .artifacts),
        (["archive", "manifest"], .manifest),
        (["readiness", "bundle"], .readiness),
        (["closeout", "summary"], .closeout),
    ]

    /// What any object of CAVRA's code has, and nothing depends on.
    static let common = [
        "schema_version", "product", "generated_at", "generated_by", "public_evidence_refs",
        "controls", "release_record_ref", "release_id",
    ]

    /// The keys by which one thing is named in several sections.
    static let names: KeyValuePairs = [
        "release": ["release_id", "release_record_ref"], "readiness bundle": ["bundle_id"],
        "archive manifest": ["manifest_id"], "closeout summary": ["closeout_id", "summary_id"],
        "retention review": ["review_id"],
    ]
}
