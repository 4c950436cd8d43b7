package import CloseoutEncodings
package import CloseoutOpenSSL

/// The state of the records of one bundle at an instant (docs/records.md, "State").
///
/// A pure function of the records, the results of their signatures, and the verification time. What speaks against
/// the release takes effect by being in the log, at its own entry; what speaks for it needs its
/// signatures, and takes effect where they are complete. So nothing improves by a record that is
/// lost, a signature that comes late, a key that ends or time that passes.
package struct EvidenceState: Equatable, Sendable {
    /// All records with their status, in log order.
    package private(set) var records: [ResolvedRecord] = []
    /// What shows that the release is ready.
    package private(set) var readiness = ReadinessState()
    /// What the attachments were called where they came from.
    package private(set) var names = AttachmentNames()
    /// The requests for retention, and what was decided on them.
    package private(set) var retention = RetentionState()
    /// The legal holds, in log order.
    package private(set) var holds: [HoldState] = []
    /// The acceptances of risks, in log order.
    package private(set) var acceptances: [AcceptanceState] = []
    /// The deliveries.
    package private(set) var deliveries = DeliveryState()
    /// The plans, runs and reviews of retries.
    package private(set) var retries = RetryState()
    /// The decisions on the release, in log order.
    package private(set) var decisions: [ResolvedRecord] = []
    /// What is wrong with single records without making the bundle wrong, as the log says.
    package private(set) var issues: [EvidenceIssue] = []
    /// The verification time.
    package let asOf: Instant
    /// The digests of the attachments that are not empty: what a readiness record can show.
    package let attachments: Set<SHA256Digest>

    private(set) var resolver = StatusResolver()
    private var holdPlaces: [SHA256Digest: Int] = [:]
    private var acceptancePlaces: [SHA256Digest: Int] = [:]
    private var revocations: [[UInt8]: Set<SHA256Digest>] = [:]

    /// Takes in the records of a log.
    ///
    /// - Parameters:
    ///   - records: The records that belong to this bundle, in log order.
    ///   - attachments: The digests of the attachments of its log that are not empty.
    ///   - asOf: The verification time.
    package init(
        _ records: [SignedRecord], attachments: Set<SHA256Digest> = [], asOf: Instant
    ) {
        self.asOf = asOf
        self.attachments = attachments
        for record in records { self.records.append(resolver.add(record)) }
        let entries = self.records.map(\.signed.sequence) + self.records.map(\.completed)
        for (index, _) in entries.enumerated().sorted(by: { ($0.1, $0.0) < ($1.1, $1.0) }) {
            if index < records.count {
                add(self.records[index])
            } else {
                complete(self.records[index - records.count])
            }
        }
        for index in acceptances.indices { acceptances[index].verify(asOf: asOf) }
    }

    /// Whether anything is held.
    package var isHeld: Bool { holds.contains(where: \.isHeld) }

    /// Whether a hold that counts keeps what the date of the retention no longer keeps.
    package var isProtected: Bool { holds.contains(where: \.protects) }

    /// The record of this digest.
    package func record(_ digest: SHA256Digest) -> ResolvedRecord? { resolver[digest] }

    /// The digests of the revocations of acceptances of a finding, ascending.
    package func revocations(of finding: String) -> [SHA256Digest] {
        revocations[Array(finding.utf8), default: []].sorted()
    }

    /// Takes in what a record does by being in the log.
    private mutating func add(_ record: ResolvedRecord) {
        if case .asserted(let shortfall) = record.status {
            issues.append(EvidenceIssue(record, shortfall))
        }
        switch record.body {
        case .readiness(let readiness): self.readiness.add(readiness, record, attachments)
        case .retentionRequest(let request):
            issues += [retention.add(request, record)].compactMap(\.self)
        case .retentionDecision(let decision): issues += retention.add(decision, record)
        case .legalHold(let hold): add(hold, record)
        case .riskAcceptance(let acceptance): add(acceptance, record)
        case .delivery(let delivery): deliveries.add(delivery, record)
        case .retryPlan(let plan): note(retries.add(plan, record, deliveries), record)
        case .retryRun(let run): note(retries.add(run, record, deliveries), record)
        case .retryReview(let review): note(retries.add(review, record), record)
        case .decision: decisions.append(record)
        case .attachment(let description): names.add(description, record)
        case .archiveSignature, .closeoutSummary, .retentionHealth, .artifactBundle: break
        }
    }

    /// Takes in what a record does where its signatures are complete, or the last of them is.
    private mutating func complete(_ record: ResolvedRecord) {
        switch record.body {
        case .retentionDecision(let decision):
            issues += [retention.complete(decision, record)].compactMap(\.self)
        case .riskAcceptance(.accept(let acceptance)) where record.status.counts:
            checkRevocations(of: acceptance, record)
        case .retryReview where record.status.counts: retries.approve(by: record)
        default: break
        }
    }

    private mutating func add(_ hold: LegalHold, _ record: ResolvedRecord) {
        switch hold {
        case .place(let placement):
            holdPlaces[record.digest] = holds.count
            holds.append(HoldState(placement, record))
        case .release:
            let placement = record.header.links(LegalHold.link).first
            guard let index = placement.flatMap({ holdPlaces[$0] }) else { return }
            holds[index].add(release: record)
        }
    }

    private mutating func add(_ risk: RiskAcceptance, _ record: ResolvedRecord) {
        switch risk {
        case .accept(let acceptance):
            acceptancePlaces[record.digest] = acceptances.count
            acceptances.append(AcceptanceState(acceptance, record))
            checkRevocations(of: acceptance, record)
        case .revoke:
            let ended = record.header.links(RiskAcceptance.link).first
            guard let index = ended.flatMap({ acceptancePlaces[$0] }) else { return }
            acceptances[index].revoke()
            let finding = Array(acceptances[index].acceptance.finding.utf8)
            revocations[finding, default: []].insert(record.digest)
        }
    }

    /// An acceptance names every revocation for its finding that is there already.
    private mutating func checkRevocations(
        of acceptance: RiskAcceptance.Acceptance, _ record: ResolvedRecord
    ) {
        let named = Set(record.header.links(LinkRule.supersedes))
        // Stops at the first revocation that is not named, however many there are.
        guard let index = acceptancePlaces[record.digest], !acceptances[index].isRevoked,
            !named.isSuperset(of: revocations[Array(acceptance.finding.utf8)] ?? [])
        else { return }
        acceptances[index].revoke()
        note(.notUndone("the finding's acceptance was revoked, and it does not name that"), record)
    }

    private mutating func note(_ problem: EvidenceIssue.Problem?, _ record: ResolvedRecord) {
        guard let problem else { return }
        issues.append(EvidenceIssue(record: record.digest, problem: problem))
    }

    package static func == (left: EvidenceState, right: EvidenceState) -> Bool {
        left.records == right.records && left.asOf == right.asOf
            && left.attachments == right.attachments
    }
}

