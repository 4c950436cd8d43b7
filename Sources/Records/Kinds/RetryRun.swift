package import CloseoutEncodings

/// What a run of a retry plan did, or would have done (docs/records.md, "retry-run").
///
/// In version 2 a dry run shows what would be sent, and a live run names the dry run and the review that allow it.
package struct RetryRun: RecordBody {
    /// The link kind that names the plan.
    package static let plan = "plan"
    /// The link kind by which a live run names the dry run that was reviewed; in version 2 only.
    package static let dryRun = "dry-run"
    /// The link kind by which a live run names the review that allows it.
    package static let review = "review"
    /// The link kind that names the record of a delivery that the run made.
    package static let delivery = "delivery"

    /// Whether anything was sent.
    package enum Mode: String, CaseIterable, Sendable {
        case dryRun = "dry_run"
        case live
    }

    /// The result of one delivery of the plan.
    package struct Result: Equatable, Sendable {
        /// What a run can do about a delivery.
        package enum Outcome: String, CaseIterable, Sendable {
            case wouldSend = "would_send"
            case delivered, failed, skipped
        }

        /// The id of the delivery.
        package let delivery: String
        /// What was done.
        package let outcome: Outcome
        /// Why it was skipped or failed; in version 2 only.
        package let code: EvidenceCode?
        /// How often it was attempted; in a live run of version 2 only.
        package let attempts: Int?
        /// What would be sent; in a dry run of version 2 only.
        package let rehearsal: Rehearsal?

        package init(
            delivery: String, outcome: Outcome, code: EvidenceCode? = nil, attempts: Int? = nil,
            rehearsal: Rehearsal? = nil
        ) {
            self.delivery = delivery
            self.outcome = outcome
            self.code = code
            self.attempts = attempts
            self.rehearsal = rehearsal
        }
    }

    /// Whether anything was sent.
    package let mode: Mode
    /// One for each delivery that the run looked at.
    package let results: [Result]
    /// Whether it is of version 2.
    package let isDetailed: Bool

    package init(mode: Mode, results: [Result], isDetailed: Bool = false) {
        self.mode = mode
        self.results = results
        self.isDetailed = isDetailed
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        let plan = LinkRule(Self.plan, 1...1, to: [.retryPlan])
        switch mode {
        case .dryRun: return [plan, .source]
        case .live:
            let dryRun = LinkRule(Self.dryRun, 1...1, to: [.retryRun])
            let review = LinkRule(Self.review, isDetailed ? 1...1 : 0...1, to: [.retryReview])
            return [plan, review] + (isDetailed ? [dryRun] : [])
                + [LinkRule(Self.delivery, LinkRule.any, to: [.delivery]), .source]
        }
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("mode", JSON(mode.rawValue)), ("results", .array(results.map(\.json))),
            ("sockets_opened", isDetailed && mode == .dryRun ? .integer(0) : nil),
        ])
    }

    /// Takes the fields of the first version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let mode: Mode = try reader.choice("mode")
        var results: [Result] = []
        for item in try reader.array("results") {
            var reader = try item.object()
            let result = Result(
                delivery: try reader.name("delivery"), outcome: try reader.choice("outcome"))
            try reader.finish()
            try item.confirm(result.outcome, in: mode)
            results.append(result)
        }
        self.init(mode: mode, results: results)
    }

    /// Takes the fields of the second version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(takingDetailed reader: inout JSONObjectReader) throws(JSONShapeError) {
        let mode: Mode = try reader.choice("mode")
        var results: [Result] = []
        for item in try reader.array("results") { results.append(try Result(item, in: mode)) }
        if mode == .dryRun { _ = try reader.integer("sockets_opened", in: 0...0) }
        self.init(mode: mode, results: results, isDetailed: true)
    }
}

extension RetryRun.Result {
    fileprivate var json: JSON {
        .object(
            present([
                ("delivery", JSON(delivery)), ("outcome", JSON(outcome.rawValue)),
                ("code", code.map { JSON($0.text) }),
                ("attempts", attempts.map { JSON(count: $0) }),
            ]) + (rehearsal?.members ?? []))
    }

    /// Reads a result of version 2.
    fileprivate init(_ item: JSONItem, in mode: RetryRun.Mode) throws(JSONShapeError) {
        var reader = try item.object()
        let delivery = try reader.label("delivery")
        let outcome: Outcome = try reader.choice("outcome")
        try item.confirm(outcome, in: mode)
        let code: EvidenceCode? =
            switch outcome {
            case .skipped, .failed: try reader.code("code")
            case .wouldSend, .delivered: nil
            }
        let attempts: Int? =
            switch outcome {
            case .delivered, .failed: Int(try reader.integer("attempts", in: 1...65_535))
            case .wouldSend, .skipped: nil
            }
        self.init(
            delivery: delivery, outcome: outcome, code: code, attempts: attempts,
            rehearsal: outcome == .wouldSend ? try RetryRun.Rehearsal(taking: &reader) : nil)
        try reader.finish()
    }
}

extension JSONItem {
    /// Confirms that a run of a mode can have an outcome.
    fileprivate func confirm(
        _ outcome: RetryRun.Result.Outcome, in mode: RetryRun.Mode
    ) throws(JSONShapeError) {
        let isOfLiveRun = [.delivered, .failed].contains(outcome)
        guard outcome == .skipped || isOfLiveRun == (mode == .live) else {
            throw invalid("cannot be the outcome of a run of mode \(mode.rawValue)")
        }
    }
}
