package import CloseoutEncodings
package import CloseoutManifests
package import CloseoutOpenSSL
package import CloseoutRecords

/// Everything that a verification found, and the verdict on it (docs/checks.md, "Report").
///
/// Text, JSON and the exit code are all derived from one such value.
package struct Report: Equatable, Sendable {
    /// What was verified.
    package enum Subject: String, Sendable {
        /// A bundle, a folder or packed.
        case bundle
        /// One file by its proof.
        case proof
    }

    /// What the seal says, once it could be read.
    package struct SealedRelease: Equatable, Sendable {
        /// The name and version.
        package let release: Release
        /// The digest of `seal.json`, which is the bundle's id.
        package let seal: SHA256Digest
        /// When it was sealed, as it says.
        package let created: Instant
        /// How many entries of which kind, and the bytes of the files.
        package let totals: ManifestTotals

        /// Takes over what a seal says.
        package init(_ seal: Seal, digest: SHA256Digest) {
            release = seal.release
            self.seal = digest
            created = seal.created
            totals = seal.totals
        }
    }

    /// The bundle or proof, in the order in which it was named.
    package let subject: Subject
    /// What the seal says; nil where it could not be read.
    package let release: SealedRelease?
    /// Every signature that was found, in log order.
    package let signatures: [SignatureLine]
    /// The state that the records of the bundle give; nil for a proof.
    package let evidence: EvidenceState?
    /// How many entries the log has; nil for a proof.
    package let logSize: Int?
    /// The verification time, and whether it was asked for.
    package let asOf: Instant
    /// Whether the instant was asked for.
    package let isAsOfGiven: Bool
    /// The digest of the trust policy's bytes; nil without one, and for `--key`.
    package let policy: SHA256Digest?
    /// What was not looked at although a bundle has it, in words for the first line.
    package let notLookedAt: [String]
    /// All checks, in the order of `CheckID`.
    package private(set) var findings: [Finding]
    /// The verdict on the integrity.
    package let integrity: Verdict
    /// The instants that time-stamps and witnesses prove, in log order of the proofs.
    package let provenTimes: [ProvenTime]
    /// What is reported about decisions on the release; nil where none was looked at.
    package private(set) var decision: DecisionPart?

    /// Puts a report together and decides its verdict.
    package init(
        subject: Subject, release: SealedRelease?, signatures: [SignatureLine],
        evidence: EvidenceState?, logSize: Int?,
        asOf: Instant, isAsOfGiven: Bool, policy: SHA256Digest?, notLookedAt: [String],
        findings: [Finding], provenTimes: [ProvenTime] = [], decision: DecisionPart? = nil
    ) {
        self.subject = subject
        self.release = release
        self.signatures = signatures
        self.evidence = evidence
        self.logSize = logSize
        self.asOf = asOf
        self.isAsOfGiven = isAsOfGiven
        self.policy = policy
        self.notLookedAt = notLookedAt
        self.findings = Self.inOrder(findings)
        self.provenTimes = provenTimes.sorted { $0.sequence < $1.sequence }
        self.decision = decision
        integrity = Verdict(
            on: findings.filter { !$0.id.isAboutDecisions },
            indispensable: subject == .bundle
                ? Verdict.indispensableForBundle : Verdict.indispensableForProof,
            reported: subject == .bundle ? Verdict.reportedForBundle : Verdict.reportedForProof)
    }

    /// The report with what is reported about decisions, and the findings of their recheck, none of
    /// which is about the integrity.
    package func adding(_ decision: DecisionPart, _ found: [Finding]) -> Report {
        var copy = self
        copy.decision = decision
        copy.findings = Self.inOrder(findings + found)
        return copy
    }

    /// The verdict of the first line and the exit code: that on the integrity, unless a
    /// recorded decision turns out worse.
    package var verdict: Verdict {
        let reported = findings.filter(\.id.isAboutDecisions)
        guard decision != nil || !reported.isEmpty, integrity != .failed else { return integrity }
        let decisions = Verdict(
            on: reported, indispensable: [], reported: Verdict.reportedForDecisions)
        return decisions == .verified ? integrity : decisions
    }

    /// The finding that keeps the verdict from being VERIFIED, the gravest one, or nil.
    package var gravest: Finding? {
        let required = findings.filter(\.isRequired)
        switch verdict {
        case .verified: return nil
        case .failed:
            let failed = required.filter { $0.status == .fail }
            // What a log names that cannot be read is wrong in all else too.
            return failed.first { $0.id == .logFormat } ?? failed.first
        case .incomplete:
            return required.filter { $0.status == .unknown }.min { Gap($0) < Gap($1) }
        }
    }

    private static func inOrder(_ findings: [Finding]) -> [Finding] {
        CheckID.allCases.flatMap { id in
            findings.indices.filter { findings[$0].id == id }.map { findings[$0] }
        }
    }
}

/// What a report says of one signature, on one line (docs/checks.md, "Signatures in a report").
package struct SignatureLine: Equatable, Sendable {
    /// Where the signature lies.
    package let path: String
    /// The format of the file.
    package let format: String
    /// What the signature calls its key, as it says.
    package let claimedKey: String?
    /// The policy's key that it verifies under, with that key's operator.
    package let key: String?
    /// Who answers for that key.
    package let `operator`: String?
    /// The algorithm of that key.
    package let algorithm: String?
    /// The roles that it counts for.
    package let roles: [String]
    /// When it was made at the latest, and what proves that.
    package let provenTime: Instant?
    /// What proves the time.
    package let provenBy: String?
    /// When the certificates end that prove the time; nil where none do.
    package let proofEnd: Instant?
    /// When its key or certificate ends, from when on only a proven time makes it count; nil where
    /// it does not end.
    package let keyEnd: Instant?
    /// From when on its key has ended by its owner's own word; nil where it does not say.
    package let keyOwnEnd: Instant?
    /// Whether it counts, and why or why not.
    package let counts: Bool
    /// Why it counts or does not.
    package let reason: String
    /// Words that came with it, and whether its key signed them; asserted.
    package let remark: String?
    /// The digest of the signature file; nil where it lies in no bundle.
    package let digest: SHA256Digest?
    /// The fingerprint of the policy's key that it verifies under; nil where there is none.
    package let fingerprint: SHA256Digest?

    /// Puts a line together.
    package init(
        path: String, format: String, claimedKey: String?, key: String?, operator: String?,
        algorithm: String?, roles: [String], provenTime: Instant?, provenBy: String?,
        proofEnd: Instant? = nil, keyEnd: Instant? = nil, keyOwnEnd: Instant? = nil,
        counts: Bool, reason: String, remark: String? = nil, digest: SHA256Digest? = nil,
        fingerprint: SHA256Digest? = nil
    ) {
        self.path = path
        self.format = format
        self.claimedKey = claimedKey
        self.key = key
        self.operator = `operator`
        self.algorithm = algorithm
        self.roles = roles
        self.provenTime = provenTime
        self.provenBy = provenBy
        self.proofEnd = proofEnd
        self.keyEnd = keyEnd
        self.keyOwnEnd = keyOwnEnd
        self.counts = counts
        self.reason = reason
        self.remark = remark
        self.digest = digest
        self.fingerprint = fingerprint
    }
}
