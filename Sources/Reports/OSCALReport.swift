import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutVerification

/// Renders a report as OSCAL assessment results (docs/reports.md, "OSCAL").
///
/// Descriptions are Markdown in OSCAL, so that text of any origin is escaped as such.
struct OSCALReport {
    /// The version of OSCAL that is written.
    static let version = "1.2.3"
    /// The most findings that are reported.
    static let mostItems = 5_000

    private let report: Report
    private let program: String
    private let names: OSCALNames
    private let observations: [OSCALObservation]
    private let leftOut: Int
    private let reported: OSCALStory

    /// - Throws: `OpenSSLError` where a name cannot be computed.
    init(_ report: Report, version: String) throws(OpenSSLError) {
        self.report = report
        program = version
        let names = try OSCALNames(report)
        self.names = names
        var observations: [OSCALObservation] = []
        let items = try report.items(
            for: nil, telling: { $0.status != .notApplicable }, limit: Self.mostItems)
        for item in items.all where item.status != .notApplicable {
            observations.append(try OSCALObservation(item, names))
        }
        self.observations = observations
        leftOut = items.leftOut
        reported = try OSCALStory(report, names)
    }

    /// The document.
    var json: JSON {
        [
            "assessment-results": [
                "uuid": JSON(names.document),
                "metadata": [
                    "title": JSON(MarkdownText.prose("Verification of\(subject)")),
                    "last-modified": instant, "version": instant,
                    "oscal-version": JSON(Self.version),
                ],
                "import-ap": ["href": JSON("#\(names.plan)")],
                "results": [result],
                "back-matter": ["resources": [plan]],
            ]
        ]
    }

    private var instant: JSON { JSON("\(report.asOf)") }

    private var subject: String {
        report.release == nil ? " a \(report.subject.rawValue)" : report.nameClause
    }

    /// There is no assessment plan but the checks themselves.
    private var plan: JSON {
        [
            "uuid": JSON(names.plan), "title": "The checks of Closeout",
            "description": JSON("Every check of `closeout explain`, of closeout \(program)."),
        ]
    }

    private var result: JSON {
        var members: [JSONMember] = [
            JSONMember("uuid", JSON(names.result)),
            JSONMember("title", JSON(report.verdict.rawValue)),
            JSONMember("description", JSON(MarkdownText.prose(report.headline))),
            JSONMember("start", instant),
            JSONMember("end", instant),
            JSONMember("props", .array(properties)),
            JSONMember(
                "reviewed-controls",
                [
                    "control-selections": [
                        [
                            "description": "The objectives are the checks, by their ids.",
                            "include-all": [:],
                        ]
                    ]
                ]),
            JSONMember(
                "observations",
                .array(observations.map { $0.json(at: instant) } + reported.observations)),
            JSONMember("findings", .array(objectives.map(\.json))),
        ]
        let risks = observations.compactMap { $0.risk } + reported.risks
        if !risks.isEmpty { members.append(JSONMember("risks", .array(risks))) }
        if let remarks { members.append(JSONMember("remarks", JSON(remarks))) }
        return .object(members)
    }

    private var properties: [JSON] {
        var properties = [Self.property("verdict", report.verdict.rawValue)]
        if let policy = report.policy { properties.append(Self.property("policy", policy.hex)) }
        if let release = report.release {
            properties.append(Self.property("seal", release.seal.hex))
        }
        return properties
    }

    /// The objectives that the verdict depends on, with all that was observed of each.
    private var objectives: [OSCALObjective] {
        var objectives: [OSCALObjective] = []
        for observation in observations {
            if let last = objectives.indices.last,
                objectives[last].id.utf8.elementsEqual(observation.item.id.utf8)
            {
                objectives[last].observations.append(observation)
            } else {
                objectives.append(OSCALObjective(observation))
            }
        }
        return objectives.filter(\.isRequired)
    }

    /// What did not apply is no finding, nor what is left out.
    private var remarks: String? {
        let idle = report.families.flatMap { family in
            family.names(.notApplicable).map { "`\(family.name).\($0)`" }
        }
        var remarks = idle.isEmpty ? [] : ["Not applicable: \(idle.joined(separator: ", "))."]
        if leftOut > 0 { remarks.append(ReportItems.words(leftOut: leftOut)) }
        return remarks.isEmpty ? nil : remarks.joined(separator: " ")
    }

    /// A property in a namespace of its own.
    static func property(_ name: String, _ value: String) -> JSON {
        ["name": JSON(name), "ns": "urn:closeout:oscal:v1", "value": JSON(value)]
    }
}
