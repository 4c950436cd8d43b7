import CloseoutEncodings
import CloseoutFiles
package import CloseoutRecords
package import CloseoutVerification
package import CloseoutWorkflows

/// One way that a closeout can go, and what it promises (docs/trial.md, "Scenarios").
package struct Scenario: Sendable {
    /// What is found of a bundle at the end.
    package struct Promise: Equatable, Sendable {
        /// The exit code of `decide`.
        package let exit: Int32
        /// The verdict on it.
        package let verdict: Verdict
        /// The decision; nil where the bundle is not VERIFIED, so that none is made.
        package let outcome: ReleaseOutcome?
        /// The criteria that are not fulfilled, or, where no decision is made, the checks that fail.
        package let findings: [String]
    }

    /// The most bytes of a scenario's file.
    static let largestFile = 16_384
    /// The file of a trial's folder that holds the scenario that is played.
    static let file = "scenario.json"

    /// Its name, from which the folder takes its own.
    package let name: String
    /// What it shows, in one line.
    package let title: String
    /// What happens.
    let story: Story
    /// What it promises.
    package let promise: Promise
    /// The file that it was read from.
    package let bytes: [UInt8]

    /// Reads a scenario.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` where it is not of the form of docs/trial.md.
    package init(parsing bytes: [UInt8]) throws {
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

    /// The scenario of a name, or the one that a file holds.
    ///
    /// - Throws: `WorkflowError` where there is neither, or it is not of the form of docs/trial.md.
    package static func load(_ name: String) throws(WorkflowError) -> Scenario {
        if let bytes = embedded.first(where: { $0.name.utf8.elementsEqual(name.utf8) })?.bytes {
            do { return try Scenario(parsing: bytes) } catch { throw WorkflowError(error) }
        }
        guard name.contains("/") || name.utf8.suffix(5).elementsEqual(".json".utf8) else {
            throw .refused(
                .usage, "there is no scenario \(printable(name))",
                hint: "`closeout trial --list` names all; your own is a file, NAME.json")
        }
        return try read(Array(name.utf8))
    }

    /// Reads the scenario of a file.
    ///
    /// - Throws: `WorkflowError` where it is not of the form of docs/trial.md.
    static func read(_ path: [UInt8]) throws(WorkflowError) -> Scenario {
        do {
            return try Scenario(parsing: readFile(path, limit: largestFile))
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .refused(
                .malformed, "\(printable(path)): \(error)",
                hint:
                    "docs/trial.md has the form of a scenario; `closeout trial` leaves one in its "
                    + "folder")
        }
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
}
