import ArgumentParser
import CloseoutReports
import CloseoutSignatures

/// Options and commands that are read without the parser where the command line is plain
/// (docs/architecture.md, "Start").
///
/// The parser finds out by reflection what there is, which takes longer than verifying a small bundle. So the
/// commands that are run most set their properties here, by the names and functions that they give
/// the parser too. What is not plain, and all that is wrong, the parser reads and reports.
/// A test holds both to the same values and to all properties.
protocol PlainlyRead: ParsableArguments {
    /// Sets every property: options first, then the arguments without a name.
    mutating func take(_ arguments: inout PlainArguments) throws
}

extension PlainlyRead {
    /// Reads a plain command line; nil where the parser must read it.
    init?(plainly words: [String]) {
        var arguments = PlainArguments(words)
        do {
            self = try arguments.group()
        } catch {
            return nil
        }
        guard arguments.areAllTaken else { return nil }
    }
}

/// The words of a command line, which are taken one after the other.
///
/// Plain is: each option has its value behind it or behind `=`, no value begins with a dash, and what
/// takes one value is there once.
struct PlainArguments {
    /// The parser must read the command line.
    private struct NotPlain: Error {}

    private var words: [String]

    init(_ words: [String]) { self.words = words }

    /// Whether nothing is left.
    var areAllTaken: Bool { words.isEmpty }

    /// Takes a group of options.
    mutating func group<Group: PlainlyRead>(_: Group.Type = Group.self) throws -> Group {
        var group = Group()
        try group.take(&self)
        try group.validate()
        return group
    }

    /// Takes a flag.
    mutating func flag(_ name: String) -> Bool {
        guard
            let index = words.firstIndex(where: { Self.rest(of: $0, behind: name)?.isEmpty == true }
            )
        else { return false }
        words.remove(at: index)
        return true
    }

    /// Takes the value of an option that may be given once.
    mutating func value<Value>(
        _ name: String, _ read: (String) throws -> Value?
    ) throws -> Value? {
        guard let text = try text(of: name) else { return nil }
        return try Self.value(of: text, read)
    }

    /// Takes all values of an option that may be repeated.
    mutating func values<Value>(
        _ name: String, _ read: (String) throws -> Value?
    ) throws -> [Value] {
        var values: [Value] = []
        while let text = try text(of: name) { values.append(try Self.value(of: text, read)) }
        return values
    }

    /// Takes the next argument without a name, behind which all options are taken.
    mutating func argument<Value>(_ read: (String) throws -> Value?) throws -> Value {
        guard let value = try optionalArgument(read) else { throw NotPlain() }
        return value
    }

    /// Takes the next argument without a name, where there is one.
    mutating func optionalArgument<Value>(
        _ read: (String) throws -> Value?
    ) throws -> Value? {
        guard let word = words.first else { return nil }
        guard !Self.beginsWithDash(word) else { throw NotPlain() }
        words.removeFirst()
        return try Self.value(of: word, read)
    }

    private static func value<Value>(
        of text: String, _ read: (String) throws -> Value?
    ) throws -> Value {
        guard let value = try read(text) else { throw NotPlain() }
        return value
    }

    private mutating func text(of name: String) throws -> String? {
        for (index, word) in words.enumerated() {
            guard let rest = Self.rest(of: word, behind: name) else { continue }
            if rest.isEmpty {
                guard index + 1 < words.count, !Self.beginsWithDash(words[index + 1]) else {
                    throw NotPlain()
                }
                let value = words[index + 1]
                words.removeSubrange(index...index + 1)
                return value
            }
            guard rest.utf8.first == UInt8(ascii: "="), rest.utf8.count > 1 else { continue }
            words.remove(at: index)
            return String(rest.utf8.dropFirst())
        }
        return nil
    }

    /// What follows a name at the beginning of a word; nil where it does not begin so.
    private static func rest(of word: String, behind name: String) -> Substring? {
        guard beginsWithDash(word) else { return nil }
        return word.utf8.starts(with: name.utf8)
            ? Substring(word.utf8.dropFirst(name.utf8.count)) : nil
    }

    private static func beginsWithDash(_ word: String) -> Bool {
        word.utf8.first == UInt8(ascii: "-")
    }
}

extension CommonOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        quiet = arguments.flag("--quiet")
    }
}

extension TrustOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        policy = try arguments.group()
        key = try arguments.value("--key") { $0 }
        algorithm = try arguments.value("--algorithm") { $0 }
        trustDigest = try arguments.value("--trust-digest", digestArgument)
        trustVersionAtLeast = try arguments.value("--trust-version-at-least") { Int64($0) }
    }
}

extension PolicyOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        trust = try arguments.value("--trust", pathArgument)
        allowSampleKeys = arguments.flag("--allow-sample-keys")
    }
}

extension EarlierTrustOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        files = try arguments.values("--trust-then", pathArgument)
    }
}

extension UntrustedCertificateOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        paths = try arguments.values("--crl", pathArgument)
    }
}

extension ArtifactOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        artifacts = try arguments.value("--artifacts", pathArgument)
    }
}

extension AsOfOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        asOf = try arguments.value("--as-of", instantArgument)
    }
}

extension CriteriaOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        criteria = try arguments.value("--criteria") { $0 }
    }
}

extension PassphraseOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        passphrase = try arguments.value("--passphrase") { PassphraseSource(argument: $0) }
        allowReadableKey = arguments.flag("--allow-readable-key")
    }
}

extension ReportFileOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        report = try arguments.values("--report", reportArgument)
    }
}

extension ReportOptions: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        format = try arguments.value("--format") { PrintedFormat(argument: $0) } ?? .report(.text)
        details = arguments.flag("--details")
        files = try arguments.group()
        reportKey = try arguments.value("--report-key") { SecretSource(argument: $0) }
        secrets = try arguments.group()
    }
}

extension Verify: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        common = try arguments.group()
        trust = try arguments.group()
        earlier = try arguments.group()
        material = try arguments.group()
        shipped = try arguments.group()
        file = try arguments.values("--file", chosenFileArgument)
        release = try arguments.value("--release", releaseArgument)
        time = try arguments.group()
        previous = try arguments.value("--previous", pathArgument)
        modes = try arguments.value("--modes") { Modes(rawValue: $0) } ?? .recorded
        require = try arguments.values("--require") { Role(rawValue: $0) }
        criteria = try arguments.group()
        requireDecision = arguments.flag("--require-decision")
        allowExcluded = arguments.flag("--allow-excluded")
        reports = try arguments.group()
        bundle = try arguments.argument(pathArgument)
    }
}

extension VerifySignature: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        common = try arguments.group()
        trust = try arguments.group()
        material = try arguments.group()
        token = try arguments.value("--token", pathArgument)
        type = try arguments.value("--type") { $0 }
        time = try arguments.group()
        format = try arguments.value("--format") { OutputFormat(rawValue: $0) } ?? .text
        file = try arguments.argument(pathArgument)
        signature = try arguments.argument(pathArgument)
    }
}

extension Explain: PlainlyRead {
    mutating func take(_ arguments: inout PlainArguments) throws {
        common = try arguments.group()
        format = try arguments.value("--format") { OutputFormat(rawValue: $0) } ?? .text
        id = try arguments.optionalArgument { $0 }
    }
}
