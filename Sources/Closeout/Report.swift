internal import CloseoutEncodings
internal import CloseoutManifests
internal import CloseoutOpenSSL
internal import CloseoutRecords
internal import CloseoutReports
internal import CloseoutSignatures
internal import CloseoutVerification

/// The one word that a verification ends in (docs/checks.md, "Verdict").
public enum Verdict: String, Hashable, Sendable {
    /// Every required check passes.
    case verified = "VERIFIED"
    /// Something is wrong.
    case failed = "FAILED"
    /// Nothing is wrong, but something that is needed is absent or was not looked at.
    case incomplete = "INCOMPLETE"

    init(_ verdict: CloseoutVerification.Verdict) {
        self =
            switch verdict {
            case .verified: .verified
            case .failed: .failed
            case .incomplete: .incomplete
            }
    }
}

/// One check of one subject, with its outcome (docs/checks.md).
public struct Finding: Hashable, Sendable {
    /// The status of a check.
    public enum Status: String, Hashable, Sendable {
        /// It was looked at and is right.
        case pass
        /// It was looked at and is wrong.
        case fail
        /// It could not be found out.
        case unknown
        /// There is nothing here that it could be about.
        case notApplicable = "not_applicable"
    }

    /// The stable id of the check, such as `artifact.digest`.
    public let id: String
    /// The status.
    public let status: Status
    /// What was looked at: a path, a key, a role, or the whole.
    ///
    /// Untrusted text in it is escaped.
    public let subject: String
    /// Why the status is what it is, in one sentence.
    public let reason: String
    /// What to do about it.
    public let hint: String?
    /// Whether the verdict depends on it.
    public let isRequired: Bool

    init(_ finding: CloseoutVerification.Finding) {
        id = finding.id.rawValue
        status =
            switch finding.status {
            case .pass: .pass
            case .fail: .fail
            case .unknown: .unknown
            case .notApplicable: .notApplicable
            }
        subject = finding.subject
        reason = finding.reason
        hint = finding.hint
        isRequired = finding.isRequired
    }
}

/// What was found of one signature.
public struct SignatureResult: Hashable, Sendable {
    /// The name of its format.
    public let format: String
    /// The id of the policy's key that made it; nil where none did.
    public let key: String?
    /// Who answers for that key.
    public let signer: String?
    /// The name of the algorithm.
    public let algorithm: String?
    /// The roles that it counts for; none for a signature over a single file.
    public let roles: [String]
    /// When it was made at the latest, as a time-stamp or witness proves; nil where nothing does.
    public let provenTime: Instant?
    /// Whether it counts.
    public let counts: Bool
    /// Why it counts or does not, in one sentence.
    public let reason: String

    init(_ line: SignatureLine) {
        format = line.format
        key = line.key
        signer = line.operator
        algorithm = line.algorithm
        roles = line.roles
        provenTime = line.provenTime.map { Instant($0) }
        counts = line.counts
        reason = line.reason
    }

    /// Of a signature over a single file, which counts without a role.
    init(_ result: CloseoutSignatures.SignatureResult) {
        let line = SignatureLine(result, at: [])
        format = line.format
        key = line.key
        signer = line.operator
        algorithm = line.algorithm
        roles = []
        provenTime = line.provenTime.map { Instant($0) }
        counts = result.effect == .counts
        reason = result.timeStampDefect ?? result.outcome.reason
    }
}

/// What was found of all signatures of a file over a single other file.
public struct SignatureReport: Hashable, Sendable {
    /// ``Verdict/verified`` where a trusted key made one of them and none is wrong.
    public let verdict: Verdict
    /// The signatures in the order of the file.
    public let signatures: [SignatureResult]
}

/// What a seal says of its release.
public struct SealedRelease: Hashable, Sendable {
    /// The name and version.
    public let release: Release
    /// The SHA-256 of the seal, which is the id of the bundle.
    public let id: SHA256Digest
    /// When it was sealed, as the seal says.
    public let created: Instant
    /// How many files it has.
    public let files: Int
    /// The bytes of all files together.
    public let bytes: UInt64

