import CloseoutConsole
import CloseoutFiles
import CloseoutTestSupport
import CloseoutVerification
import CloseoutWorkflows
import Testing

@testable import CloseoutConsole

@Suite("What others wrote in a page of a console", .requires("curl"))
struct HostileTests {
    /// Marks behind which the template engine alone would leave a quote or a bracket as it is.
    static let marks = ["\u{301}", "\u{200D}", "\u{FE0F}", "\u{20E3}", ""]

    @Test("a mark behind it keeps no quote and no bracket from being escaped", arguments: marks)
    func escaped(mark: String) throws {
        let templates = try Templates()
        for character in ["\"", "'", "<", ">", "&", "`"] {
            let text = "x\(character)\(mark) onfocus=alert(1) <script>"
            let values: TemplateValues = [
                "q": text, "path": text, "orders": [TemplateValues](),
            ]
            let page = String(decoding: templates.fill("search", values), as: UTF8.self)
            let plain = templates.fill(
                "search", ["q": "Q", "path": "Q", "orders": [TemplateValues]()])
            func count(_ scalar: Unicode.Scalar, _ text: String) -> Int {
                text.unicodeScalars.count { $0 == scalar }
            }
            for scalar: Unicode.Scalar in ["\"", "'", "<", ">"] {
                #expect(
                    count(scalar, page) == count(scalar, String(decoding: plain, as: UTF8.self)))
            }
        }
    }

    @Test("what nobody would see is shown, and changes no direction")
    func visible() {
        for text in [
            "\u{202E}", "\u{2066}", "\u{0}", "\u{1B}", "\u{2028}", "\u{FEFF}", "\u{E0041}",
        ] {
            #expect(escapedMarkup("a\(text)b").hasPrefix("a\\u{"))
        }
        #expect(escapedMarkup("e\u{301} 日本 ü") == "e\u{301} 日本 ü")
    }

    @Test("no template inserts a text as it is, and each begins with what it escapes by")
    func templates() throws {
        for name in Templates.names {
            let text = try #require(Templates.source(name))
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
            #expect(
                !text.contains("<script>") && !text.contains(" style=") && !text.contains(" on"))
        }
        for name in ["console.js", "style.css"] {
            let text = String(
                decoding: name == "console.js" ? Assets.script : Assets.style, as: UTF8.self)
            #expect(
                !text.contains("http:") && !text.contains("https:") && !text.contains("innerHTML"))
        }
    }

    /// Names of shipped files that a page could stumble over.
    static let names = [
        "<script>alert(1)<", "a\"\u{301} onmouseover=alert(1) x", "b'\u{200D}c",
        "&lt;img src=x onerror=1>",
        "x\u{FE0F}\"><svg onload=alert(1)>", "{{q}}", "{{{q}}}", "{{% CONTENT_TYPE:TEXT}}",
        "%2e%2e%2f",
        "javascript:alert(1)", "日本語", "a b+c&d=e#f?g",
    ]

    @Test("names of shipped files are shown as they are, and each has its proof")
    func fileNames() async throws {
        try await withTemporaryDirectory { folder in
            try makeDirectory(folder + "/app")
            for name in Self.names {
                try writeFile(name, to: "\(folder)/app/\(name.replacing("/", with: "-"))")
            }
            let commands = """
                "$0" keygen --no-passphrase -o k --trust trust.json >/dev/null
                "$0" seal app --release 'p@1' --key k.pem -o b.closeout >/dev/null
                """
            _ = try await runSuccessfully(
                "sh", ["-c", commands, closeoutExecutable], workingDirectory: folder)
            let now = try instant("2027-01-01T00:00:00Z")
            let subject = ConsoleSubject(
                path: Array("\(folder)/b.closeout".utf8),
                request: VerificationRequest(trust: Trust(), asOf: now), recheck: RecheckRequest(),
                command: "closeout verify '<b>&\"'", now: { now })
            try await withConsole(of: subject, in: folder) { scene in
                let page = try await scene.page("/artifacts")
                for part in ["<script>alert", "<img", "<svg", "\"\u{301} on", "href=\"javascript"] {
                    #expect(!page.contains(part), "\(part)")
                }
                #expect(
                    page.unicodeScalars.count { $0 == "<" }
                        == page.unicodeScalars.count { $0 == ">" })
                #expect(page.contains("{{q}}") && page.contains("日本語"))
                let links = page.split(separator: "href=\"/proof?path=").dropFirst().map {
                    $0.prefix { $0 != "\"" }
                }
                #expect(links.count == Self.names.count)
                for link in links {
                    let proof = try await scene.get("/proof?path=\(link)")
                    #expect(proof.status == 200)
                    let name = try #require(proof.field("Content-Disposition"))
                    #expect(name.hasPrefix("attachment; filename=\""))
                    #expect(name.utf8.allSatisfy { $0 < 0x7F })
                }
                let found = try await scene.page("/artifacts?q=b%2Bc%26d&sort=size")
                #expect(found.contains("of 1<") && found.contains("a b+c&amp;d=e#f?g"))
                #expect(try await scene.page("/artifacts?q=a+b").contains("of 1<"))
                let query = "/artifacts?q=%22%CC%81%20autofocus%20onfocus%3Dalert(1)%20"
                let echoed = try await scene.page(query)
                #expect(echoed.contains("value=\"&quot;\u{301} autofocus"))
                let overview = try await scene.page("/")
                #expect(overview.contains("&lt;b&gt;&amp;&quot;"))
            }
        }
    }

    /// What no page may have, whoever wrote the bundle.
    private static let parts = [
        "<script>alert", "<img", "<svg onload", "<\u{FE0F}svg", "\"\u{301} on", "href=\"javascript",
        "</code></td></table> ",
    ]

    /// What would not be seen, or would change what is seen.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n" && scalar != "\t"
        case .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200D}"
        default: false
        }
    }

    @Test(
        "a bundle full of what others wrote is shown harmlessly, on each of its pages",
        .requires("python3"))
    func bundle() async throws {
        try await withConsole(
            "accepted-risk",
            preparing: { folder in
                let added = try await runSuccessfully(
                    "python3",
                    [
                        repositoryRoot + "/Tests/ConsoleTests/Oracles/hostile.py",
                        folder + "/payments-1.4.0.closeout",
                    ])
                #expect(Int(String(decoding: added.dropLast(), as: UTF8.self)) ?? 0 > 100)
            }
        ) { scene in
            #expect(try await scene.page().contains("</span>FAILED</strong>"))
            var waiting = Place.allCases.filter { !$0.isOfSandbox }.map(\.rawValue)
            var seen = Set(waiting)
            var markup = 0
            while let path = waiting.popLast() {
                let reply = try await scene.get(path)
                let isDownload = reply.field("Content-Disposition") != nil
                #expect([200, 404, 422].contains(reply.status), "\(path): \(reply.status)")
                #expect(isDownload || reply.body.utf8.count < 4 << 20, "\(path)")
                #expect(
                    isDownload
                        == !(reply.field("Content-Type") ?? "").hasPrefix("text/html"), "\(path)")
                if isDownload { continue }
                for part in Self.parts { #expect(!reply.body.contains(part), "\(path): \(part)") }
                let scalars = reply.body.unicodeScalars
                #expect(!scalars.contains(where: Self.isHidden), "\(path)")
                #expect(scalars.count { $0 == "<" } == scalars.count { $0 == ">" }, "\(path)")
                if reply.body.contains("&lt;script&gt;alert(1)") { markup += 1 }
                for link in reply.body.split(separator: "href=\"").dropFirst() {
                    let target = String(link.prefix { $0 != "\"" && $0 != "#" }).replacing(
                        "&amp;", with: "&")
                    guard target.hasPrefix("/"), target != "/style.css", seen.count < 500,
                        seen.insert(target).inserted
                    else { continue }
                    waiting.append(target)
                }
            }
            #expect(markup > 3 && seen.count > 40)
            for path in ["/api/report", "/api/log", "/api/state"] {
                let reply = try await scene.get(path)
                #expect(reply.status == 200 && reply.field("Content-Type") == "application/json")
            }
        }
    }
}
