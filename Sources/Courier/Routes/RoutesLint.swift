import ArgumentParser
import CloseoutCommandLine
import CloseoutDelivery
import CloseoutEncodings

/// Says what is wrong with routes, what is likely not meant, and what their owner should know.
struct RoutesLint: CloseoutCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check routes, without looking up a name or opening a connection.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var file: RoutesOptions

    @Flag(help: "Read the secrets too, and run the programs that give them.")
    var secrets = false

    @Option(help: "Output format.")
    var format: OutputFormat = .text

    func execute(_ context: Context) async throws {
        let routes = try file.load()
        guard !routes.routes.isEmpty else {
            throw CommandFailure(
                .failed, "\(printable(try file.path)) has no route",
                hint: "`closeout routes init` writes examples")
        }
        let source = secrets ? await GatheredSecrets.gather(for: routes.routes) : nil
        let findings = routes.lint(with: source)
        switch format {
        case .text:
            for finding in findings {
                try context.console.result(
                    "\(finding.weight.rawValue.padded(to: 7))  \(finding.route) "
                        + "\(finding.member): \(finding.sentence) [\(finding.code)]\n")
            }
        case .json:
            try context.console.result(JSON.array(findings.map(\.json)))
        }
        let exposed = routes.exposed(at: try file.path)
        context.console.warn(of: exposed)
        let weights = Set(findings.map(\.weight))
        if weights.contains(.error) { throw ExitStatus.failed.code }
        if weights.contains(.warning) || !exposed.isEmpty { throw ExitStatus.incomplete.code }
        context.console.note("\(printable(try file.path)): nothing to warn of")
    }
}

extension RouteFinding {
    fileprivate var json: JSON {
        [
            "weight": JSON(weight.rawValue), "route": JSON(route), "member": JSON(member),
            "code": JSON(code), "sentence": JSON(sentence),
        ]
    }
}

extension String {
    /// The text with blanks behind it, up to a width.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
