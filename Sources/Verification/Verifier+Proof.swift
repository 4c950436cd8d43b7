package import CloseoutBundles
import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutSignatures

extension Verifier {
    /// Verifies one file by its proof, with no bundle at hand (docs/proof.md).
    ///
    /// - Throws: `OpenSSLError` where libcrypto could not look, `ManifestError` where the file
    ///   could not be looked at.
    package func verify(_ proof: Proof) async throws -> Report {
        var findings = Findings()
        let policy = findings.checkTrust(request.trust, liesInside: false, asOf: request.asOf)
        let seal = findings.checkSeal(proof.seal)
        let digest = try SHA256Digest.of(proof.seal)
        findings.checkRelease(seal, demanded: request.release, asOf: request.asOf)
        let verifier = SignatureVerifier(
            policy: policy, asOf: request.asOf, release: seal?.release.name,
            material: findings.checkCertificates(
                proof.material.filter { EntryKind.certificate.allows(path: $0.path) },
                adding: request.certificates),
            created: seal?.created)
        let checked = try findings.verify(proof, by: verifier)
        findings.checkThresholds(
            checked.flatMap(\.results), by: verifier, demanded: request.requiredRoles)
        findings.notApplicable(
            .logCheckpointSignature, "role log", "a proof holds nothing of the log")
        let entry = try findings.checkEntry(of: proof, seal)
        if let entry { findings.checkFile(of: entry, request) }
        findings.leaveOutForProof(request)
        if policy?.requiresDecision ?? false {
            findings.unknown(
                .decisionRequired, "decisions",
                "the policy requires a decision, and a proof has none",
                hint: "verify the bundle")
        }
        return Report(
            subject: .proof, release: seal.map { Report.SealedRelease($0, digest: digest) },
            signatures: checked.flatMap { file in
                file.results.map { SignatureLine($0, at: file.path) }
            },
            evidence: nil, logSize: nil, asOf: request.asOf, isAsOfGiven: request.isAsOfGiven,
            policy: request.trust.isFile ? policy?.digest : nil,
            notLookedAt: [
                entry.map {
                    "1 of \(grouped(seal?.totals.files ?? 0)) files: \(printable($0.path))"
                },
                "mode and log not looked at", demandedClause,
            ].compactMap(\.self), findings: findings.all)
    }
}

extension Findings {
    /// Verifies the signatures among the proof's material.
    fileprivate mutating func verify(_ proof: Proof, by verifier: SignatureVerifier) throws
        -> [SignatureFileResult]
    {
        var work = CheckingWork(
            materialSize: proof.material.filter { EntryKind.certificate.allows(path: $0.path) }
                .reduce(0) { $0 + $1.bytes.count })
        let stamps = try checkTimeStamps(of: proof, by: verifier, &work)
        var checked: [SignatureFileResult] = []
        var count = 0
        var operators = KeyOperators()
        for item in proof.material {
            let subject = printable(item.path)
            guard Proof.materialKinds.contains(where: { $0.allows(path: item.path) }) else {
                fail(.signatureFormat, subject, "is no path of a proof's material")
                continue
            }
            guard try item.hasItsName() else {
                fail(.signatureFormat, subject, "has another SHA-256 than the one in its name")
                continue
            }
            guard EntryKind.signature.allows(path: item.path) else { continue }
            count += 1
            guard count <= BundleLimits.signaturesPerSubject else { continue }
            guard let format = SignatureFormat(storedAt: item.path) else {
                unknown(.signatureFormat, subject, "is of a format that is not known")
                continue
            }
            let content = SignedContent.seal(proof.seal)
            guard work.take(verifier.units(for: item.bytes, as: format, over: content, work)) else {
                continue
            }
            checked.append(
                SignatureFileResult(
                    path: item.path, digest: nil,
                    results: try verifier.verify(
                        item.bytes, as: format, over: content, stamps: stamps
                    ).map { operators.result($0) }))
        }
        checkCount(count, of: "seal.json")
        checkWork(work)
        conclude(.signatureLimits, "seal.json", "has \(count) signature files")
        checkResults(checked)
        return checked
    }

    /// Verifies the tokens over signatures among the proof's material.
    ///
    /// Those over the seal and over checkpoints, of which a proof has no log, date no signature.
    private mutating func checkTimeStamps(
        of proof: Proof, by verifier: SignatureVerifier, _ work: inout CheckingWork
    ) throws -> TimeStamps {
        var subjects = StampedSubjects(
            proof.material.flatMap { item in
                SignatureFormat(storedAt: item.path)?.timeStampedBytes(of: item.bytes) ?? []
            })
        var tokens: [Proof.Material] = []
        for item in proof.material where item.path.suffix(4).elementsEqual(".tsr".utf8) {
            guard EntryKind.timestamp.allows(path: item.path),
                let token = try? TimeStampToken(parsing: item.bytes),
                try subjects.contain(token.imprint), work.take(verifier.units(forTimeStamp: work))
            else { continue }
            tokens.append(item)
        }
        return TimeStamps(try checkTimeStamps(tokens, over: &subjects, by: verifier))
    }

    /// Checks that the entry is one of the sealed manifest.
    fileprivate mutating func checkEntry(
        of proof: Proof, _ seal: Seal?
    ) throws -> ManifestEntry? {
        let subject = "entry \(proof.index)"
        guard let entry = ManifestEntry(line: proof.entry) else {
            fail(.manifestFormat, subject, "is not the canonical form of an entry")
            return nil
        }
        conclude(.manifestFormat, subject, "is canonical")
        guard let seal else { return nil }
        let isIncluded = try Merkle.verifyInclusion(
            of: try Merkle.leafHash(proof.entry), at: UInt64(proof.index),
            size: UInt64(seal.totals.entries),
            path: proof.path, root: seal.merkleRoot)
        guard isIncluded else {
            fail(.manifestMerkleRoot, subject, "is not in the manifest that was sealed")
            return nil
        }
        conclude(.manifestMerkleRoot, subject, "is in the manifest that was sealed")
        return entry
    }

    /// Compares the file that was given with the proven entry.
    fileprivate mutating func checkFile(
        of entry: ManifestEntry, _ request: VerificationRequest
    ) {
        guard let chosen = request.chosenFiles.first else {
            unknown(
                .artifactGiven, printable(entry.path), "was not given itself",
                hint: "give --file FILE")
            return
        }
        for other in request.chosenFiles.dropFirst() {
            unknown(
                .artifactGiven, printable(other.file), "is a second file, and a proof is of one",
                hint: "verify each file by its own proof")
        }
        checkChosen(chosen, against: entry, modes: .ignore)
        conclude(.artifactGiven, printable(chosen.file), "was given")
    }

    /// Says what a proof cannot be asked, as it holds nothing of the log and of other files.
    fileprivate mutating func leaveOutForProof(_ request: VerificationRequest) {
        if request.previous != nil {
            unknown(.logRollback, "--previous", "a proof holds nothing of the log")
        }
        if case .directory(let path) = request.artifacts {
            unknown(.artifactGiven, printable(path), "is a folder, and a proof is of one file")
        }
        leaveOut(family: "artifact", "artifacts", "only one file is proven")
    }
}

extension Proof.Material {
    /// Whether the digest that the file is named by, where it is, is that of its bytes.
    fileprivate func hasItsName() throws -> Bool {
        let name = Array(path.drop { $0 != UInt8(ascii: "/") }.dropFirst())
        let stem = Array(name.prefix { $0 != UInt8(ascii: ".") })
        guard let named = SHA256Digest(hex: stem) else { return true }
        return try SHA256Digest.of(bytes) == named
    }
}
