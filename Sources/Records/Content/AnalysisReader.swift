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
                let isList = try reader.array { reader in try run.takeInvocation(&reader) }
                if !isList { run.isMalformed = true }
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
    /// How many results without a level name a rule, by its id and by its place.
    private var byRule: [[UInt8]: Int] = [:]
    private var byPlace: [Int: Int] = [:]
    /// The rules whose results are errors.
    private var errorRules: Set<[UInt8]> = []
    private var errorPlaces: Set<Int> = []

    /// How many results are errors.
    var errors: Int {
        explicit
            + byRule.reduce(0) { $0 + (isError($1.key) ? $1.value : 0) }
            + errorPlaces.reduce(0) { $0 + byPlace[$1, default: 0] }
    }

    /// Why the run does not say everything; nil where it does.
    var gap: String? {
        if isBroken { return "reports a run of its tool that did not succeed" }
        if !hasResults { return "has a run without results, of which nothing is known" }
        if isMalformed { return "has a run that is not of the form of SARIF 2.1.0" }
        if namesExtensionByPlace { return "names a rule of an extension by its place only" }
        let isByRule = !byRule.isEmpty || !byPlace.isEmpty
        return overridesRules && isByRule ? "gives rules other levels for one run of its tool" : nil
    }

    /// One invocation of the tool, which must say whether it succeeded.
    mutating func takeInvocation(_ reader: inout ForeignJSONReader) throws {
        var succeeded: Bool?
        try reader.object { key, reader in
            if key.isEqual(to: "executionSuccessful") { succeeded = try reader.bool() }
            if key.isEqual(to: "ruleConfigurationOverrides") {
                let isList = try reader.array { _ in overridesRules = true }
                if !isList { isMalformed = true }
            }
        }
        if succeeded == false { isBroken = true }
        if succeeded == nil { isMalformed = true }
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
    private func isError(_ rule: [UInt8]) -> Bool {
        let whole = Array(rule.prefix { $0 != UInt8(ascii: "/") })
        return errorRules.contains(rule) || errorRules.contains(whole)
    }

    mutating func takeResult(_ reader: inout ForeignJSONReader) throws {
        var level: [UInt8]?
        var rule: [UInt8]?
        var place: Int?
        var isFailure = true
        var isAbsent = false
        var isOfExtension = false
        let isResult = try reader.object { key, reader in
            switch String(decoding: key, as: UTF8.self) {
            case "level": level = try self.level(&reader)
            case "kind": isFailure = try text(&reader)?.isEqual(to: "fail") ?? true
            case "baselineState": isAbsent = try text(&reader)?.isEqual(to: "absent") ?? false
            case "ruleId": rule = try text(&reader)
            case "ruleIndex": place = try reader.index()
            case "rule":
                try reader.object { key, reader in
                    if key.isEqual(to: "id") { rule = try text(&reader) }
                    if key.isEqual(to: "index") { place = try reader.index() }
                    if key.isEqual(to: "toolComponent") { isOfExtension = true }
                }
            default: break
            }
        }
        guard isResult else {
            isMalformed = true
            return
        }
        guard !isAbsent else { return }
        results += 1
        if let level {
            if level.isEqual(to: "error") { explicit += 1 }
        } else if isFailure, let rule {
            byRule[rule, default: 0] += 1
        } else if isFailure, isOfExtension {
            namesExtensionByPlace = true
        } else if isFailure, let place {
            byPlace[place, default: 0] += 1
        }
    }

    /// The rules of a tool and of its extensions.
    mutating func takeTool(_ reader: inout ForeignJSONReader) throws {
        try reader.object { key, reader in
            if key.isEqual(to: "driver") {
                try takeRules(&reader, isDriver: true)
            } else if key.isEqual(to: "extensions") {
                try reader.array { reader in try takeRules(&reader, isDriver: false) }
            }
        }
    }

    private mutating func takeRules(_ reader: inout ForeignJSONReader, isDriver: Bool) throws {
        try reader.object { key, reader in
            guard key.isEqual(to: "rules") else { return }
            var place = 0
            try reader.array { reader in
                var id: [UInt8]?
                var isError = false
                let isRule = try reader.object { key, reader in
                    if key.isEqual(to: "id") { id = try text(&reader) }
                    guard key.isEqual(to: "defaultConfiguration") else { return }
                    try reader.object { key, reader in
                        guard key.isEqual(to: "level") else { return }
                        isError = try level(&reader)?.isEqual(to: "error") ?? false
                    }
                }
                if !isRule { isMalformed = true }
                if isError, let id { errorRules.insert(id) }
                if isError, isDriver { errorPlaces.insert(place) }
                place += 1
            }
        }
    }
}
