import CloseoutManifests
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import FoundationEssentials
import Testing

/// Bundles as files, with a policy beside them: fixtures/README.md.
@Suite("Bundles in fixtures/")
struct FixtureTests {
    @Test("a good one is verified", arguments: try fixtures(in: "good"))
    func good(fixture: Fixture) async throws {
        let report = try await verify(fixture)
        #expect(report.verdict == .verified, "\(report.problems)")
        #expect(fixture["verdict"] == report.verdict.rawValue)
    }

    @Test("a hostile one is not, for the reasons expected", arguments: try fixtures(in: "hostile"))
    func hostile(fixture: Fixture) async throws {
        let report = try await verify(fixture)
        #expect(report.verdict != .verified)
        #expect(fixture["verdict"] == report.verdict.rawValue, "\(report.problems)")
        let checks = fixture.values("check")
        #expect(!checks.isEmpty)
        for check in checks {
            let id = try #require(CheckID(rawValue: check))
            #expect(report.tells(id, .fail) || report.tells(id, .unknown), "\(report.problems)")
        }
    }

    private func verify(_ fixture: Fixture) async throws -> Report {
        var request = VerificationRequest(
            trust: Trust(), asOf: try at(try #require(fixture["as-of"])))
        request.artifacts = .none
        request.release = try fixture["release"].map { try .init(parsing: $0) }
        request.trust.policy = try TrustPolicy(parsing: try fixture.bytes("trust.json"))
        request.trust.isFile = true
        request.trust.path = bytes(fixture.path + "/trust.json")
        return try await Verifier(request: request).verify(bundle: bytes(fixture.path + "/bundle"))
    }
}
