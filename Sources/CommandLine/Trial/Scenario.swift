import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutVerification

/// One way that a closeout can go, and what it comes to (docs/trial.md, "Scenarios").
struct Scenario: Sendable {
    /// What a bundle is verified to be at the end.
    struct Promise: Equatable, Sendable {
        /// The exit code of `decide`.
        let exit: Int32
        let verdict: Verdict
        /// The decision; nil where the bundle is not VERIFIED, so that none is made.
        let outcome: ReleaseOutcome?
        /// The criteria that are not fulfilled, or, where no decision is made, the checks that fail.
        let findings: [String]
    }

    /// The most bytes of a scenario's file.
    static let largestFile = 16_384

    let name: String
    /// What it shows, in one line.
    let title: String
    let story: Story
    let promise: Promise
    /// The file that it was read from.
    let bytes: [UInt8]

    /// Reads a scenario.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` where it is not of the form of docs/trial.md.
    init(parsing bytes: [UInt8]) throws {
        self.bytes = bytes
        var reader = try JSONObjectReader(JSON(parsing: bytes))
        try reader.constant("kind", "closeout/scenario/v1")
        let item = try reader.required("name")
        name = try item.name()
        guard !name.contains("/") else { throw item.invalid("must not hold a slash") }
        title = try reader.required("title").text()
        story = try Story(try reader.required("story"))
        promise = try Promise(try reader.required("promise"))
        try reader.finish()
    }

    /// The names of all scenarios that are compiled in.
    static let names = texts.map(\.name)

    /// The scenario of a name, or the one that a file holds.
    ///
    /// - Throws: `CommandFailure` where there is neither.
    static func load(_ name: String) throws -> Scenario {
        if let text = texts.first(where: { $0.name.utf8.elementsEqual(name.utf8) })?.text {
            return try Scenario(parsing: Array(text.utf8))
        }
        guard name.contains("/") || name.utf8.suffix(5).elementsEqual(".json".utf8) else {
            throw CommandFailure(
                .usage, "there is no scenario \(printable(Array(name.utf8)))",
                hint: "`closeout trial --list` names all; your own is a file, NAME.json")
        }
        return try Scenario(parsing: try readFile(Array(name.utf8), limit: largestFile))
    }
}

extension Scenario.Promise {
    /// Reads what a scenario promises.
    ///
    /// - Throws: `JSONShapeError` that names the place.
    init(_ item: JSONItem) throws(JSONShapeError) {
        var reader = try item.object()
        exit = Int32(try reader.integer("exit", in: 0...255))
        verdict = try reader.required("verdict").choice()
        outcome = try reader.optional("outcome")?.choice()
        var findings: [String] = []
        for item in try reader.array("findings") { findings.append(try item.name()) }
        self.findings = findings
        try reader.finish()
    }

    /// Reads what `decide --format json` told.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` where it is not such a report.
    init(decision bytes: [UInt8], exit: Int32) throws {
        let report = try JSON(parsing: bytes)
        self.exit = exit
        verdict = try JSONItem(report["verdict"] ?? .null, at: "verdict").choice()
        let decision = verdict == .verified ? report["decision"]?["now"] : nil
        outcome = try decision.map { try JSONItem($0["outcome"] ?? .null, at: "outcome").choice() }
        let list = decision.map { $0["results"] } ?? report["checks"]
        var findings: [String] = []
        for item in try JSONItem(list ?? .null, at: "checks").array() {
            let id = try JSONItem(item.value["id"] ?? .null, at: item.place).string()
            let status = try JSONItem(item.value["status"] ?? .null, at: item.place).string()
            let isOpen = status == "fail" || decision != nil && status == "unknown"
            if isOpen, !findings.contains(id) { findings.append(id) }
        }
        self.findings = findings
    }
}
