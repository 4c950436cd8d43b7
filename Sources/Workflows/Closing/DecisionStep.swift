import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification

/// What `close` appends to a bundle, in this order: the checkpoint that others vouched for, the policy
/// with its key files, criteria, retention classes and observations, the computed records, and the
/// signed decision.
struct DecisionStep {
    let checked: RecheckedBundle
    let criteria: Criteria
    let policy: TrustPolicy
    /// The files of retention classes and observations that were given.
    let files: [GivenDocument]
    let signer: EnvelopeSigner
    let by: String?
    let now: Instant

    private var report: Report { checked.report }
    private var sources: RetentionSources { checked.sources }

    /// Adds everything.
    ///
    /// - Parameters:
    ///   - appending: What it is added to.
    ///   - receipt: Takes a warning where the name of a file is not kept.
    /// - Returns: What was decided, and the digest of the record.
    /// - Throws: `WorkflowError` where the log has grown since it was verified, or the policy does
    ///   not let the key decide.
    func append(
        to appending: inout BundleAppending, _ receipt: inout Receipt
    ) async throws -> (Decision, SHA256Digest) {
        guard appending.log.leaves == checked.inspection.contents.log.leaves else {
            throw WorkflowError.refused(
                .inputOutput, "the log has changed while the bundle was verified",
                hint: "run it again")
        }
        try appending.keepCheckpoint(at: now)
        try attachPolicy(to: &appending)
        try attach(criteria.bytes, to: &appending)
        for file in files { _ = try appending.add(file, by: by, at: now, &receipt) }

        let log = try prefix(of: appending)
        let health = retentionHealth(report, log: log, by: sources)
        let decision = decide(
            report, health: health, classes: sources.classes?.digest, criteria: criteria,
            content: checked.content)
        let left = CloseoutSummary(
            of: decision.recorded, asOf: decision.asOf, try appending.grownLog(), first: log)
        let summary = try add(
            .closeoutSummary(left),
            (report.evidence?.readiness.records ?? []).prefix(LinkRule.mostLinks).map {
                RecordLink(kind: CloseoutSummary.readiness, digest: $0)
            }, to: &appending)
        let healthRecord = try add(.retentionHealth(health), sourceLinks, to: &appending)
        let computed = [
            RecordLink(kind: ReleaseDecision.summary, digest: summary),
            RecordLink(kind: ReleaseDecision.health, digest: healthRecord),
        ]
        let bundle = try addBundle(computed, to: &appending)
        let digest = try await sign(
            decision, computed + bundle + superseded, to: &appending)
        return (decision, digest)
    }

    /// What the retention-health rests on: the observations, and the table of classes.
    private var sourceLinks: [RecordLink] {
        sources.observations.map {
            RecordLink(kind: RetentionFiles.observationsLink, digest: $0.digest)
        }
            + (sources.classes.map {
                [RecordLink(kind: RetentionFiles.classesLink, digest: $0.digest)]
            } ?? [])
    }

    /// Refuses to write a decision that a recheck would not confirm.
    ///
    /// - Returns: All decisions of the bundle with it.
    /// - Throws: `WorkflowError` that says what it would find.
    func demandRecomputed(
        _ decision: SHA256Digest, in grown: BundleContents
    ) async throws -> [RecordedDecision] {
        var added: [SHA256Digest: [UInt8]] = [:]
        for bytes in files.map(\.bytes) + [criteria.bytes] {
            added[try SHA256Digest.of(bytes)] = bytes
        }
        let report = try await checked.rechecked(grown, with: added)
        let wrong = report.findings.first { $0.id.isAboutDecisions && $0.status == .fail }
        let recorded = report.decision?.recorded.first { $0.digest == decision }
        guard wrong == nil, recorded?.status == .pass else {
            throw WorkflowError.refused(
                .usage,
                "`verify` would not confirm the decision: "
                    + (wrong?.reason ?? recorded?.reason ?? "it is not found"),
                hint: "give no --as-of; attach what --crl gives, if the decision needs it; "
                    + "`closeout decide` decides as of any instant")
        }
        return report.decision?.recorded ?? []
    }

