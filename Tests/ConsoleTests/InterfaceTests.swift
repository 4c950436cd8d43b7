import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("What programs read of a console", .requires("curl"))
struct InterfaceTests {
    @Test("state, report, files and log as JSON, the report as the command has it")
    func reads() async throws {
        try await withConsole("accepted-risk") { scene in
            _ = try await scene.page()
            func read(_ path: String) async throws -> JSON {
                let reply = try await scene.get(path)
                #expect(reply.status == 200 && reply.field("Content-Type") == "application/json")
                return try JSON(parsing: Array(reply.body.utf8))
            }
            let state = try await read("/api/state")
            #expect(state["state"] == "done" && state["verdict"] == "VERIFIED")
            let report = try await read("/api/report")
            #expect(report["verdict"] == "VERIFIED" && report["as_of"] == JSON(moment))
            let files = try await read("/api/files")
            #expect(files["total"] == .integer(3) && files["pages"] == .integer(1))
            let none = try await read("/api/files?q=nosuch&sort=digest&page=9")
            #expect(none["total"] == .integer(0) && none["files"] == [])
            let log = try await read("/api/log?page=1")
            guard case .array(let entries) = log["entries"] else {
                Issue.record("no entries")
                return
            }
            #expect(entries.first?["path"] == "seal.json")
            let missing = try await scene.get("/api/nosuch")
            #expect(missing.status == 404 && missing.field("Content-Type") == "application/json")
        }
    }

    @Test("its description names every path, and nothing that changes anything")
    func described() async throws {
        try await withPlainConsole { scene in
            _ = try await scene.page()
            let reply = try await scene.get("/api/openapi.json")
            let description = try JSON(parsing: Array(reply.body.utf8))
            guard case .object(let paths) = description["paths"] else {
                Issue.record("no paths")
                return
            }
            #expect(paths.count == 4)
            for path in paths {
                guard case .object(let methods) = path.value else { continue }
                #expect(methods.map(\.key) == [Array("get".utf8)])
                let answer = try await scene.get(String(decoding: path.key, as: UTF8.self))
                #expect(answer.status == 200)
            }
        }
    }

    @Test(
        "a parameter that is not of its form is refused, and says what it has to be",
        arguments: [
            "files?page=0", "files?page=x", "files?page=", "files?page=1000000000",
            "files?page=1&page=2", "files?sort=colour", "files?q=%FF", "log?page=-1",
        ])
    func refused(path: String) async throws {
        try await withPlainConsole { scene in
            _ = try await scene.page()
            let reply = try await scene.get("/api/" + path)
            #expect(reply.status == 400 && reply.field("Content-Type") == "application/json")
            #expect(try JSON(parsing: Array(reply.body.utf8))["error"] != nil)
        }
    }

    @Test("it does what its description says, whatever it is asked", .requires(pythonTool))
    func conforms() async throws {
        try await withConsole("accepted-risk") { scene in
            _ = try await scene.page()
            let tool =
                pythonTool.split(separator: "/", omittingEmptySubsequences: false).dropLast()
                .joined(separator: "/") + "/schemathesis"
            let result = try await run(
                tool,
                [
                    "run", scene.at("/api/openapi.json"), "--header", "Cookie: \(scene.cookie)",
                    // Else nothing but reading passes the gate.
                    "--header", "Origin: http://127.0.0.1:\(scene.port)",
                    "--checks", "all", "--max-examples", isExhaustive ? "500" : "50", "--seed",
                    "1", "--no-color", "--generation-database", "none",
                ], workingDirectory: scene.folder)
            #expect(result.status == 0, "\(result.stdoutText.suffix(4000))\(result.stderrText)")
            #expect(result.stdoutText.contains("Tested: 4"))
        }
    }

    @Test("an earlier checkpoint is compared, and another bundle's is not taken for one")
    func checkpoints() async throws {
        try await withConsole { scene in
            _ = try await scene.page()
            let bundle = scene.folder + "/payments-1.4.0.closeout"
            let own = try readFile(bundle + "/checkpoint")
            let other = try readFile(repositoryRoot + "/fixtures/released/key/bundle/checkpoint")
            func send(_ bytes: [UInt8]) async throws -> Reply {
                let encoded = bytes.map { byte in
                    let digits = String(byte, radix: 16)
                    return "%" + (digits.utf8.count < 2 ? "0" : "") + digits
                }.joined()
                return try await scene.post("/log", "checkpoint=" + encoded)
            }
            let same = try await send(own)
            #expect(same.status == 200 && same.body.contains("<span class=\"pass\">pass</span>"))
            let foreign = try await send(other)
            #expect(foreign.status == 200)
            #expect(foreign.body.contains("<span class=\"fail\">fail</span>"))
            let none = try await send(Array("no checkpoint".utf8))
            #expect(none.status == 400)
        }
    }

    @Test("evidence, proof, report and copy for everyone are downloads, and verify by the command")
    func downloads() async throws {
        try await withConsole { scene in
            let evidence = try await scene.page("/evidence")
            let link = try #require(
                evidence.split(separator: "href=\"/file?digest=").dropFirst().first)
            let digest = link.prefix { $0 != "\"" }
            func save(_ path: String, as name: String) async throws {
                _ = try await runSuccessfully(
                    "curl",
                    [
                        "-sSf", "-H", "Cookie: \(scene.cookie)", "-o", "\(scene.folder)/\(name)",
                        scene.at(path),
                    ])
            }
            try await save("/file?digest=\(digest)", as: "file")
            let sum = try await runSuccessfully("sha256sum", [scene.folder + "/file"])
            #expect(String(decoding: sum, as: UTF8.self).hasPrefix(digest))
            let artifacts = try await scene.page("/artifacts")
            let path = try #require(
                artifacts.split(separator: "href=\"/proof?path=").dropFirst().first
            ).prefix { $0 != "\"" }
            try await save("/proof?path=\(path)", as: "own.closeout-proof")
            let file = String(path).replacing("%2F", with: "/")
            let proof = try await run(
                closeoutExecutable,
                ["verify", "own.closeout-proof", "--file", "app/\(file)", "--trust", "trust.json"],
                workingDirectory: scene.folder)
            #expect(
                proof.stdoutText.hasPrefix("VERIFIED"), "\(proof.stdoutText)\(proof.stderrText)")
            try await save("/public", as: "public.closeout.tar")
            let copy = try await run(
                closeoutExecutable, ["verify", "public.closeout.tar", "--trust", "trust.json"],
                workingDirectory: scene.folder)
            #expect(copy.stdoutText.contains("withheld from this copy"))
            try await save("/report?format=oscal", as: "oscal.json")
            for name in ["nist-ssdf", "slsa"] {
                try await save("/pack?name=\(name)", as: "\(name).json")
                let lint = try await run(
                    closeoutExecutable, ["criteria", "lint", "\(name).json"],
                    workingDirectory: scene.folder)
                #expect(lint.status == 0, "\(lint.stderrText)")
            }
        }
    }
}
