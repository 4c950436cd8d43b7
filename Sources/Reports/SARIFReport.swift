import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Renders a report as SARIF 2.1.0 (docs/reports.md, "SARIF").
///
/// What passes is no result: code scanning shows every result as an alert, whatever its kind.
struct SARIFReport {
    /// The most results of a run, above which services refuse it.
    static let mostResults = 25_000
    /// The most bytes of all results together; with all else a file stays below 10 MB.
    static let mostBytes = 8_000_000
    /// The most bytes of a list of decisions, records or risks.
    private static let mostListBytes = 400_000

    private let report: Report
    private let version: String
    private let items: ReportItems

    /// - Throws: `OpenSSLError` where a fingerprint cannot be computed.
    init(
        _ report: Report, version: String, for purpose: ReportPurpose
    ) throws(OpenSSLError) {
        self.report = report
        self.version = version
        items = try report.items(
            for: purpose, telling: { $0.status == .fail || $0.status == .unknown },
            limit: Self.mostResults)
    }

    /// The log file with its one run.
    var json: JSON {
        let (parts, leftOut) = items.rendered(within: Self.mostBytes) { item in
            result(item).map { ($0, $0.printedBytes.count + 1) }
        }
        let verdict = items.all.first.flatMap { result($0, leftOut: leftOut) }
        return [
            "$schema": JSON(Self.schema),
            "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": driver],
                    "automationDetails": ["id": JSON("closeout/" + (release ?? "unknown") + "/")],
                    "columnKind": "unicodeCodePoints",
                    "invocations": [["executionSuccessful": true]],
                    "originalUriBaseIds": [
                        "ARTIFACTS": ["description": ["text": "The folder of the shipped files."]],
                        "BUNDLE": ["description": ["text": "The bundle."]],
                    ],
                    "properties": properties(leftOut: leftOut),
                    "results": .array([verdict].compactMap(\.self) + parts),
                ]
            ],
        ]
    }

    private static let schema =
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

    private var release: String? { report.release.map { "\($0.release)" } }

    private var driver: JSON {
        [
            "name": "closeout", "version": JSON(version),
            "rules": .array(
                rules.map { item in
                    [
                        "id": JSON(item.id),
                        "shortDescription": ["text": Self.message(item.explanation.checks)],
                        "help": ["text": Self.message(item.explanation.remedy)],
                    ]
                }),
        ]
    }

    /// The checks and criteria that the report has, each once.
    private var rules: [(id: String, explanation: (checks: String, remedy: String))] {
        var checks: [CheckID] = []
        for finding in report.findings where checks.last != finding.id { checks.append(finding.id) }
        let others = items.all.filter { $0.turn == nil }.map { ($0.id, $0.explanation) }
        return others.prefix(1)
            + checks.map { ($0.rawValue, ($0.explanation.checks, $0.explanation.remedy)) }
            + others.dropFirst()
    }

    private func properties(leftOut: Int) -> JSON {
        func ids(_ status: CheckStatus) -> JSON {
            let names = report.families.flatMap { family in
                family.names(status).map { "\(family.name).\($0)" }
            }
            let criteria = items.all.filter {
                $0.family == ReportItem.criteria && $0.status == status
            }
            return .array((names + criteria.map(\.id)).map { JSON($0) })
        }
        return [
            "as_of": JSON("\(report.asOf)"), "headline": JSON(report.headline),
            "policy": report.policy.map { JSON($0.hex) } ?? .null,
            "seal": report.release.map { JSON($0.seal.hex) } ?? .null,
            "verdict": JSON(report.verdict.rawValue),
            "passed": ids(.pass), "not_applicable": ids(.notApplicable),
            "results_left_out": .integer(Int64(leftOut)), "decision": decision,
            "records": Self.fitting(report.recordLines.map(\.json)),
            "risks": Self.fitting(report.riskLines.map(\.json)),
        ]
    }

    /// What was decided, by whom, and apart from it what would be decided now.
    private var decision: JSON {
        let now: JSON =
            report.decision?.now.map { now in
                [
                    "outcome": JSON(now.outcome.rawValue), "reason": JSON(now.reason),
                    "as_of": JSON("\(now.asOf)"),
                ]
            } ?? .null
        let decided = report.recordedDecisions.map { decision -> JSON in
            [
                "heading": JSON(decision.heading),
                "outcome": JSON(decision.outcome.rawValue), "as_of": JSON("\(decision.asOf)"),
                "operators": .array(decision.operators.map { JSON($0) }),
                "rules": JSON(decision.rules), "recomputed": JSON(decision.status.rawValue),
                "account": JSON(decision.account), "record": JSON(decision.digest.hex),
            ]
        }
        return ["decided": Self.fitting(decided), "would_be": now]
    }

    /// The first of a list, with how many more there are.
    private static func fitting(_ list: [JSON]) -> JSON {
        var rest = mostListBytes
        let reported = list.prefix { item in
            rest -= item.printedBytes.count + 1
            return rest >= 0
        }
        return [
            "told": .array(Array(reported)),
            "left_out": .integer(Int64(list.count - reported.count)),
        ]
    }

    private func result(_ item: ReportItem, leftOut: Int = 0) -> JSON? {
        let grade: (kind: JSON, level: JSON)
        switch item.status {
        case .pass where leftOut > 0: grade = ("pass", "none")
        case .pass, .notApplicable: return nil
        case .fail:
            grade = ("fail", item.isRequired && item.acceptance == nil ? "error" : "warning")
        case .unknown: grade = ("open", "none")
        }
        let hint = item.hint.map { " What to do: \($0)" } ?? ""
        let more = leftOut > 0 ? " \(ReportItems.words(leftOut: leftOut))" : ""
        let members: JSON = [
            "ruleId": JSON(item.id), "kind": grade.kind, "level": grade.level,
            "message": ["text": Self.message("\(item.subject): \(item.reason).\(hint)\(more)")],
            "locations": [
                [
                    "physicalLocation": ["artifactLocation": Self.location(of: item)],
                    "logicalLocations": [["fullyQualifiedName": JSON(item.subject)]],
                ]
            ],
            "partialFingerprints": ["closeout/v1": JSON(item.fingerprint.hex)],
            "properties": [
                "required": .bool(item.isRequired), "status": JSON(item.status.rawValue),
            ],
        ]
        guard case .object(let all) = members, let acceptance = item.acceptance else {
            return members
        }
        let suppression: JSON = [
            "kind": "external", "status": "accepted", "justification": Self.message(acceptance),
        ]
        return .object(all + [JSONMember("suppressions", [suppression])])
    }
}

