package import CloseoutDecisions
package import CloseoutEncodings
package import CloseoutOpenSSL
package import CloseoutRecords
package import CloseoutVerification

/// What a package says beside what can be recomputed of it (docs/import.md, "Evaluation").
package struct ImportResult: Sendable {
    /// One criterion in both columns.
    package struct Row: Sendable {
        /// What the package says; empty where it says nothing.
        package let claimed: String
        /// The result.
        package let result: CriterionResult
    }

    /// The digest of the package.
    package let source: SHA256Digest
    /// The outcome that the package says; nil where it says none.
    package let claimed: ReleaseOutcome?
    /// What is decided on its records, which are all asserted.
    package let decision: Decision
    /// The criteria, in their order.
    package let rows: [Row]
    /// What it leaves open.
    package let findings: [ImportFinding]
    /// The kinds of the records that it gives, in their order.
    package let records: [RecordKind]

    /// Verifies a package in memory, by the code that decides on a bundle.
    ///
    /// - Parameters:
    ///   - package: What was read.
    ///   - beside: What lies beside it, by name.
    ///   - asOf: The verification time.
    ///   - criteria: What is demanded.
    /// - Throws: `OpenSSLError` where a digest cannot be computed; `RecordError` never, as its
    ///   fuzz test shows.
    package init(
        _ package: CavraPackage, beside: [[UInt8]: FileBeside], asOf: Instant, criteria: Criteria
    ) throws {
        let examination = try CavraExamination(package, beside: beside, asOf: asOf)
        let records = try package.records(at: asOf) { body, links in
            let visibility = Record.visibility(of: body, by: nil)
            let salt = visibility == .restricted ? package.digest.bytes : nil
            return RecordHeader(
                releaseName: unnamed, releaseVersion: "0", seal: package.digest, at: asOf, by: nil,
                visibility: visibility, salt: salt, links: links)
        }
        let report = Report(
            subject: .bundle, release: nil, signatures: [],
            evidence: EvidenceState(try Self.unsigned(records), asOf: asOf), logSize: nil,
            asOf: asOf, isAsOfGiven: true, policy: nil, notLookedAt: ["artifacts not looked at"],
            findings: examination.checks)
        let health = retentionHealth(report, log: LogPrefix(size: 0, root: package.digest))
        decision = decide(report, health: health, criteria: criteria)
        rows = zip(criteria.criteria, decision.results).map { criterion, result in
            Row(claimed: package.claim(on: criterion.check), result: result)
        }
        source = package.digest
        claimed = package.decision?.outcome.flatMap(ReleaseOutcome.init)
        findings = examination.findings
        self.records = records.map(\.kind)
    }

    private static func unsigned(_ records: [Record]) throws(OpenSSLError) -> [SignedRecord] {
        var signed: [SignedRecord] = []
        for (index, record) in records.enumerated() {
            signed.append(
                SignedRecord(
                    digest: try record.id, sequence: index, record: record,
                    signers: .nobody))
        }
        return signed
    }
}

extension CavraExamination {
    /// What a verification of a bundle would have found of this: never that it is VERIFIED.
    fileprivate var checks: [Finding] {
        var checks = [
            Finding(
                .signatureThreshold, .unknown, "archive", "no signature can be verified")
        ]
        let listed = package.artifacts?.files ?? []
        for (file, state) in zip(listed, files) {
            let subject = printable(file.name)
            switch state {
            case .same: checks.append(Finding(.bundleDigest, .pass, subject, "is as listed"))
            case .other:
                checks.append(Finding(.bundleDigest, .fail, subject, "has another SHA-256"))
            case .absent, .elsewhere:
                checks.append(Finding(.bundleMissing, .unknown, subject, "is not there"))
            case .unreadable:
                checks.append(Finding(.bundleMissing, .unknown, subject, "cannot be read"))
            }
        }
        if package.manifest?.isKeyStored == true {
            checks.append(
                Finding(
                    .bundlePrivateKey, .fail, CavraSectionName.manifest.rawValue,
                    "says that the private key is stored"))
        }
        return checks
    }
}
