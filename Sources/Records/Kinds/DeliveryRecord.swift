package import CloseoutEncodings
package import CloseoutOpenSSL

/// The result of one delivery on one route (docs/records.md, "delivery").
///
/// No field can hold an address, a token or the text of an error.
package struct DeliveryRecord: RecordBody {
    /// The link kind that names the file that was sent.
    package static let payload = "payload"
    /// The link kind that names the plan by which it was tried again.
    package static let plan = "plan"

    /// What was delivered.
    package enum Event: String, CaseIterable, Sendable {
        case closeout
        case retentionAlert = "retention-alert"
    }

    /// Its result.
    package enum State: String, CaseIterable, Sendable {
        case delivered, failed, suppressed
        /// The receiver took it and says no more.
        case acceptedUnconfirmed = "accepted_unconfirmed"
        /// It was sent over a protocol that never answers.
        case sentUnconfirmed = "sent_unconfirmed"
        /// The receiver has it from an earlier attempt.
        case duplicate
        /// The connection ended after all was sent.
        case unknownOutcome = "unknown_outcome"

        /// Whether nothing more is to be done about it.
        package var isSettled: Bool {
            switch self {
            case .delivered, .suppressed, .acceptedUnconfirmed, .sentUnconfirmed, .duplicate: true
            case .failed, .unknownOutcome: false
            }
        }
    }

    /// One attempt.
    package struct Attempt: Equatable, Sendable {
        /// The result of an attempt.
        package enum Outcome: String, CaseIterable, Sendable {
            case success, permanent, transient
            case unknownOutcome = "unknown_outcome"
        }

        /// When it began.
        package let at: Instant
        /// The result.
        package let outcome: Outcome
        /// The status that the receiver answered with.
        package let status: Int?

        package init(at: Instant, outcome: Outcome, status: Int?) {
            self.at = at
            self.outcome = outcome
            self.status = status
        }
    }

    /// The id of the delivery, the same over all attempts and retries.
    package let delivery: String
    /// What was delivered.
    package let event: Event
    /// The name that its owner gave the route.
    package let route: String
    /// What kind of receiver it is.
    package let provider: String
    /// Its result.
    package let state: State
    /// The attempts, oldest first.
    package let attempts: [Attempt]
    /// Why it was suppressed.
    package let reason: String?
    /// A salted digest of what was sent, which its owner can open.
    package let commitment: SHA256Digest?

    package init(
        delivery: String, event: Event, route: String, provider: String, state: State,
        attempts: [Attempt], reason: String? = nil, commitment: SHA256Digest? = nil
    ) {
        self.delivery = delivery
        self.event = event
        self.route = route
        self.provider = provider
        self.state = state
        self.attempts = attempts
        self.reason = reason
        self.commitment = commitment
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule(Self.payload, LinkRule.any),
            LinkRule(Self.plan, 0...1, to: [.retryPlan]),
            LinkRule(LinkRule.supersedes, LinkRule.any, to: [.delivery]), .source,
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("delivery", JSON(delivery)), ("event", JSON(event.rawValue)),
            ("route", JSON(route)), ("provider", JSON(provider)),
            ("state", JSON(state.rawValue)), ("attempts", .array(attempts.map(\.json))),
            ("reason", reason.map { JSON($0) }), ("commitment", commitment.map { JSON($0) }),
        ])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        delivery = try reader.name("delivery")
        event = try reader.choice("event")
        route = try reader.name("route")
        provider = try reader.name("provider")
        state = try reader.choice("state")
        var attempts: [Attempt] = []
        for item in try reader.array("attempts") { attempts.append(try Attempt(item)) }
        self.attempts = attempts
        reason = try reader.optional("reason")?.text()
        commitment = try reader.optional("commitment")?.digest()
        guard (state == .suppressed) == (reason != nil) else {
            throw reader.invalid("reason", "must be present if and only if state is suppressed")
        }
        guard (state == .suppressed) == attempts.isEmpty else {
            throw reader.invalid("attempts", "must be empty if and only if state is suppressed")
        }
    }
}

extension DeliveryRecord.Attempt {
    fileprivate var json: JSON {
        .object(
            present([
                ("at", JSON(at)), ("outcome", JSON(outcome.rawValue)),
                ("status", status.map { JSON(count: $0) }),
            ]))
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        at = try reader.instant("at")
        outcome = try reader.choice("outcome")
        status = try reader.optional("status").map { item throws(JSONShapeError) in
            Int(try item.integer(in: 100...599))
        }
        try reader.finish()
    }
}
