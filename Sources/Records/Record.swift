package import CloseoutEncodings
package import CloseoutOpenSSL

/// One closeout record: what every record says, and what its kind adds (docs/records.md).
package struct Record: Equatable, Sendable {
    /// The fields of a record's own kind.
    package enum Body: Equatable, Sendable {
        case archiveSignature(ArchiveSignature)
        case attachment(AttachmentDescription)
        case readiness(Readiness)
        case retentionRequest(RetentionRequest)
        case retentionDecision(RetentionDecision)
        case legalHold(LegalHold)
        case riskAcceptance(RiskAcceptance)
        case delivery(DeliveryRecord)
        case retryPlan(RetryPlan)
        case retryRun(RetryRun)
        case retryReview(RetryReview)
        case decision(ReleaseDecision)
        case closeoutSummary(CloseoutSummary)
        case retentionHealth(RetentionHealth)
        case artifactBundle(ArtifactBundle)
    }

    /// What every record says.
    package let header: RecordHeader
    /// What its kind adds.
    package let body: Body

    package init(header: RecordHeader, body: Body) {
        self.header = header
        self.body = body
    }

    /// The record's kind.
    package var kind: RecordKind { body.kind }

    /// The document, in canonical JSON.
    package var canonicalBytes: [UInt8] {
        JSON.object(header.members(kind: kind) + body.content.members).canonicalBytes
    }

    /// The id of the record: the SHA-256 of its bytes.
    ///
    /// - Throws: `OpenSSLError` where the digest cannot be computed.
    package var id: SHA256Digest {
        get throws(OpenSSLError) { try SHA256Digest.of(canonicalBytes) }
    }

    /// Reads a record, which must be canonical and closed, with the links of its kind.
    ///
    /// - Throws: `RecordError` that names the place or the unknown kind.
    package init(parsing bytes: [UInt8]) throws(RecordError) {
        do {
            var reader = try JSONObjectReader(JSON(parsingCanonical: bytes), at: "record")
            let name = try reader.string("kind")
            guard let kind = RecordKind(rawValue: name) else { throw RecordError.unknownKind(name) }
            header = try RecordHeader(taking: &reader)
            body = try Body(kind, taking: &reader)
            try reader.finish()
        } catch let error as RecordError {
            throw error
        } catch {
            throw .malformed("\(error)")
        }
        if let defect = body.content.defect(in: header.links) { throw .malformed(defect) }
        if let defect = emptiness { throw .malformed(defect) }
    }

    /// A readiness record names some evidence, here or elsewhere.
    private var emptiness: String? {
        guard case .readiness(let readiness) = body else { return nil }
        let shown = header.links.filter { !$0.kind.utf8.elementsEqual(LinkRule.source.kind.utf8) }
        let isEmpty = readiness.references.isEmpty && shown.isEmpty
        return isEmpty ? "a readiness record has neither a link nor a reference" : nil
    }
}

extension Record.Body {
    /// The kind that these fields are of.
    package var kind: RecordKind {
        switch self {
        case .archiveSignature: .archiveSignature
        case .attachment: .attachment
        case .readiness(let body): body.sharedBecause == nil ? .readiness : .readinessV2
        case .retentionRequest: .retentionRequest
        case .retentionDecision: .retentionDecision
        case .legalHold: .legalHold
        case .riskAcceptance: .riskAcceptance
        case .delivery(let body): body.details == nil ? .delivery : .deliveryV2
        case .retryPlan(let body): body.isScheduled ? .retryPlanV2 : .retryPlan
        case .retryRun(let body): body.isDetailed ? .retryRunV2 : .retryRun
        case .retryReview: .retryReview
        case .decision(let body): body.rules.kind
        case .closeoutSummary: .closeoutSummary
        case .retentionHealth: .retentionHealth
        case .artifactBundle: .artifactBundle
        }
    }

    /// The fields as what all kinds have in common.
    package var content: any RecordBody {
        switch self {
        case .archiveSignature(let body): body
        case .attachment(let body): body
        case .readiness(let body): body
        case .retentionRequest(let body): body
        case .retentionDecision(let body): body
        case .legalHold(let body): body
        case .riskAcceptance(let body): body
        case .delivery(let body): body
        case .retryPlan(let body): body
        case .retryRun(let body): body
        case .retryReview(let body): body
        case .decision(let body): body
        case .closeoutSummary(let body): body
        case .retentionHealth(let body): body
        case .artifactBundle(let body): body
        }
    }

    /// Takes the fields of a kind out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(
        _ kind: RecordKind, taking reader: inout JSONObjectReader
    ) throws(JSONShapeError) {
        switch kind {
        case .archiveSignature: self = .archiveSignature(try ArchiveSignature(taking: &reader))
        case .attachment: self = .attachment(try AttachmentDescription(taking: &reader))
        case .readiness: self = .readiness(try Readiness(taking: &reader))
        case .readinessV2: self = .readiness(try Readiness(takingShared: &reader))
        case .retentionRequest: self = .retentionRequest(try RetentionRequest(taking: &reader))
        case .retentionDecision: self = .retentionDecision(try RetentionDecision(taking: &reader))
        case .legalHold: self = .legalHold(try LegalHold(taking: &reader))
        case .riskAcceptance: self = .riskAcceptance(try RiskAcceptance(taking: &reader))
        case .delivery: self = .delivery(try DeliveryRecord(taking: &reader))
        case .retryPlan: self = .retryPlan(try RetryPlan(taking: &reader))
        case .retryRun: self = .retryRun(try RetryRun(taking: &reader))
        case .deliveryV2: self = .delivery(try DeliveryRecord(takingDetailed: &reader))
        case .retryPlanV2: self = .retryPlan(try RetryPlan(takingScheduled: &reader))
        case .retryRunV2: self = .retryRun(try RetryRun(takingDetailed: &reader))
        case .retryReview: self = .retryReview(try RetryReview(taking: &reader))
        case .decision: self = .decision(try ReleaseDecision(taking: &reader, by: .v1))
        case .decisionV2: self = .decision(try ReleaseDecision(taking: &reader))
        case .closeoutSummary: self = .closeoutSummary(try CloseoutSummary(taking: &reader))
        case .retentionHealth: self = .retentionHealth(try RetentionHealth(taking: &reader))
        case .artifactBundle: self = .artifactBundle(try ArtifactBundle(taking: &reader))
        }
    }
}
