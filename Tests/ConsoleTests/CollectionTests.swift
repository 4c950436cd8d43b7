import CloseoutConsole
import CloseoutEncodings
import CloseoutIndex
import CloseoutTestSupport
import CloseoutTrial
import CloseoutVerification
import CloseoutWorkflows
import Testing

@testable import CloseoutConsole

/// Runs a console on a folder of bundles: a trial with its copy, one of the fixtures, and what `preparing` adds.
func withCollection(
    _ scenario: String = "accepted-risk", isOpened: Bool = true, keptAt file: String? = nil,
    preparing prepare: (String) async throws -> Void = { _ in },
    _ body: (Scene) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        var trial = try TrialRun.begin(
            Scenario.load(scenario), in: Array("\(folder)/t".utf8), now: try instant())
        while try await trial.next() != nil {}
        let commands = """
            mkdir -p all/more; cp -r t/payments-1.4.0.closeout all/one.closeout
            cp -r t/payments-1.4.0.closeout 'all/<b>"two.closeout'; cp -r "$0" all/more/old.closeout
            """
        _ = try await runSuccessfully(
            "sh", ["-c", commands, repositoryRoot + "/fixtures/released/key/bundle"],
            workingDirectory: folder)
        try await prepare(folder)
        let (_, request, recheck) = try trial.question()
        var asked = request
        asked.isAsOfGiven = true
        asked.artifacts = .notGiven
        let now = try instant()
        var collection = ConsoleCollection(
            places: [Array("\(folder)/all".utf8)], request: asked, recheck: recheck,
            command: { "closeout verify \(printable($0))" }, now: { now })
        collection.indexFile = file.map { Array("\(folder)/\($0)".utf8) }
        let server = collection
        try await withConsole(
            in: folder, isOpened: isOpened,
            changing: { $0.documents = Array((repositoryRoot + "/docs").utf8) },
            server: { try ConsoleServer(server, settings: $0) }, body)
    }
}

