import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The records of a bundle as a test tells them, one after the other.
struct Story {
    /// Who signed: an operator, the role of the key, and whether the signature counts.
    struct Hand {
        let name: String
        let role: Role
        var counts = true
    }

    private(set) var records: [SignedRecord] = []
    /// How many entries the log has: a record stands before its signatures.
    private var length = 0
    /// The texts of which there are attachments.
    var attachments: Set<String> = []
    /// How many operators the policy demands of a role.
    var thresholds: [Role: Int] = Dictionary(
        uniqueKeysWithValues: Role.signingRecords.map { ($0, 1) })

    /// Adds a record.
    ///
    /// - Returns: Its digest, for later records to link to.
    @discardableResult
    mutating func add(
        _ body: Record.Body, _ links: [(String, SHA256Digest)] = [], by hands: Hand...
    ) throws -> SHA256Digest {
        try add(body, links, makes: "\(records.count)", signed: hands)
    }

    /// Adds a record that somebody says to have made.
    @discardableResult
    mutating func add(
        _ body: Record.Body, _ links: [(String, SHA256Digest)] = [], makes maker: String?,
        by hands: Hand...
    ) throws -> SHA256Digest {
        try add(body, links, makes: maker, signed: hands)
    }

    private mutating func add(
        _ body: Record.Body, _ links: [(String, SHA256Digest)], makes maker: String?,
        signed hands: [Hand]
    ) throws -> SHA256Digest {
        let base = try record(body, by: maker)
        let written = Record(
            header: RecordHeader(
                releaseName: "p", releaseVersion: "1", seal: base.header.seal, at: base.header.at,
                by: base.header.by, visibility: base.header.visibility, salt: base.header.salt,
                links: links.map { RecordLink(kind: $0.0, digest: $0.1) }), body: body)
        _ = try Record(parsing: written.canonicalBytes)
        let digest = try written.id
        records.append(
            SignedRecord(
                digest: digest, sequence: length, record: written,
                signers: RecordSigners(
                    counted: [:], thresholds: thresholds, known: [:], entries: [])))
        length += 1
        try sign(digest, hands)
        return digest
    }

    /// Adds further signatures to a record.
    mutating func sign(_ digest: SHA256Digest, by hands: Hand...) throws {
        try sign(digest, hands)
    }

    private mutating func sign(_ digest: SHA256Digest, _ hands: [Hand]) throws {
        let index = try #require(records.firstIndex { $0.digest == digest })
        let old = records[index]
        var (counted, known) = (old.signers.counted, old.signers.known)
        let entries = length..<length + hands.count
        for (hand, entry) in zip(hands, entries) {
            if hand.counts {
                counted[hand.role, default: [:]].merge([hand.name: entry], uniquingKeysWith: min)
            }
            known.merge([hand.name: entry], uniquingKeysWith: min)
        }
        length += hands.count
        records[index] = SignedRecord(
            digest: digest, sequence: old.sequence, record: old.record,
            signers: RecordSigners(
                counted: counted, thresholds: thresholds, known: known,
                entries: old.signers.entries + entries))
    }

    /// What it comes to.
    func state(asOf: String = "2026-06-01T00:00:00Z") throws -> EvidenceState {
        EvidenceState(
            records, attachments: Set(try attachments.map(digest)), asOf: try at(asOf))
    }

    /// The same story, where some signatures no longer count.
    func without(_ isGone: (Int, Role, String) -> Bool) -> Story {
        changing { index, signers in
            var counted = signers.counted
            for role in Role.signingRecords {
                counted[role] = counted[role]?.filter { !isGone(index, role, $0.key) }
            }
            return RecordSigners(
                counted: counted, thresholds: signers.thresholds, known: signers.known,
                entries: signers.entries)
        }
    }

    /// The same story without one of its records.
    func without(record index: Int) -> Story {
        var story = self
        story.records.remove(at: index)
        return story
    }

    /// The same story, where all signatures of some records came at the end.
    func late(_ isLate: (Int) -> Bool) -> Story {
        changing { index, signers in
            guard isLate(index) else { return signers }
            return RecordSigners(
                counted: signers.counted.mapValues { $0.mapValues { $0 + length } },
                thresholds: signers.thresholds, known: signers.known.mapValues { $0 + length },
                entries: signers.entries.map { $0 + length })
        }
    }

    private func changing(_ signers: (Int, RecordSigners) -> RecordSigners) -> Story {
        var story = self
        story.records = records.enumerated().map { index, old in
            SignedRecord(
                digest: old.digest, sequence: old.sequence, record: old.record,
                signers: signers(index, old.signers))
        }
        return story
    }
}

// MARK: Bodies

func request(
    until: String? = "2033-06-30T23:59:59Z", mode: RetentionRequest.Mode? = nil
) throws -> Record.Body {
    .retentionRequest(
        RetentionRequest(
            retentionClass: "regulated", until: try until.map(at), mode: mode,
            basis: until == nil ? .init(event: "end", occurredAt: nil) : nil, reason: "r"))
}

func decision(_ approval: Approval) -> Record.Body {
    .retentionDecision(RetentionDecision(approval, reason: nil, externalReference: nil))
}

func placement(_ matter: String = "m") -> Record.Body {
    .legalHold(.place(.init(matter: matter, custodian: "c", reason: "r")))
}

func release(_ matter: String = "m") -> Record.Body {
    .legalHold(.release(.init(matter: matter, reason: "r")))
}

func acceptance(_ finding: String = "f", expires: String = "2026-12-31T23:59:59Z") throws
    -> Record.Body
{
    .riskAcceptance(
        .accept(
            .init(
                finding: finding, owner: "o", reason: "r", compensatingControl: "c",
                externalReference: "x", expires: try at(expires))))
}

let revocation = Record.Body.riskAcceptance(.revoke(.init(reason: "r")))

func run(_ mode: RetryRun.Mode) -> Record.Body {
    .retryRun(
        RetryRun(
            mode: mode,
            results: [.init(delivery: "d", outcome: mode == .live ? .delivered : .wouldSend)]))
}

func delivery(_ state: DeliveryRecord.State) throws -> Record.Body {
    .delivery(
        DeliveryRecord(
            delivery: "d", event: .closeout, route: "r", provider: "p", state: state,
            attempts: [
                .init(
                    at: try at("2026-05-02T00:00:00Z"),
                    outcome: state.isSettled ? .success : .transient, status: nil)
            ]))
}

func plan() throws -> Record.Body {
    .retryPlan(
        RetryPlan(entries: [
            .init(
                delivery: "d", action: .retry, owner: "o",
                resolveBy: try at("2026-05-02T00:00:00Z"), reason: "r")
        ]))
}
