import Bundles
import Decisions
import Encodings
import OpenSSL
import Records
import Signatures
import Verification

/// A verified bundle, the recheck of its decisions, and what that took.
struct RecheckedBundle {
    let inspection: Inspection
    let report: Report
    let criteria: Criteria?
    let sources: RetentionSources?

    /// Verifies a bundle and rechecks every decision that it has (docs/criteria.md, "Recheck").
    init(
        _ path: [UInt8], _ request: VerificationRequest, criteria options: CriteriaOptions,
        sources: RetentionSources?
    ) async throws {
        let verifier = Verifier(request: request)
        inspection = try await verifier.inspect(bundle: path)
        let pinned = request.trust.policy?.criteria
        var needed = Recheck.attachmentsNeeded(inspection.report.evidence)
        if let pinned { needed.insert(pinned) }
        let attachments = try Self.attachments(needed, of: inspection)
        criteria = try options.criteria(pinned: pinned, among: attachments)
        self.sources = sources
        report = try await Recheck(
            inspection, verifier: verifier, criteria: criteria, pinned: pinned, sources: sources,
            attachments: attachments
        ).report()
    }

    /// The bytes of attachments of the bundle; what is not there or is too large is left out.
    private static func attachments(
        _ digests: Set<SHA256Digest>, of inspection: Inspection
    ) throws -> [SHA256Digest: [UInt8]] {
        let entries = inspection.contents.log.entries.filter {
            $0.kind == .attachment && digests.contains($0.digest)
        }
        guard !entries.isEmpty else { return [:] }
        let folder = try BundleReader(opening: inspection.path)
        var found: [SHA256Digest: [UInt8]] = [:]
        for entry in entries {
            found[entry.digest] = try folder.readAttachment(entry, limit: Observations.largestFile)
        }
        return found
    }

    /// The criteria, which a decision cannot do without.
    func demandedCriteria(pinned: SHA256Digest?) throws -> Criteria {
        guard let criteria else {
            throw CommandFailure(
                .usage,
                pinned.map { "the policy pins criteria that are not at hand: sha256:\($0.hex)" }
                    ?? "there are no criteria to decide by",
                hint: "give --criteria FILE, or a profile: "
                    + Profile.allCases.map(\.rawValue).joined(separator: ", "))
        }
        if let pinned, pinned != criteria.digest {
            throw CommandFailure(
                .usage,
                "the policy pins criteria sha256:\(pinned.hex), and these are "
                    + "sha256:\(criteria.digest.hex)",
                hint: "use the criteria that the policy names")
        }
        return criteria
    }

    /// Whether it is good enough to decide on: nothing is wrong, and the bundle is VERIFIED.
    var refusal: Verdict? {
        if report.integrity != .verified { return report.integrity }
        return report.verdict == .failed ? .failed : nil
    }
}