    /// The list of all files so far; it is left out where it would be larger than a record may be.
    private func addBundle(
        _ computed: [RecordLink], to appending: inout BundleAppending
    ) throws -> [RecordLink] {
        let body = ArtifactBundle(try appending.grownLog(), first: try prefix(of: appending))
        let record = try record(.artifactBundle(body), computed)
        guard record.canonicalBytes.count <= BundleLimits.record else { return [] }
        let digest = try appending.add(record, at: now).digest
        return [RecordLink(kind: ReleaseDecision.bundle, digest: digest)]
    }

    /// The decisions that this one takes the place of.
    private var superseded: [RecordLink] {
        (report.evidence?.decisions.suffix(1) ?? []).map {
            RecordLink(kind: LinkRule.supersedes, digest: $0.digest)
        }
    }

    /// Adds the decision behind its signature.
    private func sign(
        _ decision: Decision, _ links: [RecordLink], to appending: inout BundleAppending
    ) async throws -> SHA256Digest {
        let body = ReleaseDecision(
            outcome: decision.outcome, log: try prefix(of: appending), criteria: criteria.digest,
            policy: policy.digest, asOf: decision.asOf, usedArtifacts: decision.usedArtifacts,
            results: decision.recorded)
        let record = try record(.decision(body), links)
        let bytes = record.canonicalBytes
        let signature = try await signer.envelope(of: .record(bytes))
        let verifier = SignatureVerifier(
            policy: policy, asOf: now, release: report.release?.release.name)
        let checked = try verifier.verify(signature, as: .dsse, over: .record(bytes))
        guard verifier.signers([(0, checked)]).counted[.decider]?.isEmpty == false else {
            throw WorkflowError.refused(
                .failed, "the policy does not let this key decide on the release",
                hint: "the role is decider: `closeout trust add` gives it to a key")
        }
        _ = try appending.add(
            NewFile(kind: .signature, mediaType: .signature(.dsse), bytes: signature), at: now)
        return try appending.add(record, at: now).digest
    }

    /// Adds the policy and the key files that it names, by which the decision can be recomputed once
    /// there is another policy.
    private func attachPolicy(to appending: inout BundleAppending) throws {
        do {
            try attach(policy.bytes, to: &appending)
            for file in policy.keyFiles { try attach(file, as: .octets, to: &appending) }
        } catch BundleError.privateKey {
            throw WorkflowError.refused(
                .malformed, "the policy or a key file of it holds a private key",
                hint: "keep public keys alone there; `close` stores both in the bundle")
        }
    }

    private func attach(
        _ bytes: [UInt8], as type: MediaType = .attachment(named: Array("x.json".utf8)),
        to appending: inout BundleAppending
    ) throws {
        _ = try appending.add(
            NewFile(kind: .attachment, mediaType: type, content: .bytes(bytes)), at: now)
    }

    private func add(
        _ body: Record.Body, _ links: [RecordLink], to appending: inout BundleAppending
    ) throws -> SHA256Digest {
        try appending.add(try record(body, links), at: now).digest
    }

    /// The record with its header, as it will be read back.
    private func record(_ body: Record.Body, _ links: [RecordLink]) throws -> Record {
        guard let release = report.release else {
            throw WorkflowError.refused(.malformed, "the bundle has no seal that can be read")
        }
        // Findings about copies name them as their provider does.
        let namesCopies = body.kind == .retentionHealth && !sources.isWithoutCopies
        let visibility = namesCopies ? .restricted : Record.visibility(of: body, by: by)
        let header = try RecordHeader.new(
            release.release, seal: release.seal, at: now, by: by, visibility, links: links)
        return try Record(header: header, body: body).readBack()
    }

    private func prefix(of appending: borrowing BundleAppending) throws -> LogPrefix {
        let checkpoint = try appending.checkpoint()
        return LogPrefix(size: Int(checkpoint.size), root: checkpoint.root)
    }
}
