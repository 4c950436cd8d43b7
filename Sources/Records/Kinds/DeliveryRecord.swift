package import CloseoutEncodings
package import CloseoutOpenSSL

/// The result of one delivery on one route (docs/records.md, "delivery").
///
/// No field can hold an address, a token or the text of an error. A record is of version 2 if it has
/// details, and so has each of its attempts then.
package struct DeliveryRecord: RecordBody {
    /// The link kind that names the file that was sent.
    package static let payload = "payload"
    /// The link kind that names the plan by which it was tried again.
    package static let plan = "plan"
    /// The link kind that names the record that was reported; in version 2 only.
    package static let subject = "subject"
    /// The kinds of record that can be reported.
    package static let subjects: [RecordKind] = [.decision, .closeoutSummary, .retentionHealth]

    /// What was delivered.
    package enum Event: String, CaseIterable, Sendable {
        case closeout
        case retentionAlert = "retention-alert"
        /// The decision on the release; in version 2 only.
        case decision

        /// The events that criteria ask for, and that version 1 knows.
        package static let demandable: [Event] = [.closeout, .retentionAlert]
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
        /// What version 2 adds; nil in version 1.
        package let details: Details?

        package init(at: Instant, outcome: Outcome, status: Int?, details: Details? = nil) {
            self.at = at
            self.outcome = outcome
            self.status = status
            self.details = details
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
    /// A salted digest of what was sent, which its owner can open; in version 1 only.
    package let commitment: SHA256Digest?
    /// What version 2 adds; nil in version 1.
    package let details: Details?

    package init(
        delivery: String, event: Event, route: String, provider: String, state: State,
        attempts: [Attempt], reason: String? = nil, commitment: SHA256Digest? = nil,
        details: Details? = nil
    ) {
        self.delivery = delivery
        self.event = event
        self.route = route
        self.provider = provider
        self.state = state
        self.attempts = attempts
        self.reason = reason
        self.commitment = commitment
        self.details = details
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        let first =
            details == nil
            ? LinkRule(Self.payload, LinkRule.any)
            : LinkRule(Self.subject, 0...1, to: Self.subjects)
        return [
            first, LinkRule(Self.plan, 0...1, to: [.retryPlan]),
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
        ]) + (details?.members ?? [])
    }

    /// Takes the fields of the first version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        delivery = try reader.name("delivery")
        event = try reader.required("event").demandableEvent()
        route = try reader.name("route")
        provider = try reader.name("provider")
        state = try reader.choice("state")
        var attempts: [Attempt] = []
        for item in try reader.array("attempts") { attempts.append(try Attempt(item)) }
        self.attempts = attempts
        reason = try reader.optional("reason")?.text()
        commitment = try reader.optional("commitment")?.digest()
        details = nil
        try confirmSuppression(reader)
    }

    /// Takes the fields of the second version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(takingDetailed reader: inout JSONObjectReader) throws(JSONShapeError) {
        delivery = try reader.label("delivery")
        event = try reader.choice("event")
        route = try reader.label("route")
        provider = try reader.code("provider").text
        state = try reader.choice("state")
        var attempts: [Attempt] = []
        for item in try reader.array("attempts") {
            let attempt = try Attempt(detailed: item)
            if let last = attempts.last?.details?.group, let group = attempt.details?.group,
                last > group
            {
                throw item.invalid("is of an earlier group than the one before")
            }
            attempts.append(attempt)
        }
        self.attempts = attempts
        reason = try reader.optional("reason")?.code().text
        commitment = nil
        details = try Details(taking: &reader)
        try confirmSuppression(reader)
    }

    private func confirmSuppression(
        _ reader: borrowing JSONObjectReader
    ) throws(JSONShapeError) {
        guard (state == .suppressed) == (reason != nil) else {
            throw reader.invalid("reason", "must be present if and only if state is suppressed")
        }
        guard (state == .suppressed) == attempts.isEmpty else {
            throw reader.invalid("attempts", "must be empty if and only if state is suppressed")
        }
    }
}

extension JSONItem {
    /// One of the events that criteria ask for.
    package func demandableEvent() throws(JSONShapeError) -> DeliveryRecord.Event {
        let word = try string()
        let events = DeliveryRecord.Event.demandable
        guard let event = events.first(where: { $0.rawValue.utf8.elementsEqual(word.utf8) }) else {
            throw invalid("must be one of \(events.map(\.rawValue).joined(separator: ", "))")
        }
        return event
    }
}

extension DeliveryRecord.Attempt {
    fileprivate var json: JSON {
        .object(
            present([
                ("at", JSON(at)), ("outcome", JSON(outcome.rawValue)),
                ("status", status.map { JSON(count: $0) }),
            ]) + (details?.members ?? []))
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        at = try reader.instant("at")
        outcome = try reader.choice("outcome")
        status = try reader.status()
        details = nil
        try reader.finish()
    }

    fileprivate init(detailed item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        let at = try reader.instant("at")
        let outcome: Outcome = try reader.choice("outcome")
        self.at = at
        self.outcome = outcome
        status = try reader.status()
        details = try Details(taking: &reader, at: at, outcome)
        try reader.finish()
    }
}

extension JSONObjectReader {
    /// Takes the status of an attempt.
    fileprivate mutating func status() throws(JSONShapeError) -> Int? {
        try optional("status").map { item throws(JSONShapeError) in
            Int(try item.integer(in: 100...599))
        }
    }
}
