import CloseoutBundles
import CloseoutDecisions
import CloseoutEncodings
import CloseoutFiles
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutSignatures
import CloseoutVerification
import CloseoutWorkflows

/// What is checked in a trial, and writes nothing.
extension Desk {
    /// When and as what a bundle is verified, and by what.
    struct Question: Sendable {
        /// The name of the instant; nil for now.
        var moment: String? = nil
        /// The version that is expected.
        var version: String? = nil
        /// Whether the shipped files are at hand.
        var hasArtifacts = true
        /// Whether there are criteria and retention classes.
        var isDeciding = true
        /// What the store reported; nil for nothing.
        var observations: String? = "observations.json"
    }

    /// Verifies the bundle and rechecks its decisions.
    func check(_ question: Question) async throws -> RecheckedBundle {
        let (request, recheck) = try requests(question)
        return try await verifyBundle(at: path(TrialNames.bundle), request, recheck)
    }

    /// What a verification and the recheck of decisions are asked.
    func requests(_ question: Question) throws -> (VerificationRequest, RecheckRequest) {
        var request = VerificationRequest(
            trust: try trust(), asOf: try question.moment.map(instant) ?? now)
        request.isAsOfGiven = question.moment != nil
        request.release = try question.version.map { try Release(name: "payments", version: $0) }
        request.artifacts = question.hasArtifacts ? .directory(path("app")) : .none
        var recheck = RecheckRequest()
        if question.isDeciding {
            recheck.criteria = try criteria()
            recheck.sources = try sources(question.observations)
        }
        return (request, recheck)
    }

    /// The policy as what is trusted.
    private func trust() throws -> Trust {
        var trust = Trust()
        trust.policy = try policy()
        trust.isFile = true
        trust.path = path(Self.policyFile)
        return trust
    }

    /// How it is with retention, and whether the bundle is VERIFIED at all.
    func health(_ observations: String?) async throws -> (RetentionHealth, Report) {
        let checked = try await check(Question(hasArtifacts: false, isDeciding: false))
        guard let log = try checked.inspection.prefix(checked.inspection.contents.log.size) else {
            throw TrialError.lacks("a log that can be read")
        }
        let report = checked.inspection.report
        let sources = checked.sources.adding(try sources(observations), asOf: report.asOf)
        return (retentionHealth(report, log: log, by: sources), report)
    }

    /// The records of the bundle, under the policy.
    func evidence() async throws -> EvidenceState {
        let checked = try await check(Question(hasArtifacts: false, isDeciding: false))
        guard let evidence = checked.report.evidence else { throw TrialError.lacks("a log") }
        return evidence
    }

    /// What an export keeps back: how many files, and how many records of which kind among them.
    func withheld() async throws -> (count: Int, kinds: [String]) {
        let contents = try await BundleReader(
            opening: path(TrialNames.bundle), waiting: LockWait()
        ).contents()
        let view = try PublicView(contents)
        let hidden = contents.files.filter { !view.shows($0) }
        let records = hidden.compactMap { file in
            file.trueBytes.flatMap { try? Record(parsing: $0) }?.kind.name
        }
        let kinds = records.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        let rest =
            "signatures over them, and attachments of none but them: "
            + "\(hidden.count - records.count)"
        return (
            hidden.count, kinds.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + [rest]
        )
    }

    /// The retention classes, and what the store reported.
    func sources(_ observations: String?) throws -> RetentionSources {
        RetentionSources(
            classes: try RetentionClasses(parsing: read("classes.json")),
            observations: try observations.map { [try Observations(parsing: read($0))] } ?? [])
    }

    /// Verifies one shipped file by its proof.
    func verify(proof name: String, of file: String) async throws -> Report {
        var request = VerificationRequest(trust: try trust(), asOf: now)
        request.chosenFiles = [VerificationRequest.ChosenFile(file: path(file), path: nil)]
        return try await Verifier(request: request).verify(Proof(parsing: read(name)))
    }
}
