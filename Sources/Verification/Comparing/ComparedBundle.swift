import Bundles
import Encodings
package import Manifests
import OpenSSL
import Records

/// One of two bundles that are compared: what was found of it, and what it holds
/// (docs/command-line.md, "diff").
package struct ComparedBundle: Sendable {
    /// What verifying it found, without a look at the shipped files.
    package let report: Report
    /// What was shipped.
    package let manifest: Manifest
    /// What the bundle says in lines that can be compared, by what they are about.
    let lines: [Topic: [String]]

    /// What a bundle is compared by, beside the shipped files.
    package enum Topic: String, CaseIterable, Sendable {
        case release, signers, evidence, attachments, decision, retention, material
    }

    /// Verifies a bundle and reads what it holds.
    ///
    /// - Throws: `BundleError` where there is no bundle to look at, or its manifest is not one.
    package init(_ path: [UInt8], by verifier: Verifier) async throws {
        let inspection = try await verifier.inspect(bundle: path)
        report = inspection.report
        let contents = inspection.contents
        let reader = try BundleReader(opening: path)
        let bytes = try reader.readManifest(contents.log.first(.manifest)).bytes
        guard let bytes, let manifest = try await Manifest.read(bytes).manifest else {
            throw BundleError.malformed("the manifest of \(printable(path))", reason: "unreadable")
        }
        self.manifest = manifest
        var lines: [Topic: [String]] = [:]
        lines[.release] = Self.release(report, manifest)
        lines[.signers] = report.signatures.map(Self.signer)
        lines[.evidence] = contents.files(.evidence).map(Self.record)
        lines[.attachments] = contents.files(.attachment).map(Self.file)
        lines[.material] = (contents.files(.timestamp) + contents.files(.certificate))
            .map(Self.file)
        if let evidence = report.evidence {
            lines[.decision] = Self.decision(evidence)
            lines[.retention] = Self.retention(evidence)
        }
        self.lines = lines
    }

    private static func release(_ report: Report, _ manifest: Manifest) -> [String] {
        guard let release = report.release else { return ["no seal that can be read"] }
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
        return ["\(decision.outcome.rawValue)\(last.standing.counts ? "" : ", asserted")"]
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
