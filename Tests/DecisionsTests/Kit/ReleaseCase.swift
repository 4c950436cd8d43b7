import CloseoutDecisions
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import Testing

/// A release as a verification found it, told record by record, and what is decided on it.
struct ReleaseCase {
    /// Who signed a record, in which role.
    struct Hand {
        let role: Role
        let name: String

        static let alice = [Hand(role: .requester, name: "alice")]
        static let bob = [Hand(role: .retention, name: "bob")]
        static let carol = [Hand(role: .delivery, name: "carol")]
        /// Owner and approver of a risk.
        static let risk = [
            Hand(role: .riskOwner, name: "alice"), Hand(role: .riskApprover, name: "bob"),
        ]
    }

    var records: [SignedRecord] = []
    /// How many entries the log has: a record stands before its signatures.
    private(set) var length = 4
    /// Whether the seal is signed for the archive.
    var isArchived = true
    /// Whether the shipped files were compared.
    var hasArtifacts = true
    /// Checks that did not pass.
    var spoiled: [CheckID: CheckStatus] = [:]
    var asOf = "2026-06-01T00:00:00Z"
    var sources = RetentionSources()
    var provenTimes: [ProvenTime] = []
    /// When the archive's key ends.
    var keyEnd: String?
    /// A proven time of the archive's signature, and when the certificates of the proof end.
    var proof: (time: String, end: String)?

    /// The digests of the attachments that are not empty; those that `showReadiness` links among them.
    var attachments: Set<SHA256Digest> = Set(
        Readiness.Evidence.allCases.compactMap { try? digest($0.rawValue) })

    /// The digest of the seal.
    static let seal: [UInt8] = [UInt8](repeating: 0xAA, count: 32)

    var seal: SHA256Digest { get throws { try #require(SHA256Digest(Self.seal)) } }

    /// Adds a record.
    ///
    /// - Returns: Its digest.
    @discardableResult
    mutating func add(
        _ body: Record.Body, _ links: [(String, SHA256Digest)] = [], at instant: String? = nil,
        by hands: [Hand] = []
    ) throws -> SHA256Digest {
        let visibility = body.kind.defaultVisibility
        let header = RecordHeader(
            releaseName: "payments", releaseVersion: "1.4.0", seal: try seal,
            at: try at(instant ?? "2026-05-02T00:00:00Z"), by: "\(records.count)",
            visibility: visibility,
            salt: visibility == .restricted ? [UInt8](repeating: 7, count: 32) : nil,
            links: links.map { RecordLink(kind: $0.0, digest: $0.1) })
        let record = try Record(
            parsing: Record(header: header, body: body).canonicalBytes)
        let digest = try record.id
        records.append(
            SignedRecord(
                digest: digest, sequence: length, record: record,
                signers: RecordSigners(
                    counted: [:],
                    thresholds: Dictionary(
                        uniqueKeysWithValues: Role.signingRecords.map { ($0, 1) }),
                    known: [:], entries: [])))
        length += 1
        try sign(digest, by: hands)
        return digest
    }

    /// Signs a record that is in the log.
    mutating func sign(_ digest: SHA256Digest, by hands: [Hand]) throws {
        let index = try #require(records.firstIndex { $0.digest == digest })
        let old = records[index]
        var (counted, known) = (old.signers.counted, old.signers.known)
        let entries = length..<length + hands.count
        for (hand, entry) in zip(hands, entries) {
            counted[hand.role, default: [:]].merge([hand.name: entry], uniquingKeysWith: min)
            known.merge([hand.name: entry], uniquingKeysWith: min)
        }
        length += hands.count
        records[index] = SignedRecord(
            digest: digest, sequence: old.sequence, record: old.record,
            signers: RecordSigners(
                counted: counted, thresholds: old.signers.thresholds, known: known,
                entries: old.signers.entries + entries))
    }

    /// What a verification would report.
    func report() throws -> Report {
        let created = try at("2026-05-01T00:00:00Z")
        let release = Report.SealedRelease(
            Seal(
                created: created, release: try Release(parsing: "payments@1.4.0"),
                manifestDigest: try seal, merkleRoot: try seal,
                totals: ManifestTotals()),
            digest: try seal)
        let findings = CheckID.allCases.filter { !$0.isAboutDecisions }.map { id in
            let isOut = id.family == "artifact" && !hasArtifacts
            return Finding(id, spoiled[id] ?? (isOut ? .notApplicable : .pass), "it", "is so")
        }
        let line = SignatureLine(
            path: "signatures/a", format: "dsse", claimedKey: nil, key: "archive",
            operator: "acme-archive", algorithm: "ed25519", roles: ["archive"],
            provenTime: try proof.map { try at($0.time) }, provenBy: proof.map { _ in "a stamp" },
            proofEnd: try proof.map { try at($0.end) }, keyEnd: try keyEnd.map { try at($0) },
            counts: true, reason: "it verifies", digest: try digest("signature"))
        return Report(
            subject: .bundle, release: release, signatures: isArchived ? [line] : [],
            evidence: EvidenceState(records, attachments: attachments, asOf: try at(asOf)),
            logSize: length,
            asOf: try at(asOf), isAsOfGiven: true, policy: try seal,
            notLookedAt: hasArtifacts ? [] : ["artifacts not looked at"], findings: findings,
            provenTimes: provenTimes)
    }

    /// How it stands with retention.
    func health() throws -> RetentionHealth {
        retentionHealth(
            try report(), log: LogPrefix(size: length, root: try seal), by: sources)
    }

    /// What is decided.
    func decision(_ criteria: Criteria? = nil) throws -> Decision {
        try decide(
            report(), health: health(), classes: sources.classes?.digest,
            criteria: criteria ?? Profile.finalCloseout.criteria())
    }

    /// What came of one criterion.
    func result(_ id: String, _ criteria: Criteria? = nil) throws -> CriterionResult {
        let decision = try decision(criteria)
        return try #require(decision.results.first { $0.id == id })
    }
}

/// An instant given as text.
func at(_ text: String) throws -> Instant {
    try #require(Instant(parsing: Array(text.utf8)))
}

/// The digest of a text, as that of some file.
func digest(_ text: String) throws -> SHA256Digest {
    try SHA256Digest.of(Array(text.utf8))
}
