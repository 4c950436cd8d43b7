import CloseoutEncodings

/// Reads the runs of a SARIF file: how many results they have, and of which level.
///
/// A result that names no level has that of its rule, which may follow it; a result of another
/// kind than `fail` has none. What is suppressed is a result all the same. What is not as the format has it
/// is a gap: nobody knows what it was to say.
struct AnalysisReader {
    private(set) var totals = AnalysisTotals()
    private var runs = 0

    /// Reads one run.
    mutating func takeRun(_ reader: inout ForeignJSONReader) throws {
        var run = Run()
        let isRun = try reader.object { key, reader in
            switch String(decoding: key, as: UTF8.self) {
            case "results":
                run.hasResults = try reader.array { reader in try run.takeResult(&reader) }
            case "tool": try run.takeTool(&reader)
            case "invocations":
                try run.list(&reader) { run, reader in try run.takeInvocation(&reader) }
            default: break
            }
        }
        runs += 1
        totals.results += run.results
        totals.errors += run.errors
        if let gap = isRun ? run.gap : "has a run that is no object" { totals.gap = gap }
    }

    /// The totals of all runs.
    var concluded: AnalysisTotals {
        var totals = totals
        if runs == 0 { totals.gap = "has no run" }
        return totals
    }
}

/// How a result names its rule: by its id, its place in the list of the driver, or both.
private struct RuleName: Hashable {
    var id: [UInt8]?
    var place: Int?
}

/// One run.
private struct Run {
    var hasResults = false
    /// Whether a member is of another form than SARIF says, so that nobody knows what it was to say.
    var isMalformed = false
    private var isBroken = false
    private var overridesRules = false
    private var namesExtensionByPlace = false
    private(set) var results = 0
    private var explicit = 0
    /// How many results without a level name a rule.
    private var byRule: [RuleName: Int] = [:]
    /// The rules whose results are errors.
    private var errorRules: Set<[UInt8]> = []
    private var errorPlaces: Set<Int> = []

    /// How many results are errors.
    var errors: Int {
        explicit + byRule.reduce(0) { $0 + (isError($1.key) ? $1.value : 0) }
    }

    /// Why the run does not say everything; nil where it does.
    var gap: String? {
        if isBroken { return "reports a run of its tool that did not succeed" }
        if !hasResults { return "has a run without results, of which nothing is known" }
        if isMalformed { return "has a run that is not of the form of SARIF 2.1.0" }
        if namesExtensionByPlace { return "names a rule of an extension by its place only" }
        guard overridesRules, !byRule.isEmpty else { return nil }
        return "gives rules other levels for one run of its tool"
    }

    /// One invocation of the tool, which must say whether it succeeded.
    mutating func takeInvocation(_ reader: inout ForeignJSONReader) throws {
        var succeeded: Bool?
        try object(&reader) { run, key, reader in
            if key.isEqual(to: "executionSuccessful") { succeeded = try reader.bool() }
            guard key.isEqual(to: "ruleConfigurationOverrides") else { return }
            try run.list(&reader) { run, _ in run.overridesRules = true }
        }
        if succeeded == false { isBroken = true }
        if succeeded == nil { isMalformed = true }
    }

    /// An object, where one must be.
    private mutating func object(
        _ reader: inout ForeignJSONReader,
        _ body: (_ run: inout Run, _ key: [UInt8], _ reader: inout ForeignJSONReader) throws -> Void
    ) throws {
        let isObject = try reader.object { key, reader in try body(&self, key, &reader) }
        if !isObject { isMalformed = true }
    }

    /// An array, where one must be.
    mutating func list(
        _ reader: inout ForeignJSONReader,
        _ body: (_ run: inout Run, _ reader: inout ForeignJSONReader) throws -> Void
    ) throws {
        let isList = try reader.array { reader in try body(&self, &reader) }
        if !isList { isMalformed = true }
    }

    /// The id of a result's rule, which may stand in two members and must be the same in both.
    private mutating func takeName(
        _ reader: inout ForeignJSONReader, of rule: inout RuleName
    ) throws {
        guard let id = try text(&reader) else { return }
        if let earlier = rule.id, earlier != id { isMalformed = true }
        rule.id = id
    }