extension SARIFReport {
    /// Text for a message, in which brackets make links and braces are placeholders
    /// (SARIF 2.1.0, 3.11.5 and 3.11.6).
    static func message(_ text: String) -> JSON {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "[", "]": out += "\\\(scalar)"
            case "{": out += "{{"
            case "}": out += "}}"
            default: out += visible(scalar)
            }
        }
        return JSON(out)
    }

    /// The file that an outcome is about; for the whole, the seal.
    static func location(of item: ReportItem) -> JSON {
        switch item.subject.isEmpty ? "" : item.family {
        case "artifact" where item.id != CheckID.artifactGiven.rawValue:
            return ["uri": uri(item.subject), "uriBaseId": "ARTIFACTS"]
        case "bundle", "certificate", "record", "sigstore", "timestamp":
            return ["uri": uri(item.subject), "uriBaseId": "BUNDLE"]
        case "signature" where item.id != CheckID.signatureThreshold.rawValue:
            return ["uri": uri(item.subject), "uriBaseId": "BUNDLE"]
        case "log": return ["uri": "log.jsonl", "uriBaseId": "BUNDLE"]
        case "manifest": return ["uri": "manifest.jsonl", "uriBaseId": "BUNDLE"]
        default: return ["uri": "seal.json", "uriBaseId": "BUNDLE"]
        }
    }

    private static func uri(_ path: String) -> JSON {
        JSON(percentEncoded(path, sparing: Array("/".utf8)))
    }
}
