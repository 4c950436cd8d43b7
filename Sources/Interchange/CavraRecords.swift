package import CloseoutEncodings
import CloseoutOpenSSL
package import CloseoutRecords

/// What a reference of a readiness bundle shows, by its words (docs/import.md, "Records").
enum CavraEvidence {
    /// What the first criterion of a final closeout demands.
    static let demanded: [Readiness.Evidence] = [
        .summary, .approval, .releaseRecord, .closurePacket, .auditorExport, .archiveHealth, .alert,
    ]

    private static let words: [(String, Readiness.Evidence)] = [
        ("alert", .alert), ("closure-packet", .closurePacket), ("release-record", .releaseRecord),
        ("auditor-export", .auditorExport), ("archive-health", .archiveHealth),
        ("approval", .approval), ("readiness-summary", .summary),
        ("documentation", .documentation),
    ]

    /// The kind of evidence; the first that fits, nil where none does.
    static func kind(of reference: String) -> Readiness.Evidence? {
        let text = reference.lowercased().map { "_. /".contains($0) ? "-" : String($0) }.joined()
        return words.first { text.contains($0.0) }?.1
    }
}

extension CavraPackage {
    /// What is referred to, by what it would show.
    var evidence: [Readiness.Reference] {
        let references = (readiness?.references ?? []).compactMap { text in
            CavraEvidence.kind(of: text).map { Readiness.Reference($0, text) }
        }
        return references
            + (decision?.criteria.map { [Readiness.Reference(.documentation, $0)] } ?? [])
    }

    /// The deliveries of the closeout; in the sample there is one, whose id the retry plan has.
    var closeoutDeliveries: [CavraDelivery.Item] {
        let items = deliveries.flatMap(\.items)
        guard items.isEmpty, let state = closeout?.deliveryState else { return items }
        return [
            CavraDelivery.Item(
                id: plan?.entries.first?.delivery ?? unnamed, route: unnamed, provider: unnamed,
                succeeded: CavraDelivery.Item.success(state), state: state)
        ]
    }

    /// Whether the package gives the result of a delivery.
    func isDelivery(_ id: String) -> Bool {
        closeoutDeliveries.contains { $0.id.utf8.elementsEqual(id.utf8) }
    }

    /// The records that a package gives, each linked to the file, with the links of its kind
    /// (docs/import.md, "Records").
    ///
    /// - Parameters:
    ///   - at: When they are made.
    ///   - header: The header of a record of a kind with these links.
    /// - Returns: The records, such that each links to earlier ones only.
    /// - Throws: `OpenSSLError`, `RecordError`, and whatever `header` throws.
    package func records(
        at: Instant, header: @escaping (Record.Body, [RecordLink]) throws -> RecordHeader
    ) throws -> [Record] {
        var writer = RecordWriter(source: digest, header: header)
        if !evidence.isEmpty { try writer.add(.readiness(Readiness(references: evidence))) }
        try addRetention(to: &writer)
        var failed: [SHA256Digest] = []
        var places: [[UInt8]: SHA256Digest] = [:]
        for (event, items) in [
            (DeliveryRecord.Event.closeout, closeoutDeliveries),
            (.retentionAlert, alerts.flatMap(\.items)),
        ] {
            for item in items {
                let record = try writer.add(
                    .delivery(DeliveryRecord(item, event, at: generatedAt?.instant ?? at)))
                guard event == .closeout else { continue }
                places[Array(item.id.utf8)] = record
                if item.succeeded != true { failed.append(record) }
            }
        }
        try addRetries(to: &writer, places)
        if let risk = decision?.acceptance.flatMap(RiskAcceptance.Acceptance.init), !failed.isEmpty
        {
            try writer.add(
                .riskAcceptance(.accept(risk)), Set(failed).map { (RiskAcceptance.evidence, $0) })
        }
        return writer.records
    }

