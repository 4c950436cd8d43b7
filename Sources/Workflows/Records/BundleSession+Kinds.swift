import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
package import CloseoutRecords
import CloseoutVerification

// One function for each thing that a person records; what they have in common is `write`.

extension BundleSession {
    /// Records what a machine wrote down.
    ///
    /// - Parameters:
    ///   - draft: A record of any kind that is written by hand.
    ///   - supersedes: The records that it undoes or replaces, by path or digest.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func addRecord(
        _ draft: RecordDraft, supersedes: [[UInt8]] = [], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let canUndo = draft.body.content.linkRules.contains {
            $0.kind.utf8.elementsEqual(LinkRule.supersedes.utf8)
        }
        guard canUndo || supersedes.isEmpty else {
            throw .refused(
                .usage, "--supersedes is not for a record of the kind \(draft.body.kind.name)")
        }
        var draft = draft
        draft.links += try await evidence(terms.append).links(superseding: supersedes)
        return try await write(draft, terms)
    }
}

// MARK: Holds

extension BundleSession {
    /// Holds everything for a matter.
    package mutating func placeHold(
        _ placement: LegalHold.Placement, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        try await write(RecordDraft(body: .legalHold(.place(placement))), terms)
    }

    /// Ends a hold, which takes two operators: the second one signs what the first one wrote.
    ///
    /// - Parameters:
    ///   - matter: The name of the matter.
    ///   - reason: Why; needed by the first operator.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError` where nothing is held for the matter; nothing is stored then.
    package mutating func releaseHold(
        matter: String, reason: String?, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        let name = printable(matter)
        let hold = evidence.state.holds.first {
            $0.isHeld && $0.placement.matter.utf8.elementsEqual(matter.utf8)
        }
        guard let hold else {
            throw .refused(
                .usage, "nothing is held for \(name)",
                hint: "`closeout hold list \(shellQuoted(path))` lists what is")
        }
        if reason == nil, let release = hold.releases.last {
            return try await sign(release, evidence, terms)
        }
        guard let reason else {
            throw .refused(
                .usage, "nobody has begun to release \(name)", hint: "give --reason TEXT")
        }
        return try await write(
            RecordDraft(
                body: .legalHold(.release(LegalHold.Release(matter: matter, reason: reason))),
                links: [RecordLink(kind: LegalHold.link, digest: hold.record.digest)]), terms)
    }
}

// MARK: Risks

extension BundleSession {
    /// Proposes to accept a finding.
    ///
    /// - Parameters:
    ///   - acceptance: The finding, and what is said of it.
    ///   - evidence: The files of the bundle on which it rests, by path or digest; where there are none
    ///     they are found by the policy and the criteria.
    ///   - supersedes: The revocations that it undoes, by path or digest.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func proposeRisk(
        _ acceptance: RiskAcceptance.Acceptance, evidence: [[UInt8]] = [],
        supersedes: [[UInt8]] = [], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let present = try await self.evidence(terms.append)
        guard acceptance.expires >= terms.append.now else {
            throw .refused(
                .usage, "--expires \(acceptance.expires) is past, so that it would never count",
                hint: "give a later instant")
        }
        let undoing = try present.links(
            superseding: supersedes, undoing: present.state.revocations(of: acceptance.finding),
            "the acceptance of \(acceptance.finding) was revoked")
        var receipt = Receipt()
        let files: [SHA256Digest]
        if evidence.isEmpty {
            files = try await found(acceptance.finding, terms)
            receipt.note(
                "\(acceptance.finding) rests on "
                    + files.map(present.path).joined(separator: ", "))
        } else {
            files = try evidence.map { name throws(WorkflowError) in
                try present.entry(named: name).digest
            }
        }
        let links = files.map { RecordLink(kind: RiskAcceptance.evidence, digest: $0) }
        receipt.append(
            try await write(
                RecordDraft(body: .riskAcceptance(.accept(acceptance)), links: links + undoing),
                terms))
        return receipt
    }

    /// The evidence on which a finding rests now.
    private mutating func found(
        _ finding: String, _ terms: RecordTerms
    ) async throws(WorkflowError) -> [SHA256Digest] {
        do {
            if let risks = try await acceptedRisks(terms) { return try risks.evidence(of: finding) }
        } catch {
            throw WorkflowError(error)
        }
        throw .refused(
            .usage, "it does not say on which evidence the finding rests",
            hint: "give --evidence FILE for each, or --trust POLICY and --criteria FILE to "
                + "have it found")
    }

    /// Signs a proposed acceptance as the second person.
    ///
    /// - Parameters:
    ///   - name: The acceptance: its path or digest; nil for the only one that is proposed.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `signRecord`.
    /// - Throws: `WorkflowError` where it was revoked or has expired; nothing is stored then.
    package mutating func acceptRisk(
        named name: [UInt8]?, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        let state: AcceptanceState
        if let name {
            state = try evidence.acceptance(named: name)
        } else {
            state = try evidence.onlyProposal()
        }
        let path = evidence.path(of: state.record.digest)
        guard state.status != .revoked else {
            let revocations = evidence.state.revocations(of: state.acceptance.finding)
            throw .refused(
                .usage, "\(path) was revoked",
                hint: "propose it anew, with \(supersedesOptions(revocations))")
        }
        guard state.status != .expired else {
            throw .refused(
                .usage, "\(path) expired at \(state.acceptance.expires)",
                hint: "propose it anew, with a later --expires")
        }
        return try await sign(state.record, evidence, terms)
    }

    /// Ends an acceptance before its time.
    ///
    /// - Parameters:
    ///   - name: The acceptance: its path or digest.
    ///   - reason: Why.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func revokeRisk(
        named name: [UInt8], reason: String, _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let state = try await evidence(terms.append).acceptance(named: name)
        return try await write(
            RecordDraft(
                body: .riskAcceptance(.revoke(RiskAcceptance.Revocation(reason: reason))),
                links: [RecordLink(kind: RiskAcceptance.link, digest: state.record.digest)]),
            terms)
    }
}

