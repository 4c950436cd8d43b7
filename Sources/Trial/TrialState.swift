import CloseoutEncodings
import CloseoutFiles
import CloseoutRecords
import CloseoutWorkflows

/// How far a trial has come, as `trial.json` in its folder says (docs/trial.md, "Going on").
struct TrialState: Equatable, Sendable {
    static let file = "trial.json"
    private static let kind = "closeout/trial/v1"
    private static let largestFile = 65_536

    /// How many steps are taken.
    var steps = 0
    /// How many actions of the next step are done.
    var actions = 0
    /// How many lines of the bundle's log have been shown.
    var shown = 0
    /// The values of the names in texts.
    var values: [String: String] = [:]

    /// The state as a file.
    var bytes: [UInt8] {
        let members = values.sorted { $0.key < $1.key }.map { JSONMember($0.key, JSON($0.value)) }
        let json: JSON = [
            "kind": JSON(Self.kind), "steps": .integer(Int64(steps)),
            "actions": .integer(Int64(actions)), "shown": .integer(Int64(shown)),
            "values": .object(members),
        ]
        return json.printedBytes + [UInt8(ascii: "\n")]
    }

    init() {}

    /// Reads the state of a folder.
    ///
    /// - Throws: `WorkflowError.refused` where it is no folder of a trial.
    init(of folder: [UInt8]) throws(WorkflowError) {
        let path = Path.join(folder, Array(Self.file.utf8))
        do {
            let bytes = try readFile(path, limit: Self.largestFile)
            try self.init(parsing: bytes)
        } catch let error as FileError where error.isMissing {
            throw .refused(
                .missing, "\(printable(folder)) is no folder of a trial: it has no \(Self.file)",
                hint: "`closeout trial` begins one; --out DIR names its folder")
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .refused(
                .malformed, "\(printable(path)): \(error)",
                hint: "begin another trial: closeout trial --out DIR")
        }
    }

    /// Reads a state.
    ///
    /// - Throws: `JSONError` or `JSONShapeError` where it is none.
    init(parsing bytes: [UInt8]) throws {
        var reader = try JSONObjectReader(JSON(parsing: bytes))
        try reader.constant("kind", Self.kind)
        steps = Int(try reader.integer("steps", in: 0...10))
        actions = Int(try reader.integer("actions", in: 0...100))
        shown = Int(try reader.integer("shown", in: 0...1_000_000))
        for (key, item) in try reader.required("values").members() {
            values[String(decoding: key, as: UTF8.self)] = try item.string()
        }
        try reader.finish()
    }
}