    /// The place of a result's rule, likewise; -1 is how SARIF says that there is none.
    private mutating func takePlace(
        _ reader: inout ForeignJSONReader, of rule: inout RuleName
    ) throws {
        guard let place = try reader.integer(), place >= -1 else {
            isMalformed = true
            return
        }
        guard place >= 0 else { return }
        if let earlier = rule.place, earlier != place { isMalformed = true }
        rule.place = place
    }

    /// A text, where one must be.
    private mutating func text(_ reader: inout ForeignJSONReader) throws -> [UInt8]? {
        let text = try reader.string()
        if text == nil { isMalformed = true }
        return text
    }

    /// A level; one that SARIF does not have is none.
    private mutating func level(_ reader: inout ForeignJSONReader) throws -> [UInt8]? {
        guard let level = try text(&reader) else { return nil }
        let isKnown = ["none", "note", "warning", "error"].contains { level.isEqual(to: $0) }
        if !isKnown { isMalformed = true }
        return level
    }

    /// Whether a rule's results are errors; what follows a slash in an id names a part of the rule.
    private func isError(_ rule: RuleName) -> Bool {
        if let place = rule.place, errorPlaces.contains(place) { return true }
        guard let id = rule.id else { return false }
        return errorRules.contains(id)
            || errorRules.contains(Array(id.prefix { $0 != UInt8(ascii: "/") }))
    }

    mutating func takeResult(_ reader: inout ForeignJSONReader) throws {
        var level: [UInt8]?
        var rule = RuleName()
        var isFailure = true
        var isAbsent = false
        var isOfExtension = false
        try object(&reader) { run, key, reader in
            switch String(decoding: key, as: UTF8.self) {
            case "level": level = try run.level(&reader)
            case "kind": isFailure = try run.text(&reader)?.isEqual(to: "fail") ?? true
            case "baselineState":
                isAbsent = try run.text(&reader)?.isEqual(to: "absent") ?? false
            case "ruleId": try run.takeName(&reader, of: &rule)
            case "ruleIndex": try run.takePlace(&reader, of: &rule)
            case "rule":
                try run.object(&reader) { run, key, reader in
                    if key.isEqual(to: "id") { try run.takeName(&reader, of: &rule) }
                    if key.isEqual(to: "index") { try run.takePlace(&reader, of: &rule) }
                    if key.isEqual(to: "toolComponent") { isOfExtension = true }
                }
            default: break
            }
        }
        guard !isAbsent else { return }
        results += 1
        if let level {
            if level.isEqual(to: "error") { explicit += 1 }
        } else if isFailure {
            if isOfExtension {
                if rule.id == nil { namesExtensionByPlace = true }
                rule.place = nil
            }
            if rule != RuleName() { byRule[rule, default: 0] += 1 }
        }
    }

    /// The rules of a tool and of its extensions.
    mutating func takeTool(_ reader: inout ForeignJSONReader) throws {
        try object(&reader) { run, key, reader in
            if key.isEqual(to: "driver") {
                try run.takeRules(&reader, isDriver: true)
            } else if key.isEqual(to: "extensions") {
                try run.list(&reader) { run, reader in try run.takeRules(&reader, isDriver: false) }
            }
        }
    }

    private mutating func takeRules(_ reader: inout ForeignJSONReader, isDriver: Bool) throws {
        try object(&reader) { run, key, reader in
            guard key.isEqual(to: "rules") else { return }
            var place = 0
            try run.list(&reader) { run, reader in
                try run.takeRule(&reader, at: isDriver ? place : nil)
                place += 1
            }
        }
    }

    /// One rule; `place` is that of a rule of the driver, by which alone results may name it.
    private mutating func takeRule(_ reader: inout ForeignJSONReader, at place: Int?) throws {
        var id: [UInt8]?
        var isError = false
        try object(&reader) { run, key, reader in
            if key.isEqual(to: "id") { id = try run.text(&reader) }
            guard key.isEqual(to: "defaultConfiguration") else { return }
            try run.object(&reader) { run, key, reader in
                guard key.isEqual(to: "level") else { return }
                isError = try run.level(&reader)?.isEqual(to: "error") ?? false
            }
        }
        guard isError else { return }
        if let id { errorRules.insert(id) }
        if let place { errorPlaces.insert(place) }
    }
}
