import CloseoutDecisions
import CloseoutEncodings
import CloseoutInterchange
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// Packages as tests change them, in both vocabularies.
enum Packages {
    /// One in the words of CAVRA's sample, in which nothing is open but that nobody can verify it.
    static let sample = """
        {"schema_version": "cavra.final_closeout_trial.v1", "generated_at": "2026-05-31T08:30:00Z",
         "scenario": {"name": "x"},
         "final_readiness_bundle": {"bundle_id": "frb-1", "release_id": "r-1", "state": "ready",
           "evidence_refs": ["readiness-summary-1", "approval-decision-1",
             "release-record-attachment-1", "closure-packet-verification-1", "auditor-export-1",
             "archive-health-1", "alert-1"]},
         "signed_archive_manifest": {"manifest_id": "sam-1",
           "signature_state": "external_signature_attached", "signature_algorithm": "ed25519",
           "key_reference": "kms-1", "private_key_stored": false, "signature": "c2lnbmVk",
           "public_key_pem": "-----BEGIN PUBLIC KEY-----",
           "manifest_digest": "sha256:\(String(repeating: "a", count: 64))"},
         "release_closeout_summary": {"closeout_id": "closeout-1", "closeout_state": "closed",
           "blocker_count": 0, "delivery_state": "failed", "public_evidence_refs": []},
         "retention_review": {"review_id": "review-1", "request_state": "submitted",
           "decision_state": "approved", "approved_by": "bob", "requested_by": "alice",
           "retention_until": "2030-05-31T00:00:00Z", "legal_hold": false, "notes": "n"},
         "closeout_artifact_bundle": {"artifact_bundle_id": "ab-1", "download_state": "available",
           "retention_decision_state": "approved", "files": [{"name": "a.json",
             "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}]},
         "retention_health_report": {"report_id": "rh-1", "health_state": "warning",
           "summary": {"critical_findings": 0, "warning_findings": 1, "healthy_checks": 5},
           "findings": [{"finding_id": "f-1", "severity": "warning", "category": "c"}]},
         "retention_alert_delivery": {"alert_id": "alert-1", "providers": [{"provider": "webhook",
           "route": "hook", "delivery_state": "delivered", "redacted": true}]},
         "closeout_retry_plan": {"retry_plan_id": "plan-1", "source_delivery_id": "cd-1",
           "decision": "retry", "mode": "dry_run_first", "owner": "carol",
           "target_resolution_date": "2027-01-01T00:00:00Z"},
         "retry_worker_run": {"worker_run_id": "run-1", "mode": "dry_run", "state": "completed",
           "would_retry_delivery_ids": ["cd-1"], "live_connector_used": false,
           "reviewed_by": "dora"},
         "release_decision": {"criteria_document": "docs/c.md",
           "state": "ready_with_accepted_risk", "accepted_risk": {"owner": "carol", "reason": "r",
             "external_reference": "CHG-1", "affected_release": "r-1",
             "compensating_control": "watched", "evidence_refs": ["cd-1"],
             "finding_id": "C4", "expires_at": "2027-01-01T00:00:00Z"}}}
        """

    /// The objects that CAVRA's code makes for a release, in an array.
    static let code = """
        [{"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-readiness-bundle.v1",
          "product": "CAVRA", "bundle_id": "frb-1", "bundle_hash": "h", "release_record_ref": "r-1",
          "closeout_state": "ready_for_closeout", "blockers": [], "controls": [],
          "evidence_index": [
            {"metadata_kind": "readiness_summary", "session_id": "s", "evidence_ref": "e-1"},
            {"metadata_kind": "approval", "evidence_ref": "e-2"},
            {"metadata_kind": "release_record_attachment", "evidence_ref": "e-3"},
            {"metadata_kind": "closure_packet", "evidence_ref": "e-4"},
            {"metadata_kind": "auditor_export", "evidence_ref": "e-5"},
            {"metadata_kind": "archive_health", "evidence_ref": "e-6"}]},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-signed-archive-manifest.v1",
          "manifest_id": "sam-1", "bundle_id": "frb-1", "signature_state": "external_signature_required",
          "signature": "", "signature_key_id": "", "release_record_ref": "",
          "signature_algorithm": "external-kms-or-private-signing-service",
          "manifest_hash": "\(String(repeating: "b", count: 64))"},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-release-closeout-summary.v1",
          "summary_id": "sum-1", "closeout_state": "closed", "blockers": [], "blocker_count": 0,
          "bundle_id": "frb-1", "manifest_id": "sam-1"},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-closeout-retention-review.v1",
          "review_id": "rev-1", "review_state": "pending", "requested_by": "alice", "summary_id": "sum-1",
          "retention_until": "2030-05-31T00:00:00+00:00", "legal_hold": true, "review_reason": "law"},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-closeout-retention-review-decision.v1",
          "decision_id": "dec-1", "review_id": "rev-1", "decision_state": "denied", "decided_by": "bob",
          "external_ref": "CHG-1", "notes": "no", "summary_id": "sum-1"},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-closeout-artifact-bundle.v1",
          "artifact_bundle_id": "ab-1", "retention_decision_state": "denied", "summary_id": "sum-1",
          "files": [{"path": "a.json", "media_type": "application/json", "content": {"b": [1, null], "a": "ä"},
            "sha256": "0e83f0ff69c9911ad80234bd6613b028d5929206384b25c59662cdcdf776d40b"}]},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-closeout-retention-health.v1",
          "health_id": "h-1", "alert_level": "healthy", "findings": [], "alert_count": 0},
         {"schema_version": "cavra.connector.delivery.v1", "session_id": "rcd-1",
          "connector_delivery_source": "x_closeout", "delivery_success": false,
          "providers": ["webhook", "slack"], "failed_providers": ["slack"], "attempt_count": 3},
         {"schema_version": "cavra.connector.delivery.v1", "session_id": "rcd-2",
          "connector_delivery_source": "x_closeout_retention_health_alert",
          "delivery_success": true, "providers": ["webhook"], "failed_providers": []},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-closeout-delivery-retry-plan.v1",
          "retry_plan_id": "p-1", "retry_decisions": [{"delivery_id": "rcd-1", "action": "suppress",
          "reason": "max_retry_attempts_reached", "attempts": 3}]},
         {"schema_version": "cavra.go-backend-pilot.rollback-drill-final-reporting-closeout-delivery-retry-worker-run.v1",
          "run_id": "run-1", "dry_run": true, "selected_retries": [], "schedule": {}}]
        """

    /// The file that the sample lists, as it lies beside it, and a folder.
    static let beside: [[UInt8]: FileBeside] = [
        Array("a.json".utf8): .contents(Array("a".utf8)),
        Array("folder".utf8): .unreadable("cannot read: it is a directory, not a regular file"),
    ]

    /// What a package comes to under the criteria of a final closeout.
    static func verify(
        _ text: String, beside: [[UInt8]: FileBeside] = beside,
        asOf: String = "2026-06-01T00:00:00Z"
    ) throws -> ImportResult {
        try ImportResult(
            CavraPackage(parsing: Array(text.utf8)), beside: beside,
            asOf: try #require(Instant(parsing: Array(asOf.utf8))),
            criteria: try Profile.finalCloseout.criteria())
    }

    /// A text in which one piece, which must be there once, is another.
    static func replacing(_ old: String, with new: String, in text: String = sample) throws
        -> String
    {
        let pieces = text.split(separator: old, omittingEmptySubsequences: false)
        try #require(pieces.count == 2, "\(old)")
        return pieces.joined(separator: new)
    }
}
