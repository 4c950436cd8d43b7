import ArgumentParser
import CloseoutBundles
package import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification
import CloseoutWorkflows

/// What a release is decided by: the criteria (docs/command-line.md, "decide").
package struct CriteriaOptions: ParsableArguments {
    @Option(help: .criteria("default those that the trust policy pins"), completion: .file())
    var criteria: String?

    /// None yet: the parser sets them.
    package init() {}

    /// The criteria that were named.
    package func given() throws -> Criteria? {
        try criteria.map(Self.load)
    }

    /// The same option for another command, after a blank.
    package var words: String { criteria.map { " --criteria \(shellQuoted($0))" } ?? "" }

    /// The file of the criteria; nil for a profile, and where none were named.
    var file: [UInt8]? {
        criteria.flatMap { Profile(rawValue: $0) == nil ? Array($0.utf8) : nil }
    }

    /// Reads a criteria file, or takes a profile.
    static func load(_ name: String) throws -> Criteria {
        if let profile = Profile(rawValue: name) { return try profile.criteria() }
        let path = Array(name.utf8)
        if !path.isEmpty, (try? fileStatus(path)) == nil {
            throw CommandFailure(
                .missing,
                "\(printable(path)) is neither a criteria file nor a profile",
                hint: "the profiles are \(Profile.names.joined(separator: ", "))")
        }
        do {
            return try Criteria(parsing: try readFile(path, limit: Criteria.largestFile))
        } catch let error as CriteriaError {
            throw CommandFailure(
                .malformed, "\(printable(path)): \(error)",
                hint: "docs/criteria.md has the format; `closeout criteria init` writes an example")
        }
    }
}

extension ArgumentHelp {
    /// How criteria are named in every command: by a file, or by a profile's name.
    static func criteria(_ otherwise: String? = nil) -> ArgumentHelp {
        ArgumentHelp(
            "The criteria: a file, or a profile (\(Profile.names.joined(separator: ", ")))"
                + (otherwise.map { "; \($0)." } ?? "."), valueName: "file|profile")
    }
}

/// What retention is verified by (docs/command-line.md, "retention").
struct RetentionSourceOptions: ParsableArguments {
    @Option(
        name: .customLong("classes"),
        help: ArgumentHelp("The table of retention classes.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var classesFile: [UInt8]?

    @Option(
        help: ArgumentHelp(
            "A storage provider's report on its copies. Repeatable.", valueName: "file"),
        completion: .file(), transform: pathArgument)
    var observations: [[UInt8]] = []

    /// The files that were given, each read once.
    struct Loaded {
        var sources = RetentionSources()
        var files: [GivenDocument] = []
    }

    /// Reads what was given.
    func load() throws -> Loaded {
        var loaded = Loaded()
        if let path = classesFile {
            let input = try readInput(path, limit: RetentionClasses.largestFile)
            loaded.files.append(GivenDocument(input, at: path))
            loaded.sources.classes = try Self.parsing(path) { () throws(CriteriaError) in
                try RetentionClasses(parsing: input.bytes)
            }
        }
        for path in observations {
            let input = try readInput(path, limit: Observations.largestFile)
            loaded.files.append(GivenDocument(input, at: path))
            loaded.sources.observations.append(
                try Self.parsing(path) { () throws(CriteriaError) in
                    try Observations(parsing: input.bytes)
                })
        }
        return loaded
    }

    private static func parsing<Value>(
        _ path: [UInt8], _ parse: () throws(CriteriaError) -> Value
    ) throws -> Value {
        do throws(CriteriaError) {
            return try parse()
        } catch {
            throw CommandFailure(
                .malformed, "\(printable(path)): \(error)", hint: "docs/retention.md has the format"
            )
        }
    }
}
