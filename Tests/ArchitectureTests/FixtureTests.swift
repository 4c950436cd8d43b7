import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("Fixtures")
struct FixtureTests {
    @Test("every folder of fixtures/ holds cases, and every case says what is expected")
    func allCasesAreWhole() throws {
        let root = repositoryRoot + "/fixtures"
        let names = try FileManager.default.contentsOfDirectory(atPath: root)
        // Reports as other tools write them: single files.
        let samples = "evidence"
        for subject in names where subject != samples && isDirectory(root + "/" + subject) {
            #expect(try !fixtures(in: subject).isEmpty)
        }
    }

    @Test("a case has its lines in order, repeated keys too, without comments")
    func readsExpectations() async throws {
        try await withTemporaryDirectory { path in
            try writeFile("# why\ncheck: a.b\nreason: x: y\ncheck: c.d\n", to: path + "/expect")
            try writeFile("input", to: path + "/data")
            let fixture = try Fixture(at: path)
            #expect(fixture.values("check") == ["a.b", "c.d"])
            #expect(fixture["reason"] == "x: y")
            #expect(fixture["absent"] == nil)
            #expect(try fixture.bytes("data") == Array("input".utf8))
            #expect(path.hasSuffix("/" + fixture.name))
        }
    }

    @Test(
        "a case that expects nothing, or a line without a colon, is an error",
        arguments: [
            "", "# only why\n", "check a.b\n",
        ])
    func refusesUselessCases(expect: String) async throws {
        try await withTemporaryDirectory { path in
            try writeFile(expect, to: path + "/expect")
            #expect(throws: FixtureError.self) { try Fixture(at: path) }
        }
    }
}
