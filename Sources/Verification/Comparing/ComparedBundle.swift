import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords

/// One of two bundles that are compared: what was found of it, and what it holds
/// (docs/command-line.md, "diff").
package struct ComparedBundle: Sendable {
    /// What verifying it found, without a look at shipped files beside it.
    package let report: Report
    /// What was shipped; nil where that could not be read.
    let manifest: Manifest?
    /// The modes of the shipped files that it carries.
    let modes: CarriedModes?
    /// What the bundle says in lines that can be compared, by what they are about.
    let lines: [Topic: [String]]

    /// What a bundle is compared by, beside the shipped files.
    package enum Topic: String, CaseIterable, Sendable {
        case verdict, release, signers, evidence, attachments, decision, retention, material
        /// The log, and every file that no other topic compares byte for byte.
        case bundle
        /// The modes of the files that it carries in `artifacts/`.
        case modes
    }

    /// Takes what verifying a bundle found and read; nothing is read again.
    ///
    /// - Parameters:
    ///   - inspection: The verification, with the manifest kept.
    ///   - report: Its report, with what rechecking its decisions found.
    package init(_ inspection: Inspection, report: Report) {
        self.report = report
        manifest = inspection.manifest
        let contents = inspection.contents
        modes = inspection.manifest.flatMap { CarriedModes(of: $0, in: inspection.path) }
        var lines: [Topic: [String]] = [:]
        lines[.verdict] = Self.verdict(report)
        lines[.release] = Self.release(report, inspection.manifest)
        lines[.signers] = report.signatures.map(Self.signer)
        lines[.evidence] = contents.files(.evidence).map(Self.record)
        lines[.attachments] = contents.files(.attachment).map(Self.file)
        lines[.material] = (contents.files(.timestamp) + contents.files(.certificate))
            .map(Self.file)
        lines[.bundle] = BundleLines(contents).lines
        if let evidence = report.evidence {
            lines[.decision] = Self.decision(evidence)
            lines[.retention] = Self.retention(evidence)
        }
        self.lines = lines
    }

    /// The files of which nobody can say what they hold, because they could not be read.
    var unread: [String] {
        let ids: [CheckID] = [.bundleDigest, .bundlePrivateKey, .manifestDigest, .manifestSums]
        return report.findings.filter { ids.contains($0.id) && $0.status == .unknown }
            .map(\.subject)
    }

    /// The verdict, and what keeps it from being VERIFIED.
    private static func verdict(_ report: Report) -> [String] {
        // Artifacts are reported by the path that they were found at, which is another for each bundle.
        let problems = report.findings.filter { $0.status.isProblem && $0.id.family != "artifact" }
        return [report.verdict.rawValue]
            + problems.map {
                "\($0.id.rawValue) \($0.status.rawValue)  \($0.subject): \($0.reason)"
            }
    }

    private static func release(_ report: Report, _ manifest: Manifest?) -> [String] {
        guard let release = report.release else { return ["no seal that can be read"] }
        guard let manifest else { return ["no manifest that can be read"] }
        return [
            "release \(release.release)", "created \(release.created)",
            "modes \(manifest.header.modes.rawValue)",
        ] + manifest.header.excludes.map { "exclude \(printable($0.pattern))" }
            + (manifest.header.outsideLinks ? ["links may lead outside"] : [])
    }

    private static func signer(_ line: SignatureLine) -> String {
        let name =
            line.key.map { "\($0) (\(line.operator ?? ""))" }
            ?? line.claimedKey.map { "claims key \($0)" } ?? "names no key"
        let roles = line.roles.isEmpty ? "" : ", \(line.roles.joined(separator: ", "))"
        return "\(name), \(line.format)\(roles)"
    }

    private static func record(_ file: LoggedFile) -> String {
        let record = file.trueBytes.flatMap { try? Record(parsing: $0) }
        let words = record.map { "\($0.kind.name): \($0.summary)" } ?? "unreadable"
        return "\(file.entry.digest.hex)  \(words)"
    }

    private static func file(_ file: LoggedFile) -> String {
        "\(file.entry.digest.hex)  \(printable(file.entry.mediaType))"
    }

    private static func decision(_ evidence: EvidenceState) -> [String] {
        guard let last = evidence.decisions.last, case .decision(let decision) = last.body else {
            return []
        }
        return ["\(decision.outcome.rawValue)\(last.status.counts ? "" : ", asserted")"]
    }

    private static func retention(_ evidence: EvidenceState) -> [String] {
        let retention = evidence.retention
        var lines: [String] = []
        if retention.isApproved {
            lines.append(
                "approved \(retention.until.map { "until \($0)" } ?? "without an end so far")")
        } else if !retention.items.isEmpty {
            lines.append(retention.denials.isEmpty ? "requested, not approved" : "denied")
        }
        return lines
            + evidence.holds.filter(\.isHeld).map { "held for \(printable($0.placement.matter))" }
    }
}
