import CloseoutEncodings
import CloseoutRecords
import CloseoutWorkflows

/// Records of evidence, each with the words that a person would give.
extension TrialAction {
    /// Asks for retention until 400 days from now.
    static func retentionRequest(of bundle: String) -> TrialAction {
        retentionRequest(
            of: bundle, under: "release", until: "+400d", because: "audit of the release")
    }

    /// Asks to keep the session of an agent for longer.
    static let sessionRetention = retentionRequest(
        of: TrialNames.bundle, under: "agent-session", until: "+800d",
        because: "what the agent was asked and did")

    private static func retentionRequest(
        of bundle: String, under name: String, until end: String, because reason: String
    ) -> TrialAction {
        .silent(
            """
            closeout retention request \(bundle) --class \(name) \\
              --until {\(end)} --mode governance --reason '\(reason)' \\
              --key keys/product.pem
            """
        ) { desk in
            let request = RetentionRequest(
                retentionClass: name, until: try desk.instant(end), mode: .governance,
                reason: reason)
            desk.values["request of \(bundle)"] = try await desk.record(
                in: bundle, key: "keys/product"
            ) { session, terms async throws(WorkflowError) in
                try await session.requestRetention(request, terms)
            }.digest
        }
    }

    /// Approves the request; keeps the digests of the record as `approval` and of its signature.
    static func retentionApproval(
        of bundle: String, key: String = "keys/records", by name: String? = nil,
        anyway: Bool = false
    ) -> TrialAction {
        let by = name.map { " --by '\($0)'" } ?? ""
        let option = anyway ? " \\\n  --even-if-it-does-not-count" : ""
        return .silent("closeout retention approve \(bundle)\(by) --key \(key).pem\(option)") {
            desk in
            let recorded = try await desk.rule(
                .approved, on: bundle, key: key, by: name, anyway: anyway)
            desk.values["approval"] = recorded.digest
            desk.values["signature"] = recorded.signature
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
        try await $0.record(key: "keys/records") { session, terms async throws(WorkflowError) in
            try await session.placeHold(placement, terms)
        }
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
                let evidence = Array(try desk.value(evidence).utf8)
                desk.values[name] = try await desk.record(key: "keys/product") {
                    session, terms async throws(WorkflowError) in
                    try await session.proposeRisk(acceptance, evidence: [evidence], terms)
                }.digest
            },
            silent(
                "closeout risk accept \(TrialNames.bundle) {\(name):16} --key keys/security.pem"
            ) { desk in
                let proposal = Array(try desk.value(name).utf8)
                try await desk.record(key: "keys/security") {
                    session, terms async throws(WorkflowError) in
                    try await session.acceptRisk(named: proposal, terms)
                }
            },
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
            let recorded = try await desk.record(key: key, by: name) {
                session, terms async throws(WorkflowError) in
                try await session.addRecord(draft, terms)
            }
            if let kept { desk.values[kept] = recorded.digest }
        }
        .given(input)
    }
}

extension Desk {
    /// Writes a decision on the request for retention.
    fileprivate func rule(
        _ decision: Approval, on bundle: String, because reason: String? = nil, key: String,
        by name: String? = nil, anyway: Bool = false
    ) async throws -> Recorded {
        let ruling = RetentionDecision(decision, reason: reason, externalReference: nil)
        let request = Array(try value("request of \(bundle)").utf8)
        return try await record(in: bundle, key: key, by: name, anyway: anyway) {
            session, terms async throws(WorkflowError) in
            try await session.decideRetention(ruling, request: request, terms)
        }
    }
}
