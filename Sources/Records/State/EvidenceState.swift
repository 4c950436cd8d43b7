package import Encodings
package import OpenSSL

/// What the records of one bundle come to at an instant (docs/records.md, "State").
///
/// A pure function of the records, what was judged of their signatures, and T. What speaks against
/// the release takes effect by standing in the log; what speaks for it needs its signatures. So
/// nothing improves by a record that is lost, a key that ends or time that passes.
package struct EvidenceState: Equatable, Sendable {
    /// All records with their standing, in log order.
    package private(set) var records: [StandingRecord] = []
    /// What shows that the release is ready.
    package private(set) var readiness = ReadinessState()
    /// The requests for retention, and what was decided on them.
    package private(set) var retention = RetentionState()
    /// The legal holds, in log order.
    package private(set) var holds: [HoldState] = []
    /// The acceptances of risks, in log order.
    package private(set) var acceptances: [AcceptanceState] = []
    /// The deliveries, and the plans and runs of retries.
    package private(set) var deliveries = DeliveryState()
    /// The decisions on the release, in log order.
    package private(set) var decisions: [StandingRecord] = []
    /// What is wrong with single records without making the bundle wrong, in log order.
    package private(set) var issues: [EvidenceIssue] = []
    /// The instant of judgement.
    package let asOf: Instant

    private var standings = Standings()
    private var holdPlaces: [SHA256Digest: Int] = [:]
    private var acceptancePlaces: [SHA256Digest: Int] = [:]
    private var revocations: [[UInt8]: Set<SHA256Digest>] = [:]

    /// Takes in the records of a log.
    ///
    /// - Parameters:
    ///   - records: The records that belong to this bundle, in log order.
    ///   - asOf: The instant of judgement.
    package init(_ records: [SignedRecord], asOf: Instant) {
        self.asOf = asOf
        for record in records { add(standings.add(record)) }
        for index in acceptances.indices { acceptances[index].judge(asOf: asOf) }
    }

    /// Whether anything is held.
    package var isHeld: Bool { holds.contains(where: \.isHeld) }

    /// Whether a hold that counts keeps what the date of the retention no longer keeps.
    package var isProtected: Bool { holds.contains(where: \.protects) }

    /// The record of this digest.
    package func record(_ digest: SHA256Digest) -> StandingRecord? { standings[digest] }

    /// The digests of the revocations of acceptances of a finding, ascending.
    package func revocations(of finding: String) -> [SHA256Digest] {
        revocations[Array(finding.utf8), default: []].sorted()
    }

    private mutating func add(_ record: StandingRecord) {
        records.append(record)
        if case .asserted(let shortfall) = record.standing {
            issues.append(EvidenceIssue(record, shortfall))
        }
        switch record.body {
        case .readiness(let readiness): self.readiness.add(readiness, record)
        case .retentionRequest(let request): note(retention.add(request, record), record)
        case .retentionDecision(let decision): note(retention.add(decision, record), record)
        case .legalHold(let hold): add(hold, record)
        case .riskAcceptance(let acceptance): add(acceptance, record)
        case .delivery, .retryPlan, .retryRun, .retryReview:
            note(deliveries.add(record), record)
        case .decision: decisions.append(record)
        case .archiveSignature, .closeoutSummary, .retentionHealth, .artifactBundle: break
        }
    }

    private mutating func add(_ hold: LegalHold, _ record: StandingRecord) {
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

    private mutating func add(_ risk: RiskAcceptance, _ record: StandingRecord) {
        switch risk {
        case .accept(let acceptance):
            let finding = Array(acceptance.finding.utf8)
            let named = Set(record.header.links(LinkRule.supersedes))
            // Stops at the first revocation that is not named, however many there are.
            let isRevoked = !named.isSuperset(of: revocations[finding] ?? [])
            acceptancePlaces[record.digest] = acceptances.count
            acceptances.append(AcceptanceState(acceptance, record, isRevoked: isRevoked))
            if isRevoked {
                note(
                    .notUndone("the finding's acceptance was revoked, and it does not name that"),
                    record)
            }
        case .revoke:
            let ended = record.header.links(RiskAcceptance.link).first
            guard let index = ended.flatMap({ acceptancePlaces[$0] }) else { return }
            acceptances[index].revoke()
            let finding = Array(acceptances[index].acceptance.finding.utf8)
            revocations[finding, default: []].insert(record.digest)
        }
    }

    private mutating func note(_ problem: EvidenceIssue.Problem?, _ record: StandingRecord) {
        guard let problem else { return }
        issues.append(EvidenceIssue(record: record.digest, problem: problem))
    }

    package static func == (left: EvidenceState, right: EvidenceState) -> Bool {
        left.records == right.records && left.asOf == right.asOf
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
        /// The same operator stands on both sides.
        case samePerson(String)
        /// It says yes where a no stands that it does not name.
        case notUndone(String)
        /// It asks for less than what was approved.
        case shortened(String)
        /// It sent something without a review.
        case notReviewed(String)

        /// The reason, in one sentence without a full stop.
        package var reason: String {
            switch self {
            case .asserted(let reason), .role(let reason), .samePerson(let reason),
                .notUndone(let reason), .shortened(let reason), .notReviewed(let reason):
                reason
            }
        }
    }

    init(record: SHA256Digest, problem: Problem) {
        self.record = record
        self.problem = problem
    }

    init(_ record: StandingRecord, _ shortfall: RecordStanding.Shortfall) {
        self.record = record.digest
        switch shortfall.cause {
        case .tooFew, .linked, .imported: problem = .asserted(shortfall.reason)
        case .role: problem = .role(shortfall.reason)
        case .samePerson: problem = .samePerson(shortfall.reason)
        }
    }
}
