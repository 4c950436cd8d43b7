import CloseoutEncodings
import CloseoutRecords

// The sections of a package that are about deliveries and the decision (docs/import.md,
// "Sections").

/// What was sent, and where.
struct CavraDelivery: CavraSection {
    /// One delivery over one route.
    struct Item {
        let id: String
        let route: String
        let provider: String
        /// Whether it is said to have arrived; nil where that is not said.
        let succeeded: Bool?
        /// The word for that.
        let state: String
    }

    let items: [Item]

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let id = try reader.text("alert_id", "session_id", "plan_id") ?? unnamed
        let success = try reader.flag("delivery_success")
        let failed = try reader.texts("failed_providers")
        var names: [String] = []
        var items: [Item] = []
        let providers = try reader.list("providers")
        for item in providers {
            guard case .object = item.value else {
                guard let name = try item.foreignText() else { throw item.invalid("empty") }
                names.append(name)
                continue
            }
            items.append(try Item(item, of: id, isAlone: providers.count == 1))
        }
        if !names.isEmpty {
            let succeeded = failed.isEmpty ? success : false
            items.append(
                Item(
                    id: id, route: names.joined(separator: "+"),
                    provider: names.joined(separator: "+"), succeeded: succeeded,
                    state: succeeded.map { $0 ? "delivered" : "failed" } ?? "unknown"))
        }
        self.items = items
        reader.skip([
            "metadata_kind", "connector_delivery_source", "event_id", "event_type",
            "attempt_count", "max_attempt_count", "status_codes", "result", "summary_id",
            "bundle_id", "manifest_id", "health_id", "plan_hash", "alert_level",
            "requested_provider", "selected_providers", "acknowledgement_required_providers",
            "force", "summary", "findings", "created_at", "signer",
        ])
    }
}

extension CavraDelivery.Item {
    fileprivate init(
        _ item: JSONItem, of delivery: String, isAlone: Bool
    ) throws(JSONShapeError) {
        var reader = try item.object()
        provider = try reader.text("provider") ?? unnamed
        route = try reader.text("route") ?? provider
        state = try reader.text("delivery_state") ?? "unknown"
        id = isAlone ? delivery : "\(delivery):\(route)"
        succeeded = Self.success(state)
    }

    /// What a word for the state of a delivery says.
    static func success(_ state: String) -> Bool? {
        switch state {
        case "delivered", "success": true
        case "failed", "failure", "partial_failure": false
        default: nil
        }
    }
}

/// What is to be done about failed deliveries.
struct CavraRetryPlan: CavraSection {
    /// One delivery of the plan.
    struct Entry {
        let delivery: String
        let action: String
        let owner: String?
        let resolveBy: ForeignTime?
        let reason: String?
    }

    let mode: String?
    let entries: [Entry]

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let actions = RetryPlan.Action.allCases.map(\.rawValue)
        mode = try reader.text("mode")
        var entries: [Entry] = []
        if let delivery = try reader.text("source_delivery_id") {
            entries.append(
                Entry(
                    delivery: delivery, action: try reader.word(actions, "decision") ?? "wait",
                    owner: try reader.text("owner"),
                    resolveBy: try reader.time("target_resolution_date"), reason: mode))
        }
        for item in try reader.list("retry_decisions") {
            var entry = try item.object()
            guard let delivery = try entry.text("delivery_id") else {
                throw item.invalid("has no delivery_id")
            }
            guard !entries.contains(where: { $0.delivery.utf8.elementsEqual(delivery.utf8) }) else {
                throw item.invalid("names a delivery that another names")
            }
            entries.append(
                Entry(
                    delivery: delivery, action: try entry.word(actions, "action") ?? "wait",
                    owner: try entry.text("owner"),
                    resolveBy: try entry.time("target_resolution_date"),
                    reason: try entry.text("reason")))
        }
        self.entries = entries
        reader.skip([
            "retry_plan_id", "retry_hash", "failed_count", "retryable_count", "waiting_count",
            "suppressed_count", "max_retry_attempts", "retry_delay_minutes",
            "allow_immediate_retry", "policy", "summary",
        ])
    }
}

/// What was done about them, or would have been.
struct CavraRetryRun: CavraSection {
    let isDryRun: Bool?
    /// Whether something is said to have been sent.
    let isLive: Bool
    let state: String?
    let deliveries: [String]
    let reviewer: String?

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let mode = try reader.word(["dry_run", "live"], "mode")
        let flag = try reader.flag("dry_run")
        isDryRun = flag ?? mode.map { $0 == "dry_run" }
        isLive = try reader.flag("live_connector_used") ?? false || isDryRun == false
        state = try reader.text("state")
        reviewer = try reader.text("reviewed_by")
        var deliveries = try reader.texts("would_retry_delivery_ids")
        for item in try reader.list("selected_retries") {
            var entry = try item.object()
            guard let delivery = try entry.text("delivery_id") else {
                throw item.invalid("has no delivery_id")
            }
            deliveries.append(delivery)
        }
        self.deliveries = deliveries
        reader.skip([
            "worker_run_id", "run_id", "schedule", "summary", "retry_plan", "would_retry_count",
        ])
    }
}

/// What is said to have been decided on the release.
struct CavraDecision: CavraSection {
    /// The risk that is said to be accepted.
    struct Acceptance {
        let place: String
        let finding: String?
        let owner: String?
        let reason: String?
        let reference: String?
        let release: String?
        let control: String?
        let evidence: [String]
        let expires: ForeignTime?
    }

    let criteria: String?
    let outcome: String?
    let acceptance: Acceptance?

    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        criteria = try reader.text("criteria_document")
        outcome = try reader.word(ReleaseOutcome.allCases.map(\.rawValue), "state")
        guard let item = try reader.field(["accepted_risk"]) else {
            acceptance = nil
            return
        }
        var risk = try item.object()
        acceptance = Acceptance(
            place: item.place, finding: try risk.text("finding_id"),
            owner: try risk.text("owner"), reason: try risk.text("reason"),
            reference: try risk.text("external_reference", "external_ref"),
            release: try risk.text("affected_release", "release_id", "release_record_ref"),
            control: try risk.text("compensating_control"),
            evidence: try risk.texts("evidence_refs"), expires: try risk.time("expires_at"))
    }
}

/// The text for a name that CAVRA does not give.
let unnamed = "unnamed"
