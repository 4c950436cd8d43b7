import CloseoutEncodings
import CloseoutManifests
import CloseoutSignatures
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A packed bundle")
struct PackedTests {
    @Test(
        "has the report of the folder, whatever is wrong with it",
        arguments: FailureCase.all.filter { $0.id != .trustLocation })
    func sameReport(failure: FailureCase) async throws {
        try await Bench.run { bench in
            try await failure.spoil(&bench)
            guard bench.proven == nil else { return }
            let ofFolder = try await bench.verify()
            guard let packed = try packedForm(of: bench.bundle) else { return }
            try await runSuccessfully("mv", [bench.bundle, bench.root + "/folder"])
            try writeFile(packed, to: bench.bundle)
            let ofPacked = try await bench.verify()
            #expect(ofPacked.verdict == failure.verdict)
            let isSame = ofPacked.json == ofFolder.json
            #expect(isSame, "\(ofFolder.problems)\n\(ofPacked.problems)")
        }
    }

    @Test(
        "has the verdict of the folder for every bundle in fixtures/",
        arguments: try fixtures(in: "good") + fixtures(in: "hostile"))
    func fixtureBundles(fixture: Fixture) async throws {
        try await withTemporaryDirectory { path in
            let folder = fixture.path + "/bundle"
            let packed = try #require(try packedForm(of: folder))
            try writeFile(packed, to: path + "/packed")
            var request = VerificationRequest(
                trust: Trust(), asOf: try at(try #require(fixture["as-of"])))
            request.artifacts = .none
            request.release = try fixture["release"].map { try .init(parsing: $0) }
            request.trust.policy = try TrustPolicy(parsing: try fixture.bytes("trust.json"))
            let verifier = Verifier(request: request)
            let report = try await verifier.verify(bundle: bytes(path + "/packed"))
            #expect(report.verdict.rawValue == fixture["verdict"])
            let ofFolder = try await verifier.verify(bundle: bytes(folder))
            let isSame = report.json == ofFolder.json
            #expect(isSame, "\(ofFolder.problems)\n\(report.problems)")
        }
    }
}
