import CloseoutTestSupport
import Testing

@Suite("How the program that is shipped is linked")
struct LinkingTests {
    private static let check = repositoryRoot + "/scripts/check-linking"

    @Test(
        "nothing beside it is loaded, and its tables of addresses are read-only",
        .requires("readelf"))
    func shipped() async throws {
        guard let program = environmentVariable("CLOSEOUT_PROGRAM") else {
            print("skipped: CLOSEOUT_PROGRAM names no program as it is shipped")
            return
        }
        let result = try await run(Self.check, [program])
        #expect(result.status == 0, "\(result.stderrText)")
    }

    @Test("a run path is found, as the package manager sets one by default", .requires("readelf"))
    func runPath() async throws {
        let result = try await run(Self.check, [builtExecutable])
        #expect(result.status == 1)
        #expect(result.stderrText.contains("has a run path: "), "\(result.stderrText)")
        #expect(try await run(Self.check, []).status == 64)
    }

    @Test("each script that builds the program does so in one way, which checks that")
    func scripts() async throws {
        let found = try await run(
            "grep",
            [
                "-rlE", "product.{0,20}closeout|closeout.{0,5}product", "scripts", ".ci",
                "Benchmarks",
            ],
            workingDirectory: repositoryRoot)
        #expect(found.stdoutText == "scripts/build-release\n")
        for script in ["scripts/demo", "scripts/test", ".ci/run", "Benchmarks/run"] {
            let text = String(decoding: try readFile(repositoryRoot + "/" + script), as: UTF8.self)
            #expect(text.contains("scripts/build-release"), "\(script)")
        }
    }
}
