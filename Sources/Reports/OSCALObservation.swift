import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutVerification

/// The UUIDs of one document (docs/reports.md, "Names that stay").
struct OSCALNames {
    /// The document's, which is another for another report.
    let document: String
    /// The result's.
    let result: String
    /// That of the plan.
    let plan: String
    private let base: String
    private let scope: String

    init(_ report: Report) throws(OpenSSLError) {
        base = "urn:closeout:report:v1:" + (try SHA256Digest.of(report.json.canonicalBytes)).hex
        scope = report.release?.release.name ?? ""
        document = try NameUUID.make(base)
        result = try NameUUID.make(base + "#result")
        plan = try NameUUID.make(base + "#plan")
    }

    /// What was observed belongs to its report.
    func observation(_ item: ReportItem) throws(OpenSSLError) -> String {
        try NameUUID.make("\(base)#\(item.fingerprint.hex)")
    }

    /// What is told of a record or decision belongs to its report.
    func observation(of what: String, _ record: SHA256Digest) throws(OpenSSLError) -> String {
        try NameUUID.make("\(base)#\(what)-\(record.hex)")
    }

    /// An accepted risk stays the same from report to report.
    func risk(acceptedBy record: SHA256Digest) throws(OpenSSLError) -> String {
        try NameUUID.make("urn:closeout:accepted:v1:\(record.hex)")
    }

    /// So does the control in place of what is missing.
    func control(acceptedBy record: SHA256Digest) throws(OpenSSLError) -> String {
        try NameUUID.make("urn:closeout:accepted:v1:\(record.hex)#control")
    }

    /// A risk stays the same from report to report.
    func risk(_ item: ReportItem) throws(OpenSSLError) -> String {
        try NameUUID.make("urn:closeout:risk:v1:\(item.fingerprint.hex)")
    }

    /// What is found of an objective stays the same from report to report.
    func finding(_ id: String) throws(OpenSSLError) -> String {
        try NameUUID.make("urn:closeout:objective:v1:\(id):\(scope)")
    }
}

/// One outcome as an observation and, where something is wrong, a risk.
struct OSCALObservation {
    let item: ReportItem
    let uuid: String
    let riskUUID: String?
    let findingUUID: String

    init(_ item: ReportItem, _ names: OSCALNames) throws(OpenSSLError) {
        self.item = item
        uuid = try names.observation(item)
        riskUUID = item.status == .fail && item.isRequired ? try names.risk(item) : nil
        findingUUID = try names.finding(item.id)
    }

    /// What was observed, in Markdown.
    private var description: String { MarkdownText.prose("\(item.subject): \(item.reason)") }

    func json(at instant: JSON) -> JSON {
        var properties = [
            OSCALReport.property("check", item.id),
            OSCALReport.property("status", item.status.rawValue),
            OSCALReport.property("required", item.isRequired ? "true" : "false"),
        ]
        if let words = item.acceptance {
            properties.append(OSCALReport.property("accepted", words))
        }
        return [
            "uuid": JSON(uuid), "description": JSON(description), "methods": ["TEST"],
            "collected": instant, "props": .array(properties),
        ]
    }

    /// The risk, which nothing here can close; where it is accepted, that is a deviation.
    var risk: JSON? {
        guard let riskUUID else { return nil }
        return [
            "uuid": JSON(riskUUID), "title": JSON("`\(item.id)` does not pass"),
            "description": JSON(description),
            "statement": JSON(
                MarkdownText.prose(
                    "Not so: \(item.explanation.checks) What to do: \(item.advice)")),
            "status": item.acceptance == nil ? "open" : "deviation-approved",
            "related-observations": [["observation-uuid": JSON(uuid)]],
        ]
    }
}

/// One check as an objective, with all that was observed of it.
struct OSCALObjective {
    let id: String
    let uuid: String
    var observations: [OSCALObservation]

    init(_ first: OSCALObservation) {
        id = first.item.id
        uuid = first.findingUUID
        observations = [first]
    }

    /// Whether the verdict depends on anything that was observed of it.
    var isRequired: Bool { observations.contains { $0.item.isRequired } }

    var json: JSON {
        var members: [JSONMember] = [
            JSONMember("uuid", JSON(uuid)),
            JSONMember("title", JSON("`\(id)`")),
            JSONMember(
                "description",
                JSON(MarkdownText.prose(observations.first?.item.explanation.checks ?? id))),
            JSONMember(
                "target",
                ["type": "objective-id", "target-id": JSON(token), "status": status]),
            JSONMember(
                "related-observations",
                .array(observations.map { ["observation-uuid": JSON($0.uuid)] })),
        ]
        let risks = observations.compactMap(\.riskUUID)
        if !risks.isEmpty {
            members.append(
                JSONMember("related-risks", .array(risks.map { ["risk-uuid": JSON($0)] })))
        }
        return .object(members)
    }

    /// The id as OSCAL allows it: what it does not is `_`.
    private var token: String {
        String(
            decoding: id.utf8.map { byte in
                "/:@+".utf8.contains(byte) ? UInt8(ascii: "_") : byte
            }, as: UTF8.self)
    }

    /// Satisfied only where all that the verdict depends on passes.
    private var status: JSON {
        let required = observations.filter(\.item.isRequired).map(\.item.status)
        if required.contains(.fail) { return ["state": "not-satisfied", "reason": "fail"] }
        if required.allSatisfy({ $0 == .pass }) { return ["state": "satisfied", "reason": "pass"] }
        return ["state": "not-satisfied", "reason": "other"]
    }
}
