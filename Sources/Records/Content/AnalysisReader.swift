import CloseoutEncodings

/// Reads the runs of a SARIF file: how many results they have, and of which level.
///
/// A result that names no level has that of its rule, which may follow it; a result of another
/// kind than `fail` has none. What is suppressed is a result all the same.
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
                try reader.array { reader in
                    try reader.object { key, reader in
                        guard key.isEqual(to: "executionSuccessful") else { return }
                        if try reader.bool() == false { run.isBroken = true }
                    }
                }
            default: break
            }
        }
        guard isRun else { return }
        runs += 1
        totals.results += run.results
        totals.errors += run.errors
        if run.isBroken {
            totals.gap = "reports a run of its tool that did not succeed"
        } else if !run.hasResults {
            totals.gap = "has a run without results, of which nothing is known"
        }
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
    var isBroken = false
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
        let isResult = try reader.object { key, reader in
            switch String(decoding: key, as: UTF8.self) {
            case "level": level = try reader.string()
            case "kind": isFailure = try reader.string()?.isEqual(to: "fail") ?? true
            case "baselineState": isAbsent = try reader.string()?.isEqual(to: "absent") ?? false
            case "ruleId": rule = try reader.string()
            case "ruleIndex": place = try reader.index()
            case "rule":
                try reader.object { key, reader in
                    if key.isEqual(to: "id") { rule = try reader.string() }
                    if key.isEqual(to: "index") { place = try reader.index() }
                }
            default: break
            }
        }
        guard isResult, !isAbsent else { return }
        results += 1
        if let level {
            if level.isEqual(to: "error") { explicit += 1 }
        } else if isFailure, let rule {
            byRule[rule, default: 0] += 1
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
                try reader.object { key, reader in
                    if key.isEqual(to: "id") { id = try reader.string() }
                    guard key.isEqual(to: "defaultConfiguration") else { return }
                    try reader.object { key, reader in
                        guard key.isEqual(to: "level") else { return }
                        isError = try reader.string()?.isEqual(to: "error") ?? false
                    }
                }
                if isError, let id { errorRules.insert(id) }
                if isError, isDriver { errorPlaces.insert(place) }
                place += 1
            }
        }
    }
}
