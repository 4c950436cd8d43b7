import CloseoutEncodings
import CloseoutOpenSSL

// The sections of a package that are about evidence and retention (docs/import.md, "Sections").

/// What shows that the release is ready, as CAVRA says.
struct CavraReadiness: CavraSection {
    let id: String?
    let state: String?
    /// The names of the evidence, which is not in the package.
    let references: [String]
    let blockers: [String]

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        id = try reader.text("bundle_id")
        state = try reader.word(
            ["ready", "ready_for_closeout", "incomplete"], "state", "closeout_state")
        var references = try reader.texts("evidence_refs")
        for item in try reader.list("evidence_index") {
            var entry = try item.object()
            // The kind says what it is; the reference alone may not.
            let words = [try entry.text("metadata_kind"), try entry.text("evidence_ref")]
                .compactMap(\.self)
            guard !words.isEmpty else {
                throw item.invalid("has neither metadata_kind nor evidence_ref")
            }
            let reference = words.joined(separator: " ")
            guard reference.utf8.count <= 4096 else { throw item.invalid("longer than 4096 bytes") }
            references.append(reference)
        }
        self.references = references
        blockers = try reader.texts("blockers")
        reader.skip([
            "bundle_hash", "readiness_state", "verification_state", "approval_state",
            "archive_health", "evidence_count", "archive_object_count", "archive_objects",
            "section_counts",
        ])
    }
}

/// What is said to be signed.
struct CavraManifest: CavraSection {
    let id: String?
    let state: String?
    let keyReference: String?
    let isKeyStored: Bool?
    let signature: String?
    let publicKey: String?

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        id = try reader.text("manifest_id")
        state = try reader.word(
            ["external_signature_attached", "external_signature_required"], "signature_state")
        keyReference = try reader.text("key_reference", "signature_key_id")
        isKeyStored = try reader.flag("private_key_stored")
        signature = try reader.text("signature")
        publicKey = try reader.text("public_key_pem")
        _ = try reader.sha256("manifest_digest", "manifest_hash")
        reader.skip([
            "signature_algorithm", "signed_by", "bundle_id", "bundle_hash", "archive_object_count",
            "archive_objects",
        ])
    }
}

/// Whether anything is open, as CAVRA says.
struct CavraCloseout: CavraSection {
    let id: String?
    let state: String?
    let blockerCount: Int?
    let blockers: [String]
    let deliveryState: String?

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        id = try reader.text("closeout_id", "summary_id")
        state = try reader.word(["closed", "open"], "closeout_state")
        blockerCount = try reader.number("blocker_count")
        blockers = try reader.texts("blockers")
        deliveryState = try reader.text("delivery_state")
        reader.skip([
            "summary_hash", "alert_level", "evidence_count", "archive_object_count", "bundle_id",
            "bundle_hash", "manifest_id", "manifest_hash", "signature_state", "executive_summary",
        ])
    }
}

/// What is asked of retention; in the sample also what was decided.
struct CavraRetention: CavraSection {
    let id: String?
    let requestedBy: String?
    let until: ForeignTime?
    let isHeld: Bool?
    let reason: String?
    let decision: CavraRetentionDecision

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        id = try reader.text("review_id")
        _ = try reader.word(["submitted", "pending"], "request_state", "review_state")
        requestedBy = try reader.text("requested_by")
        until = try reader.time("retention_until")
        isHeld = try reader.flag("legal_hold")
        reason = try reader.text("notes", "review_reason")
        decision = CavraRetentionDecision(
            state: try reader.decisionState(), decidedBy: try reader.text("approved_by"),
            reference: nil, reason: nil)
        reader.skip([
            "review_hash", "requested_at", "summary_id", "summary_hash", "bundle_id", "manifest_id",
        ])
    }
}

/// What was decided on retention.
struct CavraRetentionDecision: CavraSection {
    let state: String?
    let decidedBy: String?
    let reference: String?
    let reason: String?

    init(state: String?, decidedBy: String?, reference: String?, reason: String?) {
        self.state = state
        self.decidedBy = decidedBy
        self.reference = reference
        self.reason = reason
    }

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        state = try reader.decisionState()
        decidedBy = try reader.text("decided_by", "approved_by")
        reference = try reader.text("external_ref")
        reason = try reader.text("notes")
        reader.skip([
            "decision_id", "decision_hash", "review_id", "decided_at", "summary_id", "bundle_id",
            "manifest_id", "retention_until", "legal_hold",
        ])
    }
}

extension JSONObjectReader {
    /// What was decided on retention; CAVRA's code calls it by two names.
    fileprivate mutating func decisionState() throws(JSONShapeError) -> String? {
        try word(["approved", "denied", "deferred", "expired"], "decision_state", "decision")
    }
}

/// The files that are said to belong to the closeout.
struct CavraArtifacts: CavraSection {
    /// One file.
    struct File {
        let name: [UInt8]
        let digest: SHA256Digest
        /// The JSON in its place in the package.
        let content: JSON?
    }

    let state: String?
    let retentionState: String?
    let files: [File]

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        state = try reader.text("download_state")
        retentionState = try reader.text("retention_decision_state")
        var files: [File] = []
        for item in try reader.list("files") {
            var entry = try item.object()
            guard let name = try entry.text("name", "path") else {
                throw item.invalid("has no name")
            }
            guard let digest = try entry.sha256("sha256") else {
                throw item.invalid("has no sha256")
            }
            let bytes = Array(name.utf8)
            guard !files.contains(where: { $0.name == bytes }) else {
                throw item.invalid("has a name that another has")
            }
            files.append(
                File(name: bytes, digest: digest, content: entry.optional("content")?.value))
        }
        self.files = files
        reader.skip([
            "artifact_bundle_id", "artifact_bundle_hash", "download_manifest",
            "retention_decision_id", "retention_until", "legal_hold", "artifact_count",
            "summary_id", "summary_hash", "bundle_id", "manifest_id", "closeout_state",
        ])
    }
}

/// What is said of the state of retention.
struct CavraHealth: CavraSection {
    let level: String?
    /// The severity of each finding.
    let severities: [String]
    /// How many findings of a severity there are said to be.
    let counts: [String: Int]

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let words = ["healthy", "warning", "critical"]
        level = try reader.word(words, "health_state", "alert_level")
        var counts: [String: Int] = [:]
        if let item = try reader.field(["summary"]) {
            var summary = try item.object()
            counts["critical"] = try summary.number("critical_findings")
            counts["warning"] = try summary.number("warning_findings")
        }
        self.counts = counts
        var severities: [String] = []
        for item in try reader.list("findings") {
            var finding = try item.object()
            guard let severity = try finding.word(words, "severity") else {
                throw item.invalid("has no severity")
            }
            severities.append(severity)
        }
        self.severities = severities
        reader.skip([
            "report_id", "health_id", "health_hash", "expiry_warning_days",
            "artifact_bundle_count", "approved_retention_count", "expiring_bundle_count",
            "expired_bundle_count", "failed_closeout_delivery_count", "alert_count",
            "bundle_statuses",
        ])
    }
}
