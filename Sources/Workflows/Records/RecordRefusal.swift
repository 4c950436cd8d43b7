import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords

/// Refuses records that could never count for what they say; in a log that has one all the same, it
/// does not count, or speaks against the release (docs/records.md, "State").
struct RecordRefusal {
    let evidence: BundleEvidence
    /// The log with the record and all that is stored with it.
    let grown: BundleLog

    /// Confirms that a record can count.
    ///
    /// - Throws: `WorkflowError` that says why it cannot.
    func check(_ record: Record) throws {
        if case .readiness(let readiness) = record.body {
            for link in record.header.links {
                guard let kind = Readiness.Evidence(rawValue: link.kind) else { continue }
                try check(link.digest, shows: kind, readiness)
            }
        }
        if case .attachment = record.body {
            let named = record.header.links(AttachmentDescription.link)
            let entry = grown.entries.first { named.contains($0.digest) }
            guard entry?.kind == .attachment else {
                throw WorkflowError.refused(
                    .malformed, "an attachment record names no attachment",
                    hint: "link to a file that `closeout add` stored")
            }
        }
        guard let flaw = evidence.state.flaw(ofNew: record) else { return }
        throw WorkflowError.refused(
            .malformed, "a \(record.kind.name) record that could not count: \(flaw)",
            hint: hint(record))
    }

    /// A file shows something if it is an attachment, not empty, and shows nothing else.
    private func check(
        _ file: SHA256Digest, shows kind: Readiness.Evidence, _ readiness: Readiness
    ) throws {
        guard let entry = grown.entries.first(where: { $0.digest == file }) else { return }
        let name = "\(printable(entry.path)) cannot show \(kind.rawValue)"
        guard entry.kind == .attachment else {
            throw WorkflowError.refused(
                .malformed, "\(name): it is the bundle's \(entry.kind.rawValue), and no attachment",
                hint: "store the evidence with `closeout add`, and link to that")
        }
        guard entry.size > 0 else {
            throw WorkflowError.refused(
                .malformed, "\(name): it is empty", hint: "give the file that has the evidence")
        }
        let others = evidence.state.readiness.others(shownBy: file, than: kind)
        guard others.isEmpty || readiness.sharedBecause != nil else {
            throw WorkflowError.refused(
                .malformed,
                "\(name): it shows \(others.map(\.rawValue).joined(separator: ", ")) already, and a "
                    + "file shows one thing",
                hint: "give a file of its own, or say why one is enough: "
                    + "`closeout record readiness` with --shared-because TEXT")
        }
    }

    private func hint(_ record: Record) -> String {
        switch record.body {
        case .retryPlan(let plan):
            plan.isScheduled
                ? "`closeout retry plan` computes the schedule; docs/records.md, \"Schedule of a plan\", "
                    + "says how" : "make a plan for each of them"
        case .retryRun(let run) where run.mode == .live:
            "write a plan, have a dry run of it reviewed, and name that review in a live run of just "
                + "that; what was sent beyond it belongs into a delivery record"
        case .retryRun: "a dry run has `would_send` for each delivery that its plan retries"
        default: "docs/records.md, \"Deliveries and retries\", says what settles a delivery"
        }
    }
}
