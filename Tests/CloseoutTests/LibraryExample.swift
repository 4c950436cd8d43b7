import Closeout
import CloseoutTestSupport
import Testing

/// The example with which the library opens; it has names of its own for what the modules below have too.
@Suite("Example of the library")
struct LibraryExample {
    private struct Refused: Error {
        let reason: String
    }

    @Test("verifying a bundle")
    func verifying() async throws {
        let place = repositoryRoot + "/fixtures/released/plain"
        let (bundle, dist) = (place + "/bundle", place + "/dist")
        let policyFile = try readFile(place + "/trust.json")
        let now = try #require(Instant("2026-12-01T00:00:00Z"))

        let policy = try TrustPolicy(parsing: policyFile)
        var verifier = Verifier(policy: policy, at: now)
        verifier.artifacts = .directory(dist)
        let report = try await verifier.verify(.folder(bundle))
        guard report.verdict == .verified else { throw Refused(reason: report.headline) }
    }
}
