import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutVerification

/// Renders a report as an in-toto Statement v1 (docs/reports.md, "Statements").
enum Statement {
    /// A SLSA Verification Summary, which has passed only where the verdict is VERIFIED and the
    /// release,
    /// where it was decided on, is not blocked.
    static func summary(of report: Report, version: String) -> JSON {
        let levels = levels(of: report)
        let isBlocked = report.decision?.now?.outcome == .blocked
        let isPassed = !levels.isEmpty && !isBlocked
        var predicate = [
            JSONMember("verifier", ["id": verifier, "version": ["closeout": JSON(version)]]),
            JSONMember("timeVerified", JSON("\(report.asOf)")),
            JSONMember("resourceUri", JSON(resource(of: report))),
            JSONMember("policy", policy(of: report)),
            JSONMember("verificationResult", isPassed ? "PASSED" : "FAILED"),
            JSONMember("verifiedLevels", [isPassed ? levels.last ?? "FAILED" : "FAILED"]),
            JSONMember(extensionKey, details(of: report)),
        ]
        let inputs = inputs(of: report)
        if !inputs.isEmpty { predicate.append(JSONMember("inputAttestations", .array(inputs))) }
        return statement(
            report, type: "https://slsa.dev/verification_summary/v1", .object(predicate))
    }

    /// A Simple Verification Result, which holds properties only where the verdict is VERIFIED.
    static func result(of report: Report, version: String) -> JSON {
        let passed = report.families.flatMap { family in
            family.names(.pass).map { JSON(property("\(family.name).\($0)")) }
        }
        let criteria = (report.decision?.now?.results ?? []).filter { $0.status == .pass }
            .map { JSON(property("\(ReportItem.criteria).\($0.id)")) }
        let levels = levels(of: report)
        let predicate: JSON = [
            "verifier": [
                "id": verifier, "policy": policy(of: report),
                "version": ["closeout": JSON(version)],
            ],
            "timeCreated": JSON("\(report.asOf)"),
            "properties": .array(levels.isEmpty ? [] : levels + passed + criteria),
            extensionKey: details(of: report),
        ]
        return statement(report, type: "https://in-toto.io/attestation/svr/v0.1", predicate)
    }

    private static let verifier: JSON = "urn:closeout:verifier:v1"
    /// The field for what the predicates have no word for; both allow fields that are named by
    /// URIs.
    private static let extensionKey = "urn:closeout:report:v1"

    /// The seal is what was verified; without one there is no subject, and nothing can match.
    private static func statement(_ report: Report, type: String, _ predicate: JSON) -> JSON {
        let subject = report.release.map { release -> JSON in
            ["name": "seal.json", "digest": ["sha256": JSON(release.seal.hex)]]
        }
        return [
            "_type": "https://in-toto.io/Statement/v1",
            "subject": .array([subject].compactMap(\.self)),
            "predicateType": JSON(type),
            "predicate": predicate,
        ]
    }

    /// The package URL of the release.
    private static func resource(of report: Report) -> String {
        guard let release = report.release?.release else { return "urn:closeout:unknown" }
        let name = percentEncoded(release.name, sparing: Array("/".utf8))
        return "pkg:generic/\(name)@\(percentEncoded(release.version))"
    }

    /// What it was judged by: the criteria, where the release was decided on, else the trust
    /// policy.
    private static func policy(of report: Report) -> JSON {
        if let criteria = report.decision?.now?.criteria {
            return [
                "uri": "urn:closeout:criteria:v1", "digest": ["sha256": JSON(criteria.digest.hex)],
            ]
        }
        guard let digest = report.policy else { return ["uri": "urn:closeout:no-policy-file"] }
        return ["uri": "urn:closeout:trust:v1", "digest": ["sha256": JSON(digest.hex)]]
    }

    /// What is verified, and behind that what was decided if the release is ready.
    ///
    /// A whole bundle with its artifacts is verified, or less; nothing, where the verdict is
    /// another.
    private static func levels(of report: Report) -> [JSON] {
        guard report.verdict == .verified else { return [] }
        let isWhole = report.subject == .bundle && report.notLookedAt.isEmpty
        let level: JSON = isWhole ? "CLOSEOUT_VERIFIED" : "CLOSEOUT_VERIFIED_IN_PART"
        switch report.decision?.now?.outcome {
        case .readyForRelease: return [level, "CLOSEOUT_READY_FOR_RELEASE"]
        case .readyWithAcceptedRisk: return [level, "CLOSEOUT_READY_WITH_ACCEPTED_RISK"]
        case .blocked, nil: return [level]
        }
    }

    /// The evidence records that were judged, in log order.
    private static func inputs(of report: Report) -> [JSON] {
        (report.evidence?.records ?? []).map { record in
            [
                "name": JSON(record.signed.record.kind.rawValue),
                "digest": ["sha256": JSON(record.digest.hex)],
                "mediaType": "application/vnd.closeout.record.v1+json",
            ]
        }
    }

    private static func property(_ id: String) -> String {
        "CLOSEOUT_"
            + String(
                decoding: id.utf8.map { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
                    case UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"):
                        byte
                    default: UInt8(ascii: "_")
                    }
                }, as: UTF8.self)
    }

    private static func details(of report: Report) -> JSON {
        let details: JSON = [
            "as_of_given": .bool(report.isAsOfGiven), "headline": JSON(report.headline),
            "log_size": report.logSize.map { .integer(Int64($0)) } ?? .null,
            "not_looked_at": .array(report.notLookedAt.map { JSON($0) }),
            "verdict": JSON(report.verdict.rawValue),
        ]
        guard case .object(let members) = details, let decision = report.decision?.now else {
            return details
        }
        return .object(
            members + [
                JSONMember("outcome", JSON(decision.outcome.rawValue)),
                JSONMember(
                    "accepted",
                    .array(decision.results.filter(\.isAccepted).map { JSON($0.id) })),
                JSONMember("trust", report.policy.map { JSON($0.hex) } ?? .null),
            ])
    }
}
