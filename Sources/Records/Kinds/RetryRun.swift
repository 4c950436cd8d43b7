package import CloseoutEncodings

/// What a run of a retry plan did, or would have done (docs/records.md, "retry-run").
package struct RetryRun: RecordBody {
    /// The link kind that names the plan.
    package static let plan = "plan"
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

        package init(delivery: String, outcome: Outcome) {
            self.delivery = delivery
            self.outcome = outcome
        }
    }

    /// Whether anything was sent.
    package let mode: Mode
    /// One for each delivery that the run looked at.
    package let results: [Result]

    package init(mode: Mode, results: [Result]) {
        self.mode = mode
        self.results = results
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        let plan = LinkRule(Self.plan, 1...1, to: [.retryPlan])
        switch mode {
        case .dryRun: return [plan, .source]
        case .live:
            return [
                plan, LinkRule(Self.review, 0...1, to: [.retryReview]),
                LinkRule(Self.delivery, LinkRule.any, to: [.delivery]), .source,
            ]
        }
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        let list = results.map { result -> JSON in
            ["delivery": JSON(result.delivery), "outcome": JSON(result.outcome.rawValue)]
        }
        return [JSONMember("mode", JSON(mode.rawValue)), JSONMember("results", .array(list))]
    }

    /// Takes the fields out of a record's object.
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
            let isOfLiveRun = [.delivered, .failed].contains(result.outcome)
            guard result.outcome == .skipped || isOfLiveRun == (mode == .live) else {
                throw item.invalid("cannot be the outcome of a run of mode \(mode.rawValue)")
            }
            results.append(result)
        }
        self.mode = mode
        self.results = results
    }
}