    private func addRetention(to writer: inout RecordWriter) throws {
        if retention?.isHeld == true {
            let custodian = retentionDecision?.decidedBy ?? unnamed
            try writer.add(
                .legalHold(
                    .place(
                        .init(
                            matter: name(retention?.id), custodian: custodian,
                            reason: retention?.reason ?? unnamed))))
        }
        guard let retention, let until = retention.until else { return }
        let request = try writer.add(
            .retentionRequest(
                RetentionRequest(
                    retentionClass: unnamed, until: until.instant,
                    reason: retention.reason ?? unnamed)))
        guard let state = retentionDecision?.state, let word = Approval(rawValue: state) else {
            return
        }
        try writer.add(
            .retentionDecision(
                RetentionDecision(
                    word, reason: retentionDecision?.reason,
                    externalReference: retentionDecision?.reference)),
            [(RetentionDecision.link, request)])
    }

    private func addRetries(
        to writer: inout RecordWriter, _ places: [[UInt8]: SHA256Digest]
    ) throws {
        let entries = (plan?.entries ?? []).compactMap { RetryPlan.Entry($0) }
        let planned = Set((plan?.entries ?? []).compactMap { places[Array($0.delivery.utf8)] })
        guard !entries.isEmpty, !planned.isEmpty else { return }
        let plan = try writer.add(
            .retryPlan(RetryPlan(entries: entries)), planned.map { (RetryPlan.link, $0) })
        guard let run, run.isDryRun == true, !run.isLive else { return }
        try writer.add(
            .retryRun(
                RetryRun(
                    mode: .dryRun,
                    results: run.deliveries.map {
                        .init(delivery: name($0), outcome: .wouldSend)
                    })), [(RetryRun.plan, plan)])
    }
}

/// Makes records one after the other.
private struct RecordWriter {
    let source: SHA256Digest
    let header: (Record.Body, [RecordLink]) throws -> RecordHeader
    private(set) var records: [Record] = []

    @discardableResult
    mutating func add(
        _ body: Record.Body, _ links: [(String, SHA256Digest)] = []
    ) throws -> SHA256Digest {
        let all = ([(LinkRule.source.kind, source)] + links).map {
            RecordLink(kind: $0.0, digest: $0.1)
        }
        let record = Record(header: try header(body, all), body: body)
        // Read back, so that whatever the package holds is held to the rules of its kind.
        records.append(try Record(parsing: record.canonicalBytes))
        return try record.id
    }
}

/// A name as records have it; what is none has its digest in its place.
private func name(_ text: String?) -> String {
    guard let text else { return unnamed }
    if (try? JSONItem(JSON(text)).name()) != nil { return text }
    let digest = try? SHA256Digest.of(Array(text.utf8))
    return digest.map { "sha256:\($0.hex)" } ?? unnamed
}

extension DeliveryRecord {
    fileprivate init(_ item: CavraDelivery.Item, _ event: Event, at: Instant) {
        let outcome: Attempt.Outcome = item.succeeded == true ? .success : .unknownOutcome
        let state: State =
            switch item.succeeded {
            case true?: .delivered
            case false?: .failed
            case nil: .unknownOutcome
            }
        self.init(
            delivery: name(item.id), event: event, route: name(item.route),
            provider: name(item.provider), state: state,
            attempts: [Attempt(at: at, outcome: outcome, status: nil)])
    }
}

extension RetryPlan.Entry {
    /// What has neither owner nor date is no entry of a plan.
    fileprivate init?(_ entry: CavraRetryPlan.Entry) {
        guard let owner = entry.owner, let by = entry.resolveBy,
            let action = RetryPlan.Action(rawValue: entry.action)
        else { return nil }
        self.init(
            delivery: name(entry.delivery), action: action, owner: owner, resolveBy: by.instant,
            reason: entry.reason ?? unnamed)
    }
}

extension RiskAcceptance.Acceptance {
    /// What lacks something that an acceptance must have is none.
    fileprivate init?(_ risk: CavraDecision.Acceptance) {
        guard let owner = risk.owner, let reason = risk.reason, let control = risk.control,
            let reference = risk.reference, let expires = risk.expires
        else { return nil }
        self.init(
            finding: name(risk.finding), owner: owner, reason: reason,
            compensatingControl: control, externalReference: reference, expires: expires.instant)
    }
}