extension EvidenceState {
    /// Why a record of a delivery, a plan or a run could never count for what it says, were it the next of the
    /// log; nil where it could, and for other kinds.
    ///
    /// Commands refuse such a record; in a log that has it, it speaks against the release.
    package func flaw(ofNew record: Record) -> String? {
        switch record.body {
        case .delivery(let delivery): deliveries.flaw(of: delivery, record.header)
        case .retryPlan(let plan): retries.flaw(of: plan, record.header, deliveries)
        case .retryRun(let run): retries.flaw(of: run, record.header)
        default: nil
        }
    }
}

extension EvidenceState {
    /// Why nothing may be sent by a live run, were it the next of the log; nil where it may.
    ///
    /// It asks for more than `flaw(ofNew:)`: for the approval that counts.
    package func obstacle(toLive record: Record) -> String? {
        guard case .retryRun(let run) = record.body, run.mode == .live else {
            return "it is no live run"
        }
        return retries.obstacle(toLive: run, record.header)
    }
}

/// What is wrong with a record without making the bundle wrong.
package struct EvidenceIssue: Equatable, Sendable {
    /// The digest of the record.
    package let record: SHA256Digest
    /// What is wrong with it.
    package let problem: Problem

    /// What can be wrong with a record by itself or beside others; each has a reason in words.
    package enum Problem: Equatable, Sendable {
        /// It lacks signatures.
        case asserted(String)
        /// Those who signed it do not have the role.
        case role(String)
        /// The same operator is on both sides.
        case samePerson(String)
        /// It says yes where a no is in force that it does not name.
        case notUndone(String)
        /// It asks for less than what was approved.
        case shortened(String)
        /// It sent something without a review.
        case notReviewed(String)
        /// It has another schedule than the one that follows from its deliveries.
        case schedule(String)

        /// The reason, in one sentence without a full stop.
        package var reason: String {
            switch self {
            case .asserted(let reason), .role(let reason), .samePerson(let reason),
                .notUndone(let reason), .shortened(let reason), .notReviewed(let reason),
                .schedule(let reason):
                reason
            }
        }
    }

}

extension EvidenceIssue {
    init(_ record: ResolvedRecord, _ shortfall: RecordStatus.Shortfall) {
        self.record = record.digest
        switch shortfall.cause {
        case .tooFew, .linked, .imported: problem = .asserted(shortfall.reason)
        case .role: problem = .role(shortfall.reason)
        case .samePerson: problem = .samePerson(shortfall.reason)
        }
    }
}
