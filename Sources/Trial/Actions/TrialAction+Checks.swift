import CloseoutDecisions
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutReports
import CloseoutVerification
import CloseoutWorkflows

/// What a person can repeat at any time: it checks and writes nothing.
extension TrialAction {
    private static let bundle = TrialNames.bundle

    /// The digests of the shipped files.
    static let digests = TrialAction("cat \(bundle)/SHA256SUMS") {
        Result(lines: texts(try $0.read("\(bundle)/SHA256SUMS")))
    }

    /// Compares the shipped files with these digests.
    static let digestComparison = TrialAction("(cd app && sha256sum -c ../\(bundle)/SHA256SUMS)") {
        desk in
        let lines = try texts(desk.read("\(bundle)/SHA256SUMS")).map { line in
            let file = String(line.dropFirst(66))
            let digest = try SHA256Digest.of(try desk.read("app/\(file)"))
            return "\(file): \(line.hasPrefix(digest.hex) ? "OK" : "FAILED")"
        }
        return Result(exit: lines.allSatisfy { $0.hasSuffix("OK") } ? 0 : 1, lines: lines)
    }

    /// Verifies the bundle with the shipped files.
    static func verification(exit: Int32) -> TrialAction {
        TrialAction("closeout verify \(bundle) --artifacts app", exit: exit) { desk in
            let report = try await desk.check(Desk.Question(isDeciding: false)).report
            return Result(exit: report.verdict.exit, lines: brief(report))
        }
    }

    /// Writes the proof of one shipped file.
    static let proof = silent(
        "closeout prove \(bundle) bin/payments -o payments.closeout-proof"
    ) { desk in
        _ = try await writeProof(
            of: Array("bin/payments".utf8), in: desk.path(bundle),
            to: desk.path("payments.closeout-proof"))
    }

    /// Verifies that file without the bundle.
    static func proofVerification(exit: Int32) -> TrialAction {
        TrialAction(
            "closeout verify payments.closeout-proof --file app/bin/payments", exit: exit
        ) { desk in
            let report = try await desk.verify(
                proof: "payments.closeout-proof", of: "app/bin/payments")
            return Result(exit: report.verdict.exit, lines: brief(report))
        }
    }

    /// Lists what is held.
    static let holds = TrialAction("closeout hold list \(bundle)") { desk in
        let holds = try await desk.evidence().holds
        return Result(
            lines: holds.isEmpty
                ? ["nothing is held"]
                : holds.map {
                    "\($0.isHeld ? "held" : "released")  \(printable($0.placement.matter))"
                })
    }

    /// Reports the state of retention.
    static func health(_ observations: String? = nil, exit: Int32) -> TrialAction {
        let option = observations.map { " \\\n  --observations \($0)" } ?? ""
        return TrialAction(
            "closeout retention health \(bundle) --classes classes.json\(option)", exit: exit
        ) { desk in
            let (health, report) = try await desk.health(observations)
            desk.values["finding"] = health.findings.first?.id
            let level: Int32 =
                switch health.level {
                case .healthy, .warning: 0
                case .critical: 30
                case .unknown: 40
                }
            return Result(
                exit: report.integrity == .verified ? level : report.integrity.exit,
                lines: ["\(health.level.rawValue), as of \(health.asOf)"]
                    + health.findings.map {
                        "\($0.check), \($0.severity.rawValue): \($0.object): \($0.reason)"
                    })
        }
    }

    /// Lists the accepted risks.
    static let risks = TrialAction("closeout risk list \(bundle)") {
        Result(lines: try await $0.evidence().riskLines.map(RiskText.line))
    }

    /// Lists the records of these kinds with their status.
    static func records(_ kinds: String) -> TrialAction {
        TrialAction("closeout status \(bundle) | grep -E ' (\(kinds))'") { desk in
            let names = kinds.split(separator: "|")
            let lines = try await desk.evidence().lines.filter { line in
                names.contains { line.kind.name.hasPrefix($0) }
            }
            return Result(
                lines: lines.map { "\($0.kind.name) \($0.digest.hex.prefix(12)): \($0.state)" })
        }
    }

    /// Decides without writing anything to the bundle.
    static func decision(
        _ question: Desk.Question, options: String, exit: Int32
    ) -> TrialAction {
        TrialAction("closeout decide \(bundle) \(options)", exit: exit) { desk in
            let report = try await desk.check(question).report
            let text =
                report.presentDecision == nil
                ? TextReport.render(report) : TextReport.decision(report)
            return Result(exit: report.decidingExit, lines: texts(Array(text.utf8)))
        }
    }

    /// The same decision as a file.
    static func decisionFile(
        _ question: Desk.Question, options: String, exit: Int32
    ) -> TrialAction {
        TrialAction(
            "closeout decide \(bundle) \(options) \\\n  --format json >\(TrialNames.report)",
            exit: exit
        ) { desk in
            let report = try await desk.check(question).report
            try desk.write(
                TrialNames.report, report.json.printedBytes + [UInt8(ascii: "\n")])
            return Result(exit: report.decidingExit)
        }
    }

    /// Copies what everyone may see of the bundle, and says what was withheld.
    static let export = TrialAction("closeout export public \(bundle) -o \(TrialNames.public)") {
        desk in
        let receipt = try await exportPublic(
            bundle: desk.path(bundle), to: desk.path(TrialNames.public))
        let withheld = try await desk.withheld()
        desk.values["withheld"] = "\(withheld.count)"
        let notes = receipt.remarks.compactMap { remark in
            if case .note(let note) = remark { note } else { nil }
        }
        return Result(lines: notes + withheld.kinds.map { "  \($0)" })
    }

    /// A report at a glance.
    private static func brief(_ report: Report) -> [String] {
        texts(Array(TextReport.brief(report, details: nil).utf8))
    }

    private static func texts(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension Verdict {
    /// The exit code that it ends with (docs/command-line.md, "Exit codes").
    var exit: Int32 {
        switch self {
        case .verified: 0
        case .failed: 30
        case .incomplete: 40
        }
    }
}

extension ReleaseOutcome {
    /// The exit code that it ends with (docs/command-line.md, "Exit codes").
    var exit: Int32 {
        switch self {
        case .readyForRelease: 0
        case .readyWithAcceptedRisk: 10
        case .blocked: 20
        }
    }
}

extension Report {
    /// The decision that `decide` ends with; nil where the bundle is not VERIFIED.
    var presentDecision: Decision? { verdict == .verified ? decision?.now : nil }

    /// The exit code of `decide`.
    var decidingExit: Int32 { presentDecision?.outcome.exit ?? verdict.exit }
}
