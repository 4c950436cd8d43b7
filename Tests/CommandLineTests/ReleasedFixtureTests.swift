import CloseoutEncodings
import CloseoutTestSupport
import Testing

/// What earlier versions wrote and said of it: fixtures/README.md.
@Suite("What released versions wrote")
struct ReleasedFixtureTests {
    @Test(
        "keeps its verdict, exit code, decisions and checks",
        arguments: try fixtures(in: "released"))
    func keepsVerdict(fixture: Fixture) async throws {
        let command = try #require(fixture["run"])
        let result = try await Scene(path: fixture.path).shell("closeout \(command) --format json")
        #expect(String(result.status) == fixture["exit"], "\(result.stderrText)")
        let report = try JSON(parsingCanonical: Array(result.stdout.dropLast()))
        #expect(report["verdict"]?.text == fixture["verdict"])
        #expect(report["decision"]?["now"]?["outcome"]?.text == fixture["now"])
        let recorded = report["decision"]?["recorded"]?.elements ?? []
        #expect(
            recorded.map { "\($0["outcome"]?.text ?? "") \($0["recomputed"]?.text ?? "")" }
                == fixture.values("recorded"))
        let signatures = report["signatures"]?.elements ?? []
        #expect(
            signatures.map {
                "\($0["format"]?.text ?? "") \($0["counts"] == .bool(true) ? "counts" : "not counted")"
            } == fixture.values("signature"))
        var statuses: [String: Set<String>] = [:]
        for check in report["checks"]?.elements ?? [] {
            statuses[check["id"]?.text ?? "", default: []].insert(check["status"]?.text ?? "")
        }
        for line in fixture.values("check") {
            let words = line.split(separator: " ").map(String.init)
            #expect(statuses[words[0]]?.sorted() == Array(words.dropFirst()), "\(words[0])")
        }
        #expect(fixture.values("check").count > 50 || fixture.name == "proof")
    }
}
