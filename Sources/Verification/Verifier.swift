package import CloseoutBundles
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
package import CloseoutSignatures

/// Recomputes a bundle, or a file by its proof, and reports every check (docs/checks.md).
///
/// A check that fails is a finding; only what keeps the verifier from looking is thrown.
package struct Verifier: Sendable {
    let request: VerificationRequest
    private let memory: SignerMemory

    /// Takes the request that every verification answers.
    package init(request: VerificationRequest) {
        self.init(request: request, memory: SignerMemory())
    }

    /// Takes another request under the same policy, whose signers are remembered.
    package init(request: VerificationRequest, memory: SignerMemory) {
        self.request = request
        self.memory = memory
    }

    /// The same verifier at another instant.
    func at(_ instant: Instant) -> Verifier {
        var request = request
        request.asOf = instant
        return Verifier(request: request, memory: memory)
    }

    /// The same verifier under another policy, of which nothing was demanded.
    package func under(_ policy: TrustPolicy) -> Verifier {
        var request = request
        request.trust = Trust()
        request.trust.policy = policy
        request.trust.isFile = true
        return Verifier(request: request)
    }

    /// Verifies a bundle; nothing is written.
    ///
    /// - Throws: `BundleError` where there is no bundle to look at.
    package func verify(bundle path: [UInt8]) async throws -> Report {
        try await inspect(bundle: path).report
    }

    /// Verifies a bundle and keeps what verifying a part of its log takes.
    ///
    /// - Parameters:
    ///   - path: The bundle.
    ///   - keepingManifest: Whether the manifest is kept too, which may be large.
    /// - Returns: What was found.
    /// - Throws: `BundleError` where there is no bundle to look at.
    package func inspect(
        bundle path: [UInt8], keepingManifest: Bool = false
    ) async throws -> Inspection {
        let bundle = try await BundleReader(opening: path, waiting: request.lockWait)
        return try await inspect(
            bundle, try await bundle.contentsConcurrently(), keepingManifest: keepingManifest)
    }

    /// Verifies a bundle that is open, each file of which but manifest and artifacts has been read.
    ///
    /// - Parameters:
    ///   - bundle: The bundle.
    ///   - contents: What was read of it.
    ///   - known: How manifest and SHA256SUMS were read before, by path; they are not read again where the
    ///     manifest's bytes were kept.
    ///   - keepingManifest: Whether the manifest is kept too, which may be large.
    /// - Returns: What was found.
    /// - Throws: `BundleError` where it cannot be read.
    package func inspect(
        _ bundle: BundleReader, _ contents: BundleContents,
        knowing known: [[UInt8]: FileReading] = [:], keepingManifest: Bool = false
    ) async throws -> Inspection {
        var findings = Findings()
        let liesInside = try request.trust.path.map { try bundle.holds($0) } ?? false
        await findings.checkBundle(contents)
        findings.checkLogLines(contents.log)
        let checked = try await verify(contents, isTrustInside: liesInside, &findings)

        findings.checkReadme(contents, checked.seal?.release)
        var readings = known
        let manifest = try await checkManifest(
            in: bundle, contents, checked.seal, &readings, &findings)
        findings.concludeBundle(contents)
        let notLookedAt = try await checkArtifacts(in: bundle, contents, manifest, &findings)

        let report = Report(
            subject: .bundle, release: checked.release, signatures: checked.lines,
            evidence: checked.evidence, logSize: contents.log.size, asOf: request.asOf,
            isAsOfGiven: request.isAsOfGiven, policy: checked.policy,
            notLookedAt: notLookedAt + self.notLookedAt, findings: findings.all,
            provenTimes: checked.times)
        var inspection = Inspection(
            report: report, bundle: bundle, contents: contents, isTrustInside: liesInside,
            manifest: manifest, readings: readings)
        if !keepingManifest { inspection.dropManifest() }
        return inspection
    }

    /// Verifies what was brought along, the seal, all signatures and all records.
    func verify(
        _ contents: BundleContents, isTrustInside: Bool, _ findings: inout Findings
    ) async throws -> BundleResult {
        let policy = findings.checkTrust(
            request.trust, liesInside: isTrustInside, asOf: request.asOf)
        let sealBytes = contents.seal
        let seal = findings.checkSeal(sealBytes, isUnreadable: contents.hasUnreadableSeal)
        findings.checkLogHead(contents.log, seal)
        let digest = try sealBytes.map { try SHA256Digest.of($0) }
        findings.checkRelease(seal, demanded: request.release, asOf: request.asOf)
        let verifier = SignatureVerifier(
            policy: policy, asOf: request.asOf, release: seal?.release.name,
            material: findings.checkCertificates(
                contents.material(.certificate), adding: request.certificates),
            created: seal?.created, memory: memory)
        var checked = try await verifyAll(
            contents, sealBytes, digest, release: seal?.release, by: verifier, &findings)
        checked.seal = seal
        checked.release = zip(seal, digest).map { Report.SealedRelease($0, digest: $1) }
        checked.policy = request.trust.isFile ? policy?.digest : nil
        return checked
    }

    /// Verifies checkpoint, seal signatures with the thresholds of the roles, and records.
    private func verifyAll(
        _ contents: BundleContents, _ seal: [UInt8]?, _ digest: SHA256Digest?, release: Release?,
        by verifier: SignatureVerifier, _ findings: inout Findings
    ) async throws -> BundleResult {
        let signatures = try await SortedSignatures(concurrently: contents)
        var work = CheckingWork(limit: request.mostWork, materialSize: contents.materialSize)
        let (times, stamps) = try proveTimes(contents, digest, by: verifier, &work, &findings)
        findings.checkSignatureFiles(signatures)
        let checked = try seal.map {
            try verifySealSignatures(
                signatures.seal, seal: $0, by: verifier, proofs: times.proofs, stamps: stamps, &work
            )
        }
        let results = try await RecordVerifier(verifier: verifier, times: times, stamps: stamps)
            .verifyConcurrently(signatures, &work)
        findings.checkWork(work)
        findings.concludeSignatureFiles(signatures)
        let evidence = await RecordVerification(
            seal: digest, release: release, verifier: verifier, signatures: signatures,
            results: results
        ).check(contents, &findings)
        findings.checkResults(checked ?? [])
        findings.concludeTimeStamps(contents, checked ?? [])
        if let checked {
            findings.checkThresholds(
                checked.flatMap(\.results), by: verifier, demanded: request.requiredRoles)
        }
        return BundleResult(signatures: checked ?? [], evidence: evidence, times: times.proven)
    }

    /// Verifies the signatures over the seal as `verify` does, with all that dates them, and tells
    /// nothing else.
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look.
    package func verifySignatures(
        in contents: BundleContents, by verifier: SignatureVerifier
    ) throws -> [SignatureFileResult] {
        guard let seal = contents.seal else { return [] }
        var findings = Findings()
        let signatures = try SortedSignatures(contents)
        var work = CheckingWork(limit: request.mostWork, materialSize: contents.materialSize)
        let (times, stamps) = try proveTimes(
            contents, try SHA256Digest.of(seal), by: verifier, &work, &findings)
        return try verifySealSignatures(
            signatures.seal, seal: seal, by: verifier, proofs: times.proofs, stamps: stamps, &work)
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
            "only \(roles.map(\.rawValue).joined(separator: ", ")) required"
        }
    }

    /// Whether a file lies inside a folder, whatever links lead there.
    package static func lies(_ file: [UInt8], inside folder: [UInt8]) throws -> Bool {
        try Directory.open(Path.split(try resolvedPath(file)).directory)
            .isInside(try Directory.open(folder))
    }
}

/// The results of a bundle's seal, signatures and records.
struct BundleResult {
    /// The seal, where it could be read.
    var seal: Seal?
    /// What the seal says.
    var release: Report.SealedRelease?
    /// The digest of the policy file.
    var policy: SHA256Digest?
    /// The signature files over the seal.
    let signatures: [SignatureFileResult]
    /// What the records come to.
    let evidence: EvidenceState
    /// When files of the log are proven to have been there.
    let times: [ProvenTime]

    /// What a report tells of the signatures over the seal.
    var lines: [SignatureLine] {
        signatures.flatMap { file in
            file.results.map { SignatureLine($0, at: file.path, digest: file.digest) }
        }
    }
}

/// Two optional values as one.
private func zip<First, Second>(_ first: First?, _ second: Second?) -> (First, Second)? {
    guard let first, let second else { return nil }
    return (first, second)
}
