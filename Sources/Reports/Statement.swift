import Encodings
import Manifests
import OpenSSL
import Verification

/// Renders a report as an in-toto Statement v1 (docs/reports.md, "Statements").
enum Statement {
    /// A SLSA Verification Summary, which has passed only where the verdict is VERIFIED.
    static func summary(of report: Report, version: String) -> JSON {
        let isVerified = report.verdict == .verified
        let predicate: JSON = [
            "verifier": ["id": verifier, "version": ["closeout": JSON(version)]],
            "timeVerified": JSON("\(report.asOf)"),
            "resourceUri": JSON(resource(of: report)),
            "policy": policy(of: report),
            "verificationResult": isVerified ? "PASSED" : "FAILED",
            "verifiedLevels": [isVerified ? level(of: report) : "FAILED"],
            extensionKey: details(of: report),
        ]
        return statement(report, type: "https://slsa.dev/verification_summary/v1", predicate)
    }

    /// A Simple Verification Result, which holds properties only where the verdict is VERIFIED.
    static func result(of report: Report, version: String) -> JSON {
        let passed = report.families.flatMap { family in
            family.names(.pass).map { JSON(property("\(family.name).\($0)")) }
        }
        let predicate: JSON = [
            "verifier": [
                "id": verifier, "policy": policy(of: report),
                "version": ["closeout": JSON(version)],
            ],
            "timeCreated": JSON("\(report.asOf)"),
            "properties": report.verdict == .verified ? .array([level(of: report)] + passed) : [],
            extensionKey: details(of: report),
        ]
        return statement(report, type: "https://in-toto.io/attestation/svr/v0.1", predicate)
    }

    private static let verifier: JSON = "urn:closeout:verifier:v1"
    /// The field for what the predicates have no word for; both allow fields that are named by URIs.
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

    private static func policy(of report: Report) -> JSON {
        guard let digest = report.policy else { return ["uri": "urn:closeout:no-policy-file"] }
        return ["uri": "urn:closeout:trust:v1", "digest": ["sha256": JSON(digest.hex)]]
    }

    /// What is verified: a whole bundle with its artifacts, or less.
    private static func level(of report: Report) -> JSON {
        let isWhole = report.subject == .bundle && report.notLookedAt.isEmpty
        return isWhole ? "CLOSEOUT_VERIFIED" : "CLOSEOUT_VERIFIED_IN_PART"
    }

    private static func property(_ id: String) -> String {
        "CLOSEOUT_"
            + String(
                decoding: id.utf8.map { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
                    case UInt8(ascii: "."), UInt8(ascii: "-"): UInt8(ascii: "_")
                    default: byte
                    }
                }, as: UTF8.self)
    }

    private static func details(of report: Report) -> JSON {
        [
            "as_of_given": .bool(report.isAsOfGiven), "headline": JSON(report.headline),
            "log_size": report.logSize.map { .integer(Int64($0)) } ?? .null,
            "not_looked_at": .array(report.notLookedAt.map { JSON($0) }),
            "verdict": JSON(report.verdict.rawValue),
        ]
    }
}
