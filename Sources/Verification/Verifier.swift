import Bundles
import Encodings
import Files
import Manifests
import OpenSSL
import Records
import Signatures

/// Recomputes a bundle, or a file by its proof, and reports every check (docs/checks.md).
///
/// A check that fails is a finding; only what keeps the verifier from looking is thrown.
package struct Verifier: Sendable {
    let request: VerificationRequest

    /// Takes the request that every verification answers.
    package init(request: VerificationRequest) {
        self.request = request
    }

    /// Verifies a bundle; nothing is written.
    ///
    /// - Throws: `BundleError` where there is no bundle to look at.
    package func verify(bundle path: [UInt8]) async throws -> Report {
        let bundle = try BundleFolder(opening: path)
        let contents = try bundle.contents()
        var findings = Findings()
        let liesInside = try request.trust.path.map { try Self.lies($0, inside: path) } ?? false
        let policy = findings.checkTrust(
            request.trust, liesInside: liesInside, asOf: request.asOf)

        findings.checkBundle(contents)
        findings.checkLogLines(contents.log)
        let sealBytes = contents.seal
        let seal = findings.checkSeal(sealBytes, isUnreadable: contents.hasUnreadableSeal)
        findings.checkLogHead(contents.log, seal)
        let digest = try sealBytes.map { try SHA256Digest.of($0) }
        findings.checkRelease(seal, demanded: request.release, asOf: request.asOf)

        let judge = Judge(
            policy: policy, asOf: request.asOf, release: seal?.release.name,
            material: findings.checkCertificates(
                contents.material(.certificate), adding: request.certificates))
        let judged = try await judgeAll(
            contents, sealBytes, digest, release: seal?.release, by: judge, &findings)

        let manifest = try await checkManifest(in: bundle, contents, seal, &findings)
        findings.concludeBundle(contents)
        let notLookedAt = try await checkArtifacts(in: bundle, contents, manifest, &findings)

        return Report(
            subject: .bundle,
            release: zip(seal, digest).map { Report.SealedRelease($0, digest: $1) },
            signatures: judged.seal.flatMap { file in
                file.judgements.map { SignatureLine($0, at: file.path) }
            },
            evidence: judged.evidence, logSize: contents.log.size, asOf: request.asOf,
            isAsOfGiven: request.isAsOfGiven,
            policy: request.trust.isFile ? policy?.digest : nil,
            notLookedAt: notLookedAt + self.notLookedAt, findings: findings.all)
    }

    /// Judges checkpoint, seal signatures with the thresholds of the roles, and records.
    private func judgeAll(
        _ contents: BundleContents, _ seal: [UInt8]?, _ digest: SHA256Digest?, release: Release?,
        by judge: Judge, _ findings: inout Findings
    ) async throws -> (seal: [JudgedFile], evidence: EvidenceState) {
        let signatures = try SortedSignatures(contents)
        let committed = try findings.checkCheckpoint(contents, seal: digest)
        let origin = digest.map { CheckpointOrigin.of(seal: $0) }
        var times = CommittedTimes()
        let stamps = try checkTimeStamps(contents, by: judge, &findings)
        let stamped = try stamps.proofs(of: contents.checkpoint.bytes ?? [])
        let proofs = try findings.checkCheckpointSignatures(
            committed?.note, origin: origin, by: judge, demanded: request.requiredRoles,
            proofs: stamped)
        if let committed, !findings.holdsFailure(.logRoot) {
            times.add(proofs + stamped, ofFirst: Int(clamping: committed.checkpoint.size))
        }
        try findings.checkStoredCheckpoints(
            contents, origin: origin, by: judge, stamps: stamps, &times)
        try findings.checkPrevious(request.previous, contents.log, seal: digest)

        findings.checkSignatureFiles(signatures)
        let evidence = RecordVerification(
            seal: digest, release: release, judge: judge, signatures: signatures,
            judgements: try await RecordJudging(judge: judge, times: times, stamps: stamps)
                .judgeConcurrently(signatures)
        ).check(contents, &findings)
        let judged = try seal.map {
            try judgeSealSignatures(
                signatures.seal, seal: $0, by: judge, proofs: times.proofs, stamps: stamps)
        }
        findings.checkJudgements(judged ?? [])
        guard let judged else { return ([], evidence) }
        findings.checkThresholds(
            judged.flatMap(\.judgements), by: judge, demanded: request.requiredRoles)
        return (judged, evidence)
    }

    /// Judges all tokens: those in `timestamps/`, and the one beside the checkpoint.
    private func checkTimeStamps(
        _ contents: BundleContents, by judge: Judge, _ findings: inout Findings
    ) throws -> [TimeStamp] {
        let tokens = contents.material(.timestamp, .timestampToken)
        let notes = contents.material(.timestamp, .note).map(\.bytes)
        // With no token there is nothing to find the subject of.
        let signatures = tokens.isEmpty ? [] : contents.files(.signature)
        let subjects =
            signatures.flatMap { file -> [[UInt8]] in
                guard let format = SignatureFormat(mediaType: file.entry.mediaType) else {
                    return []
                }
                return file.trueBytes.map(format.timeStampedBytes) ?? []
            } + notes + [contents.seal, contents.checkpoint.bytes].compactMap(\.self)
        let stamps =
            try findings.checkTimeStamps(tokens, over: subjects, by: judge)
            + findings.checkCheckpointToken(contents, by: judge)
        let count = tokens.count + (contents.checkpointToken.bytes == nil ? 0 : 1)
        findings.concludeTimeStamps(count: count)
        return stamps
    }

    /// What the request leaves out, in words for the first line.
    private var notLookedAt: [String] {
        var parts: [String] = []
        if request.ignoresModes { parts.append("modes ignored") }
        if let demandedClause { parts.append(demandedClause) }
        return parts
    }

    /// The roles that alone are demanded, in words for the first line.
    var demandedClause: String? {
        request.requiredRoles.map { roles in
            "only \(roles.map(\.rawValue).joined(separator: ", ")) demanded"
        }
    }

    /// Whether a file lies inside a folder, whatever links lead there.
    static func lies(_ file: [UInt8], inside folder: [UInt8]) throws -> Bool {
        try Directory.open(Path.split(try resolvedPath(file)).directory)
            .isInside(try Directory.open(folder))
    }
}

/// Two optional values as one.
private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