extension Scene {
    /// A page about several bundles, once all are verified.
    func settled(_ path: String = "/") async throws -> String {
        for _ in 0..<600 {
            let state = try JSON(parsing: Array(try await get("/api/state").body.utf8))
            if state["bundles_known"] != .integer(0), state["bundles_running"] == .integer(0) {
                return try await get(path).body
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the bundles are not verified")
        return ""
    }
}

/// What is in a page behind each place of a text, up to a quote.
private func values(_ text: String, in page: String) -> [String] {
    page.split(separator: text, omittingEmptySubsequences: false).dropFirst().map {
        String($0.prefix { $0 != "\"" })
    }
}

@Suite("A console of several bundles", .requires("curl"))
struct CollectionTests {
    @Test("the index lists every bundle with its verdict, whatever it is called")
    func lists() async throws {
        try await withCollection { scene in
            let page = try await scene.settled()
            #expect(page.contains("Bundles 1 to 3 of 3"))
            // The decision used the shipped files, which the index does not look at.
            #expect(page.contains(">INCOMPLETE</span>") && page.contains("artifacts not looked at"))
            #expect(page.contains("without its decisions: VERIFIED"))
            #expect(page.contains("all/&lt;b&gt;&quot;two.closeout") && !page.contains("<b>\""))
            #expect(page.contains("2 bundles here have this seal"))
            let found = try await scene.get("/?release=payments%401.4&verdict=INCOMPLETE")
            #expect(found.body.contains("Bundles 1 to 2 of 2"))
            #expect(try await scene.get("/?verdict=unreadable").body.contains("Bundles: none."))
            #expect(
                try await scene.get("/?key=nobody&held=1&days=9").body.contains("Bundles: none."))
            let quoted = try await scene.get("/?release=%22%CC%81%20autofocus%20onfocus%3D1")
            #expect(quoted.body.contains("value=\"&quot;\u{301} autofocus"))
        }
    }

    @Test("a digest leads to the bundles that ship the file, and says what was not searched")
    func shipped() async throws {
        try await withCollection { scene in
            _ = try await scene.settled()
            let sums = try readFile(scene.folder + "/t/payments-1.4.0.closeout/SHA256SUMS")
            let line = try #require(
                String(decoding: sums, as: UTF8.self).split(separator: "\n").first)
            let path = String(line.dropFirst(66))
            for given in [line.replacing(" ", with: "+"), "SHA256:" + line.prefix(64).uppercased()]
            {
                let page = try await scene.get("/shipped?digest=\(given)").body
                #expect(page.contains("<code>\(path)</code>"), "\(given)")
                #expect(page.contains("Found in 2 places") && page.contains(">shipped<"))
            }
            let none = try await scene.get("/shipped?digest=" + String(repeating: "0", count: 64))
            #expect(none.body.contains("No bundle that was looked at has it."))
            #expect(!none.body.contains("Not all bundles could be searched"))
            #expect(
                try await scene.get("/shipped?digest=hello").body.contains("This is no SHA-256"))
            _ = try await runSuccessfully(
                "sh", ["-c", "printf x >all/broken.closeout.tar"], workingDirectory: scene.folder)
            for _ in 0..<600 where !(try await scene.settled()).contains("of 4") {
                try await Task.sleep(for: .milliseconds(50))
            }
            let some = try await scene.get("/shipped?digest=" + String(repeating: "0", count: 64))
            #expect(some.body.contains("Not all bundles could be searched"))
            #expect(some.body.contains("1 without a list that can be read"))
        }
    }

    @Test("the register has every accepted risk with its bundle, and leads to the record")
    func register() async throws {
        try await withCollection { scene in
            let page = try await scene.settled("/register")
            #expect(page.contains("of 4<"))
            let links = values("href=\"/bundles/", in: page).filter { $0.contains("record?") }
            #expect(links.count == 4)
            let record = try await scene.page("/bundles/" + (links.first ?? ""))
            #expect(record.contains("<h1>") && record.contains("risk"))
            #expect(try await scene.get("/register?state=expired").body.contains("ends: none."))
            let days = try await scene.get("/register?state=ending&days=36500")
            #expect(days.body.contains("of 4<") && days.body.contains("ends soon"))
        }
    }

    @Test("the pages about one of the bundles lead to each other and nowhere else")
    func links() async throws {
        try await withCollection { scene in
            let index = try await scene.settled("/?release=payments")
            let bundle = try #require(
                values("href=\"/bundles/", in: index).first.map { "/bundles/\($0)" })
            #expect(bundle.hasSuffix("/"))
            var seen: Set<String> = []
            var left = [bundle]
            while let path = left.popLast() {
                guard seen.insert(path).inserted, seen.count < 200 else { continue }
                let page = try await scene.page(path)
                #expect(!page.contains("<h1>Not here</h1>"), "\(path)")
                let found =
                    values("href=\"", in: page) + values("action=\"", in: page)
                    + values("data-events=\"", in: page)
                for link in found {
                    let target = String(link.prefix { $0 != "#" })
                    let isShared = ["", "/style.css", "/"].contains(target)
                    #expect(isShared || target.hasPrefix(bundle), "\(path): \(link)")
                    let rest = target.dropFirst(bundle.count)
                    let isPage =
                        !isShared
                        && !["events", "verify"].contains { rest == $0 }
                        && !["file?", "proof?", "report?", "pack?", "public"].contains {
                            rest.hasPrefix($0)
                        }
                    if isPage { left.append(target.replacing("&amp;", with: "&")) }
                }
            }
            #expect(seen.count > 15)
            let again = try await scene.post(bundle + "verify", "")
            #expect(again.status == 303 && again.field("Location") == bundle)
            #expect(try await scene.page(bundle).contains("</span>INCOMPLETE</strong>"))
            let bare = try await scene.get(String(bundle.dropLast()))
            #expect(bare.status == 303 && bare.field("Location") == bundle)
        }
    }

    @Test("a bundle is compared with another one of the folder")
    func compared() async throws {
        try await withCollection { scene in
            let index = try await scene.settled()
            let ids = values("href=\"/bundles/", in: index).map { String($0.dropLast()) }
            let form = try await scene.page("/bundles/\(ids[0])/compare")
            #expect(form.contains("value=\"\(ids[1])\"") && !form.contains("value=\"\(ids[0])\""))
            let page = try await scene.page("/bundles/\(ids[0])/compare?with=\(ids[1])")
            #expect(page.contains("What differs"))
        }
    }

    @Test("no bundle, and no other file, is reached by an address that is not in the index")
    func addresses() async throws {
        try await withCollection { scene in
            _ = try await scene.settled()
            for path in [
                "/bundles/", "/bundles", "/bundles/../all", "/bundles/%2e%2e/", "/overview",
                "/bundles/0123456789abcdef0123456789abcdef/", "/api/nosuch", "/criteria",
            ] {
                #expect(try await scene.get(path).status == 404, "\(path)")
            }
            #expect(try await scene.post("/verify", "").status == 404)
            #expect(try await scene.post("/bundles/x/verify", "").status == 404)
            #expect(try await scene.get("/", isOpened: false).status == 403)
        }
    }

    @Test("programs read the same as JSON, by the paths that the description names")
    func interface() async throws {
        try await withCollection(keptAt: "index") { scene in
            _ = try await scene.settled()
            func read(_ path: String) async throws -> JSON {
                let reply = try await scene.get(path)
                #expect(reply.status == 200 && reply.field("Content-Type") == "application/json")
                return try JSON(parsing: Array(reply.body.utf8))
            }
            let bundles = try await read("/api/bundles?release=payments")
            #expect(bundles["total"] == .integer(2) && bundles["complete"] == .bool(true))
            let seal = try readFile(scene.folder + "/all/one.closeout/SHA256SUMS")
            let digest = String(decoding: seal.prefix(64), as: UTF8.self)
            let hits = try await read("/api/shipped?digest=\(digest)")
            #expect(hits["total"] == .integer(2))
            #expect(try await scene.get("/api/shipped?digest=x").status == 400)
            let acceptances = try await read("/api/acceptances?state=active&days=0")
            #expect(acceptances["total"] == .integer(4))
            guard case .object(let paths) = try await read("/api/openapi.json")["paths"] else {
                Issue.record("no paths")
                return
            }
            #expect(paths.count == 4)
            for path in paths {
                let name = String(decoding: path.key, as: UTF8.self)
                _ = try await read(name == "/api/shipped" ? "\(name)?digest=\(digest)" : name)
            }
            guard case .array(let items) = bundles["bundles"], case .string(let id) = items[0]["id"]
            else {
                Issue.record("no bundles")
                return
            }
            let own = "/bundles/\(String(decoding: id, as: UTF8.self))"
            _ = try await scene.page(own + "/")
            #expect(try await read(own + "/api/report")["verdict"] == "INCOMPLETE")
            #expect(fileExists(scene.folder + "/index"))
        }
    }

    @Test(
        "packed bundles are verified with their shipped files once they are opened, more than are kept open"
    )
    func shelf() async throws {
        try await withCollection(
            preparing: { folder in
                let copies = """
                    rm -r all/*; for i in 1 2 3 4 5 6 7; do
                    "$0" pack t/payments-1.4.0.closeout --artifacts t/app -o all/$i.closeout.tar
                    done
                    """
                _ = try await runSuccessfully(
                    "sh", ["-c", copies, closeoutExecutable], workingDirectory: folder)
            }
        ) { scene in
            let index = try await scene.settled("/?release=payments")
            let paths = values("href=\"/bundles/", in: index).map { "/bundles/\($0)" }
            #expect(paths.count == 7)
            for path in paths + paths.reversed() {
                #expect(try await scene.page(path).contains("</span>VERIFIED</strong>"))
            }
        }
    }
}
