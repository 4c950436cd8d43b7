import Encodings
import OpenSSL
import Verification

/// Renders a report as SARIF 2.1.0 (docs/reports.md, "SARIF").
///
/// What passes is no result: code scanning shows every result as an alert, whatever its kind.
struct SARIFReport {
    private let report: Report
    private let version: String
    private let items: [ReportItem]

    /// - Throws: `OpenSSLError` where a fingerprint cannot be computed.
    init(_ report: Report, version: String) throws(OpenSSLError) {
        self.report = report
        self.version = version
        items = try report.items()
    }

    /// The log file with its one run.
    var json: JSON {
        [
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
                    "properties": properties,
                    "results": .array(items.compactMap(result)),
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

    /// One item for each check, of which there may be several in a row.
    private var rules: [ReportItem] {
        var rules: [ReportItem] = []
        for item in items where rules.last?.id != item.id { rules.append(item) }
        return rules
    }

    private var properties: JSON {
        func ids(_ status: CheckStatus) -> JSON {
            let names = report.families.flatMap { family in
                family.names(status).map { "\(family.name).\($0)" }
            }
            let criteria = items.filter {
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
        ]
    }

    private func result(_ item: ReportItem) -> JSON? {
        let grade: (kind: JSON, level: JSON)
        switch item.status {
        case .pass, .notApplicable: return nil
        case .fail: grade = ("fail", item.isRequired ? "error" : "warning")
        case .unknown: grade = ("open", "none")
        }
        let hint = item.hint.map { " What to do: \($0)" } ?? ""
        let suppressions: [JSON] = [item.acceptance].compactMap(\.self).map { words in
            [
                "kind": "external", "status": "accepted",
                "justification": Self.message(words),
            ]
        }
        let members: JSON = [
            "ruleId": JSON(item.id), "kind": grade.kind, "level": grade.level,
            "message": ["text": Self.message("\(item.subject): \(item.reason).\(hint)")],
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
        guard case .object(let all) = members, !suppressions.isEmpty else { return members }
        return .object(all + [JSONMember("suppressions", .array(suppressions))])
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
        case "bundle", "certificate", "record", "timestamp":
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
