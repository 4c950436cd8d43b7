package import CloseoutEncodings

/// How long the evidence is to be kept, as somebody asks (docs/records.md, "retention-request").
package struct RetentionRequest: RecordBody {
    /// How strictly the archive is to keep it, weakest first.
    package enum Mode: String, CaseIterable, Comparable, Sendable {
        case none, governance, compliance

        package static func < (left: Mode, right: Mode) -> Bool {
            guard let left = allCases.firstIndex(of: left),
                let right = allCases.firstIndex(of: right)
            else { return false }
            return left < right
        }
    }

    /// The event from which the period runs.
    package struct Basis: Equatable, Sendable {
        /// The name of the event.
        package let event: String
        /// When it happened; nil as long as it has not.
        package let occurredAt: Instant?

        package init(event: String, occurredAt: Instant?) {
            self.event = event
            self.occurredAt = occurredAt
        }
    }

    /// The retention class, whose minimum a table of classes gives.
    package let retentionClass: String
    /// The last instant of the retention; nil as long as the event of the basis has not happened.
    package let until: Instant?
    /// How strictly the archive is to keep it.
    package let mode: Mode?
    /// The event from which the period runs.
    package let basis: Basis?
    /// The rule by which `until` came about, as a duration of ISO 8601; shown only.
    package let period: String?
    /// Why it is kept.
    package let reason: String

    package init(
        retentionClass: String, until: Instant?, mode: Mode? = nil, basis: Basis? = nil,
        period: String? = nil, reason: String
    ) {
        self.retentionClass = retentionClass
        self.until = until
        self.mode = mode
        self.basis = basis
        self.period = period
        self.reason = reason
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] {
        [
            LinkRule(
                LinkRule.supersedes, LinkRule.any, to: [.retentionRequest, .retentionDecision]),
            .source,
        ]
    }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("class", JSON(retentionClass)), ("until", until.map { JSON($0) }),
            ("mode", mode.map { JSON($0.rawValue) }), ("basis", basis?.json),
            ("period", period.map { JSON($0) }), ("reason", JSON(reason)),
        ])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        retentionClass = try reader.name("class")
        until = try reader.optional("until")?.instant()
        mode = try reader.optional("mode")?.choice()
        basis = try reader.optional("basis").map { item throws(JSONShapeError) in
            try Basis(item)
        }
        period = try reader.optional("period").map { item throws(JSONShapeError) in
            try item.periodText()
        }
        reason = try reader.text("reason")
        let isOpen = basis.map { $0.occurredAt == nil } ?? false
        guard (until == nil) == isOpen else {
            throw reader.invalid(
                "until",
                isOpen ? "must be absent before the event of the basis has occurred" : "required")
        }
    }
}

extension JSONItem {
    /// A rule such as `P7Y`, which is only shown: `P`, then numbers with Y, M and D in this order, each
    /// once at most and one at least.
    package func periodText() throws(JSONShapeError) -> String {
        var rest = try bytes().dropFirst()
        let isBegun = try bytes().first == UInt8(ascii: "P") && !rest.isEmpty
        for unit in Array("YMD".utf8) {
            let digits = rest.prefix(while: \.isDigit)
            guard (1...5).contains(digits.count), rest.dropFirst(digits.count).first == unit
            else { continue }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard isBegun, rest.isEmpty else {
            throw invalid("must be years, months and days, such as P7Y or P1Y6M")
        }
        return try string()
    }
}

extension RetentionRequest.Basis {
    fileprivate var json: JSON {
        .object(present([("event", JSON(event)), ("occurred_at", occurredAt.map { JSON($0) })]))
    }

    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        event = try reader.name("event")
        occurredAt = try reader.optional("occurred_at")?.instant()
        try reader.finish()
    }
}
