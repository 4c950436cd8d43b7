import ArgumentParser
import CloseoutEncodings
import CloseoutFiles
import CloseoutOpenSSL
import CloseoutSignatures

/// Finds what is likely not meant.
struct TrustLint: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Check a policy and warn of likely mistakes.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile

    @Option(
        help: ArgumentHelp("Check as of this time; default now.", valueName: "instant"),
        transform: instantArgument)
    var asOf: Instant?

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let loaded = try file.load()
        let warnings = loaded.lint(at: asOf ?? context.now)
        switch format {
        case .text:
            for warning in warnings {
                try context.console.result("\(warning.kind.rawValue)  \(warning)\n")
            }
        case .json:
            let list = JSON.array(
                warnings.map { warning in
                    [
                        "name": JSON(warning.kind.rawValue), "place": JSON(warning.place),
                        "message": JSON(warning.message),
                    ]
                })
            try context.console.result(list)
        }
        guard warnings.isEmpty else { throw ExitStatus.incomplete.code }
        context.console.note("\(printable(file.path)): nothing to warn of")
    }
}

/// Prints a policy for people.
struct TrustShow: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a policy, its digest and its keys' fingerprints.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: PolicyFile

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let loaded = try file.load()
        if format == .json {
            try context.console.result(JSON.printed(loaded.canonicalBytes) + [UInt8(ascii: "\n")])
            return
        }
        var lines = ["version  \(loaded.version)", "digest   sha256:\(loaded.digest.hex)"]
        if let expires = loaded.expires { lines.append("expires  \(expires)") }
        if let criteria = loaded.criteria { lines.append("criteria sha256:\(criteria.hex)") }
        if loaded.requiresDecision { lines.append("decision required") }
        if let last = loaded.earlier.last {
            let others = loaded.earlier.count - 1
            lines.append(
                "earlier  sha256:\(last.digest.hex)"
                    + (last.until.map { " until \($0)" } ?? "")
                    + (others > 0 ? " and \(others) before it" : ""))
        }
        lines.append("keys")
        lines += loaded.keys.map { "  " + Self.line($0) }
        lines.append("roles")
        for role in Role.allCases {
            guard let rule = loaded.roles[role] else { continue }
            let releases = rule.releases.map { ", for \($0.joined(separator: ", "))" } ?? ""
            lines.append(
                "  \(role.rawValue)  \(rule.threshold) of \(rule.keys.joined(separator: ", "))\(releases)"
            )
        }
        try context.console.result(lines.joined(separator: "\n") + "\n")
    }

    private static func line(_ key: PolicyKey) -> String {
        var parts = [key.id, "operator \(key.operator)", key.format.name]
        parts.append(key.material.algorithm.rawValue)
        if let fingerprint = key.fingerprint { parts.append("sha256:\(fingerprint.hex)") }
        parts += key.material.names
        if let start = key.notBefore { parts.append("from \(start)") }
        if let end = key.notAfter { parts.append("to \(end)") }
        if let revocation = key.revocation {
            parts.append("revoked at \(revocation.at) (\(revocation.reason.name))")
        }
        return parts.joined(separator: " · ")
    }
}
