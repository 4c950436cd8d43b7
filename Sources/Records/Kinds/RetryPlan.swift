package import CloseoutEncodings

/// What is to be done about failed deliveries (docs/records.md, "retry-plan").
///
/// In version 2 each entry says from which attempt its schedule counts, and the schedule follows from that.
package struct RetryPlan: RecordBody {
    /// The link kind that names the record of a delivery that failed.
    package static let link = "delivery"

    /// What is to be done about one of them.
    package enum Action: String, CaseIterable, Sendable {
        case retry, wait, suppress
    }

    /// One delivery of the plan.
    package struct Entry: Equatable, Sendable {
        /// The id of the delivery.
        package let delivery: String
        /// What is to be done.
        package let action: Action
        /// The person who sees to it.
        package let owner: String
        /// When it is to be done.
        package let resolveBy: Instant
        /// Why.
        package let reason: String
        /// When the next attempts are due.
        package let nextAttempts: [Instant]
        /// The attempt from which they count; in version 2 only.
        package let lastAttempt: Instant?

        package init(
            delivery: String, action: Action, owner: String, resolveBy: Instant, reason: String,
            nextAttempts: [Instant] = [], lastAttempt: Instant? = nil
        ) {
            self.lastAttempt = lastAttempt
            self.delivery = delivery
            self.action = action
            self.owner = owner
            self.resolveBy = resolveBy
            self.reason = reason
            self.nextAttempts = nextAttempts
        }
    }

    /// At least one, no delivery twice.
    package let entries: [Entry]
    /// Whether it is of version 2, whose schedule can be computed again.
    package let isScheduled: Bool

    package init(entries: [Entry], isScheduled: Bool = false) {
        self.entries = entries
        self.isScheduled = isScheduled
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule(Self.link, LinkRule.some, to: [.delivery]),
            LinkRule(LinkRule.supersedes, LinkRule.any, to: [.retryPlan]), .source,
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        [JSONMember("entries", .array(entries.map(\.json)))]
    }

    /// Takes the fields of the first version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        self.init(
            entries: try Self.entries(&reader) { item throws(JSONShapeError) in try Entry(item) })
    }

    /// Takes the fields of the second version out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(takingScheduled reader: inout JSONObjectReader) throws(JSONShapeError) {
        let entries = try Self.entries(&reader) { item throws(JSONShapeError) in
            try Entry(scheduled: item)
        }
        self.init(entries: entries, isScheduled: true)
    }

    private static func entries(
        _ reader: inout JSONObjectReader, _ read: (JSONItem) throws(JSONShapeError) -> Entry
    ) throws(JSONShapeError) -> [Entry] {
        var entries: [Entry] = []
        var seen: Set<[UInt8]> = []
        for item in try reader.array("entries") {
            let entry = try read(item)
            guard seen.insert(Array(entry.delivery.utf8)).inserted else {
                throw item.invalid("names a delivery that another entry names")
            }
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw reader.invalid("entries", "empty") }
        return entries
    }
}

extension RetryPlan.Entry {
    fileprivate var json: JSON {
        .object(
            present([
                ("delivery", JSON(delivery)), ("action", JSON(action.rawValue)),
                ("owner", JSON(owner)), ("resolve_by", JSON(resolveBy)),
                ("reason", JSON(reason)),
                ("next_attempts", .array(nextAttempts.map { JSON($0) })),
                ("last_attempt", lastAttempt.map { JSON($0) }),
            ]))
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        delivery = try reader.name("delivery")
        action = try reader.choice("action")
        owner = try reader.text("owner")
        resolveBy = try reader.instant("resolve_by")
        reason = try reader.text("reason")
        nextAttempts = try reader.nextAttempts()
        lastAttempt = nil
        try reader.finish()
    }

    fileprivate init(scheduled item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        delivery = try reader.label("delivery")
        let action: RetryPlan.Action = try reader.choice("action")
        self.action = action
        owner = try reader.words("owner")
        resolveBy = try reader.instant("resolve_by")
        reason = try reader.words("reason")
        nextAttempts = try reader.nextAttempts()
        lastAttempt = try reader.instant("last_attempt")
        guard action == .retry || nextAttempts.isEmpty else {
            throw reader.invalid("next_attempts", "must be empty unless action is retry")
        }
        try reader.finish()
    }
}

extension JSONObjectReader {
    /// Takes the instants of the next attempts, which ascend strictly.
    fileprivate mutating func nextAttempts() throws(JSONShapeError) -> [Instant] {
        var attempts: [Instant] = []
        for item in try array("next_attempts") {
            let instant = try item.instant()
            if let last = attempts.last, last >= instant {
                throw item.invalid("does not come after the one before")
            }
            attempts.append(instant)
        }
        return attempts
    }
}
