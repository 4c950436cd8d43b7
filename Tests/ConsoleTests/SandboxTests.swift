import CloseoutConsole
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import Testing

@testable import CloseoutConsole

@Suite("The sandbox of a console", .requires("curl"))
struct SandboxTests {
    @Test("a scenario is chosen, toured, broken in each way and made anew")
    func tried() async throws {
        try await withSandbox("ready") { scene in
            #expect(try await scene.page().contains("</span>VERIFIED</strong>"))
            let tour = try await scene.page("/tour")
            for step in 1...10 { #expect(tour.contains("id=\"step-\(step)\"")) }
            #expect(tour.contains("What this has shown"))
            #expect(tour.contains("<a href=\"/documents/records#retention-decision\">"))
            for (way, verdict, words) in [
                ("flip", "FAILED", "has another SHA-256"), ("drop", "FAILED", "bundle."),
                ("policy", "INCOMPLETE", "nobody is trusted"),
            ] {
                #expect(try await scene.post("/break", "way=\(way)").status == 303)
                let page = try await scene.page()
                #expect(page.contains("</span>\(verdict)</strong>"), "\(way)")
                #expect(page.contains(words), "\(way)")
                #expect(try await scene.page("/sandbox").contains("Broken so far"))
                #expect(try await scene.post("/scenario", "name=ready").status == 303)
                #expect(try await scene.page().contains("</span>VERIFIED</strong>"))
                #expect(!(try await scene.page("/sandbox").contains("Broken so far")))
            }
            #expect(try await scene.post("/scenario", "name=accepted-risk").status == 303)
            #expect(try await scene.page("/risks").contains("until "))
            #expect(try await scene.post("/break", "way=expire").status == 303)
            #expect(try await scene.page("/risks").contains("expired"))
            #expect(try await scene.post("/scenario", "name=../../etc").status == 404)
            #expect(try await scene.post("/break", "way=nosuch").status == 404)
        }
    }

    @Test(
        "a scenario is looked at by its address, which changes nothing, before it is walked through"
    )
    func looked() async throws {
        try await withSandbox("ready") { scene in
            #expect(try await scene.page("/sandbox").contains("The tour of its ten steps"))
            let other = try await scene.page("/sandbox?scenario=agent-session")
            #expect(other.contains("<option selected>agent-session</option>"))
            #expect(other.contains("agent-session: A program wrote the change"))
            #expect(other.contains("name=\"name\" value=\"agent-session\""))
            #expect(!other.contains("The tour of its ten steps"))
            #expect(try await scene.page("/sandbox").contains("<option selected>ready</option>"))
            let unknown = try await scene.page("/sandbox?scenario=%3Cb%3E")
            #expect(unknown.contains("<option selected>ready</option>"))
            #expect(try await scene.post("/scenario", "name=agent-session").status == 303)
            #expect(try await scene.page("/retention").contains("agent-session"))
            #expect(try await scene.page("/evidence").contains("session.json"))
        }
    }

    @Test("the answers and the sample bundle can be taken away")
    func taken() async throws {
        try await withSandbox("ready") { scene in
            _ = try await scene.page()
            let answers = try await scene.post(
                "/answers", "answer-1=A+%3Cb%3E+system%0D%0A%23%23+no+heading&answer-2=")
            #expect(answers.field("Content-Disposition") == "attachment; filename=\"answers.md\"")
            #expect(answers.body.contains("\n> A <b> system\n> #"))
            #expect(!answers.body.contains("\n## no heading"))
            #expect(answers.body.contains("## 5. "))
            _ = try await runSuccessfully(
                "curl",
                [
                    "-sSf", "-H", "Cookie: \(scene.cookie)", "-o", scene.folder + "/sample.tar",
                    scene.at("/sample"),
                ])
            let sample = try await run(
                closeoutExecutable, ["verify", scene.folder + "/sample.tar", "--artifacts", "none"])
            #expect(sample.stdoutText.hasPrefix("INCOMPLETE payments 1.4.0"))
        }
    }

    @Test("a console of a bundle has no sandbox")
    func absent() async throws {
        try await withPlainConsole { scene in
            let page = try await scene.page()
            #expect(!page.contains("/sandbox"))
            for path in ["/sandbox", "/tour", "/sample"] {
                let reply = try await scene.get(path)
                #expect(reply.status == 404)
            }
            for path in ["/scenario", "/break", "/answers"] {
                let reply = try await scene.post(path, "name=ready&way=flip")
                #expect(reply.status == 404)
            }
        }
    }

    private func withSandbox(_ name: String, _ body: (Scene) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let now = try instant()
            let sandbox = try await Sandbox(name, in: Array(folder.utf8), now: { now })
            try await withConsole(in: folder, server: { try ConsoleServer(sandbox, settings: $0) })
            {
                try await body($0)
            }
        }
    }
}