    init(_ release: CloseoutVerification.Report.SealedRelease) {
        self.init(release.release, release.seal, release.created, release.totals)
    }

    init(
        _ release: CloseoutManifests.Release, _ id: CloseoutOpenSSL.SHA256Digest,
        _ created: CloseoutEncodings.Instant, _ totals: ManifestTotals
    ) {
        self.release = Release(release)
        self.id = SHA256Digest(id)
        self.created = Instant(created)
        files = Int(totals.files)
        bytes = totals.bytes
    }
}

/// What a release amounts to under criteria (docs/criteria.md, "Outcome").
public struct Decision: Hashable, Sendable {
    /// The outcomes, from the best on.
    public enum Outcome: String, Hashable, Sendable {
        /// All criteria that apply are fulfilled.
        case readyForRelease = "ready_for_release"
        /// What is not fulfilled was accepted as a risk.
        case readyWithAcceptedRisk = "ready_with_accepted_risk"
        /// Something is neither fulfilled nor accepted.
        case blocked
    }

    /// The outcome.
    public let outcome: Outcome
    /// Why, in one sentence.
    public let reason: String
    /// The ids of the criteria that keep the outcome from being the next better one.
    public let obstacles: [String]

    init(_ decision: CloseoutVerification.Decision) {
        outcome =
            switch decision.outcome {
            case .readyForRelease: .readyForRelease
            case .readyWithAcceptedRisk: .readyWithAcceptedRisk
            case .blocked: .blocked
            }
        reason = decision.reason
        obstacles = decision.obstacles.map(\.id)
    }
}

/// Everything that a verification found, and the verdict on it.
///
/// The same input, policy and time give the same report.
public struct Report: Sendable {
    let inner: CloseoutVerification.Report

    init(_ inner: CloseoutVerification.Report) {
        self.inner = inner
    }

    /// The verdict.
    public var verdict: Verdict { Verdict(inner.verdict) }

    /// The verdict with the release and what matters most, on one line.
    public var headline: String { inner.headline }

    /// What the seal says; nil where it could not be read.
    public var release: SealedRelease? { inner.release.map { SealedRelease($0) } }

    /// The signatures over the seal, in the order of the log.
    public var signatures: [SignatureResult] { inner.signatures.map { SignatureResult($0) } }

    /// All checks, in the order of docs/checks.md.
    public var findings: [Finding] { inner.findings.map { Finding($0) } }

    /// What the release amounts to under the criteria that were given; nil without criteria, and for a
    /// proof.
    public var decision: Decision? { inner.decision?.now.map { Decision($0) } }

    /// The verification time.
    public var time: Instant { Instant(inner.asOf) }

    /// Writes the report down.
    ///
    /// - Parameter format: The format.
    /// - Returns: A whole file, which ends in a line feed; the same report gives the same bytes.
    /// - Throws: ``VerificationError/failed(_:)`` where libcrypto could not compute.
    public func encoded(as format: ReportFormat) throws(VerificationError) -> [UInt8] {
        do { return try format.inner.render(inner, version: productVersion) } catch {
            throw .failed("\(error)")
        }
    }
}

/// A form in which a report is written (docs/reports.md, "Formats").
public enum ReportFormat: String, CaseIterable, Hashable, Sendable {
    /// Text for a person.
    case text
    /// The whole report for programs (docs/checks.md, "Report as JSON").
    case json
    /// Markdown, for the summary of a CI run.
    case markdown
    /// One HTML page.
    case html
    /// SARIF 2.1.0, for code scanning.
    case sarif
    /// JUnit XML, for test reports of a CI.
    case junit
    /// An in-toto statement with a SLSA Verification Summary.
    case vsa
    /// An in-toto statement with a Simple Verification Result.
    case svr
    /// OSCAL assessment results.
    case oscal

    var inner: CloseoutReports.ReportFormat {
        switch self {
        case .text: .text
        case .json: .json
        case .markdown: .markdown
        case .html: .html
        case .sarif: .sarif
        case .junit: .junit
        case .vsa: .vsa
        case .svr: .svr
        case .oscal: .oscal
        }
    }
}
