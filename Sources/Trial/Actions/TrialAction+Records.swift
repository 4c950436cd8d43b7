import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

/// Records of evidence, each with the words that a person would give.
extension TrialAction {
    /// Asks for retention until 400 days from now.
    static func retentionRequest(of bundle: String) -> TrialAction {
        .silent(
            """
            closeout retention request \(bundle) --class release \\
              --until {+400d} --mode governance --reason 'audit of the release' \\
              --key keys/product.pem
            """
        ) { desk in
            let request = RetentionRequest(
                retentionClass: "release", until: try desk.instant("+400d"), mode: .governance,
                reason: "audit of the release")
            desk.values["request of \(bundle)"] = try await desk.write(
                RecordDraft(body: .retentionRequest(request)), to: bundle, key: "keys/product"
            ).record
        }
    }

    /// Approves the request; keeps the digests of the record as `approval` and of its signature.
    static func retentionApproval(
        of bundle: String, key: String = "keys/records", by name: String? = nil
    ) -> TrialAction {
        let by = name.map { " --by '\($0)'" } ?? ""
        return .silent("closeout retention approve \(bundle)\(by) --key \(key).pem") { desk in
            let written = try await desk.rule(.approved, on: bundle, key: key, by: name)
            desk.values["approval"] = written.record
            desk.values["signature"] = written.signature
        }
    }

    /// Denies the request.
    static let retentionDenial = silent(
        """
        closeout retention deny \(TrialNames.bundle) \\
          --reason 'the class is too short' --key keys/records.pem
        """
    ) {
        _ = try await $0.rule(
            .denied, on: TrialNames.bundle, because: "the class is too short", key: "keys/records")
    }

    /// Holds everything for a matter.
    static let hold = silent(
        """
        closeout hold place \(TrialNames.bundle) --matter case-12 --custodian 'legal desk' \\
          --reason 'a claim about payments' --key keys/records.pem
        """
    ) {
        let placement = LegalHold.Placement(
            matter: "case-12", custodian: "legal desk", reason: "a claim about payments")
        try await $0.write(RecordDraft(body: .legalHold(.place(placement))), key: "keys/records")
    }

    /// Proposes to accept what the store reports, and accepts it.
    static let findingAcceptance = acceptance(
        of: "{finding}", because: "observations", "RISK-17",
        reason: "the store reads it again on Sunday", control: "a second copy was read yesterday",
        as: "acceptance")

    /// Proposes to accept the delivery that failed, and accepts it.
    static let failureAcceptance = acceptance(
        of: "C4", because: "failed", "RISK-18", reason: "the desk was down",
        control: "the desk was told by telephone", as: "failure")

    private static func acceptance(
        of finding: String, because evidence: String, _ reference: String, reason: String,
        control: String, as name: String
    ) -> [TrialAction] {
        [
            silent(
                """
                closeout risk propose \(TrialNames.bundle) \\
                  --finding \(finding) \\
                  --evidence {\(evidence):16} --owner 'Ada Example, product team' \\
                  --reason '\(reason)' \\
                  --control '\(control)' --reference \(reference) \\
                  --expires {+30d} --key keys/product.pem
                """
            ) { desk in
                let acceptance = RiskAcceptance.Acceptance(
                    finding: desk.filled(finding), owner: "Ada Example, product team",
                    reason: reason, compensatingControl: control, externalReference: reference,
                    expires: try desk.instant("+30d"), resolveBy: nil)
                let link = RecordLink(
                    kind: RiskAcceptance.evidence, digest: try desk.digest(evidence))
                desk.values[name] = try await desk.write(
                    RecordDraft(body: .riskAcceptance(.accept(acceptance)), links: [link]),
                    key: "keys/product"
                ).record
            },
            silent(
                "closeout risk accept \(TrialNames.bundle) {\(name):16} --key keys/security.pem"
            ) { try await $0.countersign($0.digest(name), with: "keys/security") },
        ]
    }

    /// Records what a file says that a machine wrote; the digest of the record can be kept.
    static func record(
        _ input: TrialInput, by name: String? = nil, key: String? = nil, as kept: String? = nil
    ) -> TrialAction {
        let options =
            (name.map { " --by \($0.contains(" ") ? "'\($0)'" : $0)" } ?? "")
            + (key.map { " --key \($0).pem" } ?? "")
        return .silent(
            "closeout record add \(TrialNames.bundle) --file \(input.path)\(options)"
        ) { desk in
            let draft = try RecordDraft(parsing: desk.read(input.path))
            let record = try await desk.write(draft, key: key, by: name).record
            if let kept { desk.values[kept] = record }
        }
        .given(input)
    }
}

extension Desk {
    /// Writes a decision on the request for retention.
    fileprivate func rule(
        _ decision: Approval, on bundle: String, because reason: String? = nil, key: String,
        by name: String? = nil
    ) async throws -> (record: String, signature: String?) {
        let body = Record.Body.retentionDecision(
            RetentionDecision(decision, reason: reason, externalReference: nil))
        let link = RecordLink(
            kind: RetentionDecision.link, digest: try digest("request of \(bundle)"))
        return try await write(
            RecordDraft(body: body, links: [link]), to: bundle, key: key, by: name)
    }
}
