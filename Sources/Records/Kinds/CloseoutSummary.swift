package import CloseoutEncodings

/// Whether anything is open; computed (docs/records.md, "closeout-summary").
package struct CloseoutSummary: RecordBody {
    /// The link kind that names a readiness record.
    package static let readiness = "readiness"

    /// Whether nothing is open.
    package enum State: String, CaseIterable, Sendable {
        case open, closed
    }

    /// What is open, as ids of criteria or checks, ascending.
    package let blockers: [String]
    /// How many records there are.
    package let records: Int
    /// How many attachments there are.
    package let attachments: Int
    /// The log that was looked at.
    package let log: LogPrefix
    /// The verification time.
    package let asOf: Instant

    /// Closed if and only if nothing is open.
    package var state: State { blockers.isEmpty ? .closed : .open }

    /// States a summary; blockers are brought into order, each once.
    package init(
        blockers: [String], records: Int, attachments: Int, log: LogPrefix, asOf: Instant
    ) {
        self.blockers = Set(blockers.map { Array($0.utf8) })
            .sorted { $0.lexicographicallyPrecedes($1) }
            .map { String(decoding: $0, as: UTF8.self) }
        self.records = records
        self.attachments = attachments
        self.log = log
        self.asOf = asOf
    }

    /// Which files the record may and must link to.
    package var linkRules: [LinkRule] { [LinkRule(Self.readiness, LinkRule.any, to: [.readiness])] }

    /// The fields as members of the record's object.
    package var members: [JSONMember] {
        present([
            ("state", JSON(state.rawValue)), ("blockers", .array(blockers.map { JSON($0) })),
            ("records", JSON(count: records)), ("attachments", JSON(count: attachments)),
            ("log", log.json), ("as_of", JSON(asOf)),
        ])
    }

    /// Takes the fields out of a record's object.
    ///
    /// - Throws: `JSONShapeError` that names the field.
    package init(taking reader: inout JSONObjectReader) throws(JSONShapeError) {
        let state: State = try reader.choice("state")
        var blockers: [String] = []
        for item in try reader.array("blockers") {
            let name = try item.name()
            if let last = blockers.last, !last.utf8.lexicographicallyPrecedes(name.utf8) {
                throw item.invalid("does not ascend")
            }
            blockers.append(name)
        }
        self.blockers = blockers
        records = try reader.count("records")
        attachments = try reader.count("attachments")
        log = try LogPrefix(reader.required("log"))
        asOf = try reader.instant("as_of")
        guard state == self.state else {
            throw reader.invalid("state", "must be closed if and only if there are no blockers")
        }
    }
}