// MARK: Retention

extension BundleSession {
    /// Asks for the evidence to be kept until an instant.
    package mutating func requestRetention(
        _ request: RetentionRequest, supersedes: [[UInt8]] = [], _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let links = try await evidence(terms.append).links(superseding: supersedes)
        return try await write(
            RecordDraft(body: .retentionRequest(request), links: links), terms)
    }

    /// Approves or denies a request for retention.
    ///
    /// - Parameters:
    ///   - decision: What is decided, and why.
    ///   - request: The request: its path or digest; needed where there are several.
    ///   - supersedes: The denials that it undoes, by path or digest.
    ///   - terms: Who signs, by which policy.
    /// - Returns: As `write`.
    /// - Throws: `WorkflowError`; nothing is stored then.
    package mutating func decideRetention(
        _ decision: RetentionDecision, request: [UInt8]? = nil, supersedes: [[UInt8]] = [],
        _ terms: RecordTerms
    ) async throws(WorkflowError) -> Receipt {
        let evidence = try await evidence(terms.append)
        let item = try evidence.retentionRequest(named: request, bundle: path)
        let undoing = try evidence.links(
            superseding: supersedes,
            undoing: decision.decision == .approved ? item.ruling.denials : [],
            named: item.record.header.links(LinkRule.supersedes), "the request was denied")
        return try await write(
            RecordDraft(
                body: .retentionDecision(decision),
                links: undoing
                    + [RecordLink(kind: RetentionDecision.link, digest: item.record.digest)]),
            terms)
    }
}

extension BundleEvidence {
    /// The acceptance that a person names.
    ///
    /// - Throws: `WorkflowError` where it is none.
    func acceptance(named name: [UInt8]) throws(WorkflowError) -> AcceptanceState {
        let record = try record(named: name)
        guard let found = state.acceptances.first(where: { $0.record.digest == record.digest })
        else {
            throw .refused(
                .usage, "\(path(of: record.digest)) accepts no risk",
                hint: "`closeout risk list BUNDLE` lists the records that do")
        }
        return found
    }

    /// The acceptance that waits for a signature, where there is one.
    ///
    /// - Throws: `WorkflowError` where there is none, or several of which one must be named.
    fileprivate func onlyProposal() throws(WorkflowError) -> AcceptanceState {
        let proposed = state.acceptances.filter { $0.status == .proposed }
        guard let first = proposed.first else {
            throw .refused(
                .usage, "no proposed acceptance waits for a signature",
                hint: "`closeout risk propose BUNDLE` proposes one")
        }
        guard proposed.count == 1 else {
            throw .refused(
                .usage, "\(proposed.count) acceptances are proposed, and none is named",
                hint: "name one of "
                    + proposed.map { path(of: $0.record.digest) }.joined(separator: ", "))
        }
        return first
    }

    /// The request for retention that was named, or the only one.
    func retentionRequest(
        named name: [UInt8]?, bundle: [UInt8]
    ) throws(WorkflowError) -> RetentionState.Item {
        let items = state.retention.items
        if let name {
            let record = try record(named: name)
            guard let item = items.first(where: { $0.record.digest == record.digest }) else {
                throw .refused(
                    .usage, "\(path(of: record.digest)) is no request for retention")
            }
            return item
        }
        guard let item = items.first else {
            throw .refused(
                .usage, "nobody has asked for retention",
                hint: "closeout retention request \(shellQuoted(bundle)) --class NAME "
                    + "--until INSTANT --reason TEXT --key KEY")
        }
        guard items.count == 1 else {
            let requests = items.map {
                "\($0.record.digest.hex) (\($0.record.signed.record.summary))"
            }
            throw .refused(
                .usage, "there are \(items.count) requests: " + requests.joined(separator: ", "),
                hint: "name one with --request RECORD")
        }
        return item
    }

    /// The links to records that a new one undoes or replaces.
    func links(superseding names: [[UInt8]]) throws(WorkflowError) -> [RecordLink] {
        try names.map { name throws(WorkflowError) in
            RecordLink(kind: LinkRule.supersedes, digest: try record(named: name).digest)
        }
    }

    /// The same for a record that says yes, which must undo every no that counts.
    ///
    /// - Parameters:
    ///   - names: What it undoes.
    ///   - denials: What counts against it.
    ///   - named: What is undone already.
    ///   - words: What has happened, such as "the request was denied".
    /// - Returns: The links.
    /// - Throws: `WorkflowError` that names all that counts against it, where not all is undone.
    func links(
        superseding names: [[UInt8]], undoing denials: [SHA256Digest],
        named: [SHA256Digest] = [], _ words: String
    ) throws(WorkflowError) -> [RecordLink] {
        let links = try links(superseding: names)
        guard Set(links.map(\.digest) + named).isSuperset(of: denials) else {
            throw .refused(
                .usage, "\(words) by \(denials.map(path).joined(separator: ", "))",
                hint: "\(supersedesOptions(denials)) undoes that")
        }
        return links
    }
}
