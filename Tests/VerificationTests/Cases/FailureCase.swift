import CloseoutVerification
import Testing

/// One way in which a check does not pass.
struct FailureCase: Sendable, CustomTestStringConvertible {
    /// The check that tells it.
    let id: CheckID
    let status: CheckStatus
    /// What becomes of the verdict.
    let verdict: Verdict
    /// What was done, in words.
    let title: String
    /// Does it.
    let spoil: @Sendable (inout Bench) async throws -> Void

    /// The verdict is by default FAILED for what is wrong and INCOMPLETE for what is unknown.
    init(
        _ id: CheckID, _ status: CheckStatus, _ title: String, verdict: Verdict? = nil,
        _ spoil: @escaping @Sendable (inout Bench) async throws -> Void
    ) {
        self.id = id
        self.status = status
        self.verdict = verdict ?? (status == .fail ? .failed : .incomplete)
        self.title = title
        self.spoil = spoil
    }

    /// A case in which the check fails.
    init(
        _ id: CheckID, _ title: String, verdict: Verdict? = nil,
        _ spoil: @escaping @Sendable (inout Bench) async throws -> Void
    ) {
        self.init(id, .fail, title, verdict: verdict, spoil)
    }

    var testDescription: String { "\(id.rawValue): \(title)" }

    /// All cases, by family.
    static let all =
        trust + bundle + seal + signature + certificate + timestamp + log + record + manifest
        + artifact + deciding
}

@Suite("Every check")
struct EveryCheckTests {
    @Test("reports what it is about, and the verdict follows", arguments: FailureCase.all)
    func tells(failure: FailureCase) async throws {
        try await Bench.run { bench in
            try await failure.spoil(&bench)
            let report = try await bench.verify()
            #expect(report.tells(failure.id, failure.status), "\(report.problems)")
            #expect(report.verdict == failure.verdict, "\(report.problems)")
        }
    }

    @Test("has a case in which it does not pass", arguments: CheckID.allCases)
    func isCovered(id: CheckID) {
        // A file that changes while it is read takes a race, which is run by itself.
        guard id != .artifactUnstable else { return }
        // The steps of Sigstore bundles have a case each in SignaturesTests.
        guard id.family != CheckID.sigstoreForm.family else { return }
        #expect(FailureCase.all.contains { $0.id == id })
    }
}
