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

    /// The functions of the C library by which a program gets to a network, or takes from one.
    private static let networkFunctions: Set<String> = [
        "socket", "connect", "bind", "listen", "accept", "accept4", "getaddrinfo",
        "gethostbyname", "gethostbyname_r", "getnameinfo", "res_query", "res_search", "send",
        "sendto",
        "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg", "recvmmsg", "getpeername",
        "getsockname", "setsockopt", "shutdown", "if_nameindex",
    ]

    /// The functions of the C library that a program uses.
    private static func imports(of program: String) async throws -> Set<String> {
        let table = try await runSuccessfully("readelf", ["--dyn-syms", "-W", program])
        return Set(
            String(decoding: table, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard words.count >= 8, words[6] == "UND" else { return nil }
                return words[7].split(separator: "@").first.map(String.init)
            })
    }

    @Test(
        "`closeout` uses no function for networks, and what speaks to them is found by these names",
        .requires("readelf"))
    func networks() async throws {
        for program in Set([builtExecutable, closeoutExecutable]) {
            let imports = try await Self.imports(of: program)
            #expect(imports.count > 20, "\(program)")
            #expect(imports.isDisjoint(with: Self.networkFunctions), "\(program)")
        }
        let courier = try await Self.imports(of: builtExecutable + "-courier")
        #expect(courier.isSuperset(of: ["socket", "connect", "getaddrinfo", "setsockopt"]))
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
                "-rlE", "swiftc .*-o|swift build .*--product", "scripts", ".ci",
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
