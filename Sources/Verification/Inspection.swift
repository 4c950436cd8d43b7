package import CloseoutBundles
package import CloseoutEncodings
import CloseoutFiles
package import CloseoutManifests
import CloseoutOpenSSL
package import CloseoutRecords

/// A verification of a bundle, with what verifying a part of its log takes.
///
/// It holds the bundle open, and a folder's shared lock, as long as it or a copy of it lives: attachments
/// can be read from what was verified, and nobody appends meanwhile. Whoever wants to append ends it first, or lets go of
/// the lock (`BundleReader.unlock`).
package struct Inspection: Sendable {
    /// What was found.
    package fileprivate(set) var report: Report
    /// The bundle itself, from which attachments can be read.
    package let bundle: BundleReader
    /// The path of the bundle.
    package var path: [UInt8] { bundle.path }
    /// The bundle, each file read once.
    package fileprivate(set) var contents: BundleContents
    let isTrustInside: Bool
    /// The manifest as it was verified, where it was to be kept and could be read.
    package private(set) var manifest: Manifest? = nil
    /// How manifest and SHA256SUMS were read, by path; with the manifest's bytes where it was to be kept.
    package private(set) var readings: [[UInt8]: FileReading] = [:]

    /// Keeps the manifest no longer, which may be large.
    package mutating func dropManifest() {
        manifest = nil
        readings = readings.mapValues(\.withoutBytes)
    }

    /// The first entries of the log; nil where it has not as many.
    ///
    /// - Throws: `OpenSSLError` where a digest cannot be computed.
    package func prefix(_ size: Int) throws -> LogPrefix? {
        try contents.log.root(ofFirst: size).map { LogPrefix(size: size, root: $0) }
    }
}

/// An instant at which a proof shows that the log up to an entry existed.
package struct ProvenTime: Equatable, Sendable {
    /// The index of the log entry that holds the proof; the log's size for one beside the log.
    package let sequence: Int
    /// The instant that is proven.
    package let instant: Instant

    package init(sequence: Int, instant: Instant) {
        self.sequence = sequence
        self.instant = instant
    }
}

extension Verifier {
    /// Verifies the first entries of a log at another instant, as if a checkpoint covered exactly
    /// those (docs/criteria.md, "Recheck").
    ///
    /// What is found of the bundle's files and of the manifest is taken over: the files are the
    /// same.
    ///
    /// - Parameters:
    ///   - size: How many entries.
    ///   - inspection: What was found of the whole bundle, by this verifier.
    ///   - asOf: The verification time.
    ///   - usingArtifacts: Whether the shipped files count as looked at.
    /// - Returns: A report on those entries.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package func verify(
        first size: Int, of inspection: Inspection, asOf: Instant, usingArtifacts: Bool
    ) async throws -> Report {
        let contents = try inspection.contents.first(size)
        var findings = Findings()
        let checked = try await at(asOf).verify(
            contents, isTrustInside: inspection.isTrustInside, &findings)
        let whole = inspection.report
        let kept = whole.findings.filter(\.isOfFiles)
            .map { $0.asCommitted }
            .map { usingArtifacts ? $0 : $0.withoutArtifacts }
        let gaps = usingArtifacts ? whole.notLookedAt : ["artifacts not looked at"]
        return Report(
            subject: .bundle, release: checked.release, signatures: checked.lines,
            evidence: checked.evidence, logSize: size, asOf: asOf, isAsOfGiven: true,
            policy: checked.policy, notLookedAt: gaps,
            findings: kept + findings.all.filter { !$0.isOfFiles }, provenTimes: checked.times)
    }
}

extension Verifier {
    /// Verifies a bundle as it is going to be, as if a checkpoint covered it.
    ///
    /// - Parameters:
    ///   - contents: The bundle with what is about to be added.
    ///   - inspection: What was found of it before, by this verifier.
    ///   - usingArtifacts: Whether the shipped files count as looked at.
    /// - Returns: What will be found.
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package func inspect(
        _ contents: BundleContents, after inspection: Inspection, usingArtifacts: Bool
    ) async throws -> Inspection {
        var grown = inspection
        grown.contents = contents
        grown.report = try await verify(
            first: contents.log.size, of: grown, asOf: inspection.report.asOf,
            usingArtifacts: usingArtifacts)
        return grown
    }
}

extension Finding {
    /// Whether it is about files and lines, which a part of the log has in common with the whole.
    fileprivate var isOfFiles: Bool {
        ["bundle", "log", "manifest", "artifact"].contains(id.family) || id == .recordWithheld
    }

    /// The finding as if a checkpoint covered the part of the log that is verified.
    fileprivate var asCommitted: Finding {
        switch id {
        case .logCheckpoint, .logCheckpointSignature, .logUncommitted, .logRoot:
            Finding(id, .pass, "log", "is verified as if a checkpoint covered exactly this part")
        default: self
        }
    }

    /// The finding as if only the evidence had been asked for.
    fileprivate var withoutArtifacts: Finding {
        guard id.family == "artifact" else { return self }
        return Finding(id, .notApplicable, "artifacts", "the decision did not use them")
    }
}
