import CloseoutEncodings
import CloseoutRecords

extension DeliveryEvent {
    /// The kind of what an outbox stores of an event.
    package static let storedKind = "closeout/delivery-event/v1"

    /// The event in canonical JSON, as an outbox stores it; all messages are made of that.
    package var stored: [UInt8] {
        var members: [JSONMember] = [
            JSONMember("kind", JSON(Self.storedKind)), JSONMember("event", JSON(kind.rawValue)),
            JSONMember("id", JSON(id)), JSONMember("at", JSON(at.description)),
            JSONMember(
                "release", ["name": JSON(releaseName), "version": JSON(releaseVersion)]),
            JSONMember("bundle", JSON(bundle.hex)), JSONMember("outcome", JSON(outcome.rawValue)),
            JSONMember("severity", JSON(severity.rawValue)), JSONMember("counts", counts.json),
            JSONMember("findings", .array(findings.map { JSON($0) })),
        ]
        if let record { members.append(JSONMember("record", JSON(record.hex))) }
        return JSON.object(members).canonicalBytes
    }

    /// Reads what an outbox stored.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` for anything that `stored` does not give.
    package init(stored bytes: [UInt8]) throws {
        var reader = try JSONObjectReader(try JSON(parsingCanonical: bytes))
        try reader.constant("kind", Self.storedKind)
        var release = try reader.object("release")
        let name = try release.string("name")
        let version = try release.string("version")
        try release.finish()
        let counts = try Counts(try reader.required("counts"))
        let list = try reader.required("findings")
        var findings: [String] = []
        for item in try list.array() { findings.append(try item.string()) }
        self.init(
            kind: try reader.choice("event"), id: try reader.required("id").name(),
            at: try reader.instant("at"), releaseName: name, releaseVersion: version,
            bundle: try reader.required("bundle").digest(),
            record: try reader.optional("record")?.digest(),
            outcome: try reader.choice("outcome"), severity: try reader.choice("severity"),
            counts: counts, findings: findings)
        try reader.finish()
        guard self.findings == findings else { throw list.invalid("does not ascend") }
    }
}

extension DeliveryEvent.Counts {
    fileprivate init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        self.init(
            pass: try reader.required("pass").count(), fail: try reader.required("fail").count(),
            unknown: try reader.required("unknown").count(),
            accepted: try reader.required("accepted").count())
        try reader.finish()
    }
}
