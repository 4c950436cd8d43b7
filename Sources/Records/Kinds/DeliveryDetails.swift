package import CloseoutEncodings
package import CloseoutOpenSSL

extension DeliveryRecord {
    /// What version 2 says of a delivery (docs/records.md, "delivery").
    package struct Details: Equatable, Sendable {
        /// The most commitments, receipts and ranges, each.
        static let most = 64

        /// The id of the event, the same on all routes.
        package let eventID: String?
        /// Which receiver it is, without saying who.
        package let routeTag: RouteTag?
        /// How many bytes the body has that was sent.
        package let bodySize: Int?
        /// The ranges of addresses that the route's owner allowed and that were connected to; their
        /// form is known here, and nothing else of them.
        package let allowed: [String]
        /// Salted digests of what its owner can show, ascending.
        package let commitments: [SHA256Digest]
        /// What was left out, and why.
        package let redactions: [RedactionReceipt]

        /// States what is known of a delivery; lists are brought into order.
        package init(
            eventID: String? = nil, routeTag: RouteTag? = nil, bodySize: Int? = nil,
            allowed: [String] = [], commitments: [SHA256Digest] = [],
            redactions: [RedactionReceipt] = []
        ) {
            self.eventID = eventID
            self.routeTag = routeTag
            self.bodySize = bodySize
            self.allowed = Set(allowed).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            self.commitments = Set(commitments).sorted()
            self.redactions = redactions.sorted { $0.field < $1.field }
        }
    }
}

extension DeliveryRecord.Attempt {
    /// What version 2 says of an attempt.
    package struct Details: Equatable, Sendable {
        /// How sure a success is.
        package enum Assurance: String, CaseIterable, Sendable {
            /// The receiver says that it has it.
            case delivered
            /// The receiver took it and says no more.
            case acceptedUnconfirmed = "accepted_unconfirmed"
            /// It was sent over a protocol that never answers.
            case sentUnconfirmed = "sent_unconfirmed"
            /// The receiver has it from an earlier attempt of the same delivery.
            case duplicate
        }

        /// The most seconds that a receiver can ask for and that are written down.
        package static let longestRetryAfter: Int64 = 31_536_000

        /// When it ended.
        package let ended: Instant?
        /// Which group of attempts it is of, from 1.
        package let group: Int
        /// Why it ended so, as a code of our own.
        package let code: EvidenceCode
        /// How sure its success is; nil if and only if it is none.
        package let assurance: Assurance?
        /// The seconds that the receiver asked to be left alone.
        package let retryAfter: Int64?
        /// Whether it does not count, because the receiver asked for a later one.
        package let isSnooze: Bool

        package init(
            ended: Instant?, group: Int, code: EvidenceCode, assurance: Assurance? = nil,
            retryAfter: Int64? = nil, isSnooze: Bool = false
        ) {
            self.ended = ended
            self.group = group
            self.code = code
            self.assurance = assurance
            self.retryAfter = retryAfter
            self.isSnooze = isSnooze
        }
    }
}

extension DeliveryRecord.Details {
    /// The fields that version 2 adds.
    var members: [JSONMember] {
        present([
            ("event_id", eventID.map { JSON($0) }), ("route_tag", routeTag?.json),
            ("body_size", bodySize.map { JSON(count: $0) }),
            ("allowed", .array(allowed.map { JSON($0) })),
            ("commitments", .array(commitments.map { JSON($0) })),
            ("redactions", .array(redactions.map(\.json))),
        ])
    }

    /// Takes the fields that version 2 adds.
    init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        eventID = try reader.optional("event_id")?.label()
        routeTag = try reader.optional("route_tag").map { item throws(JSONShapeError) in
            try RouteTag(item)
        }
        bodySize = try reader.optional("body_size")?.count()
        allowed = try reader.ascending("allowed", most: Self.most) {
            item throws(JSONShapeError) in
            try item.addressRange()
        } by: {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        commitments = try reader.commitments()
        redactions = try reader.ascending("redactions", most: Self.most) {
            item throws(JSONShapeError) in
            try RedactionReceipt(item)
        } by: {
            $0.field < $1.field
        }
        for receipt in redactions {
            guard let commitment = receipt.commitment else { continue }
            guard commitments.contains(commitment) else {
                throw reader.invalid("redactions", "names a commitment that is not listed")
            }
        }
    }
}

extension DeliveryRecord.Attempt.Details {
    /// The fields that version 2 adds to an attempt.
    var members: [JSONMember] {
        present([
            ("ended", ended.map { JSON($0) }), ("group", JSON(count: group)),
            ("code", JSON(code.text)), ("assurance", assurance.map { JSON($0.rawValue) }),
            ("retry_after", retryAfter.map { .integer($0) }),
            ("snoozed", isSnooze ? .bool(true) : nil),
        ])
    }

    /// Takes the fields that version 2 adds to an attempt.
    init(
        taking reader: inout JSONObjectReader, at: Instant,
        _ outcome: DeliveryRecord.Attempt.Outcome
    ) throws(JSONShapeError) {
        ended = try reader.optional("ended")?.instant()
        group = Int(try reader.integer("group", in: 1...JSON.largestInteger))
        code = try reader.code("code")
        assurance = try reader.optional("assurance").map { item throws(JSONShapeError) in
            try item.choice()
        }
        retryAfter = try reader.optional("retry_after")?.integer(in: 0...Self.longestRetryAfter)
        if let item = reader.optional("snoozed") {
            guard try item.bool() else { throw item.invalid("must be true or absent") }
            isSnooze = true
        } else {
            isSnooze = false
        }
        if let ended, ended < at { throw reader.invalid("ended", "is before the attempt began") }
        guard (outcome == .success) == (assurance != nil) else {
            throw reader.invalid(
                "assurance", "must be present if and only if outcome is success")
        }
        guard retryAfter == nil || outcome != .success && ended != nil else {
            throw reader.invalid(
                "retry_after", "needs an attempt that failed, and the time at which it ended")
        }
        guard !isSnooze || retryAfter != nil else {
            throw reader.invalid("snoozed", "needs what the receiver asked for, as retry_after")
        }
    }
}
