import CloseoutConsole
import CloseoutTestSupport
import Testing

@testable import CloseoutConsole

@Suite("The documents in a console")
struct DocumentTests {
    private static let folder = DocumentFolder(Array((repositoryRoot + "/docs").utf8))

    @Test("every link of a document to a document leads to a section that is shown")
    func links() throws {
        let names = Self.folder.names
        #expect(names.contains("records") && names.contains("console") && names.count > 25)
        var anchors: [String: Set<String>] = [:]
        for name in names {
            let document = try #require(Self.folder.document(name))
            #expect(!document.title.isEmpty, "\(name)")
            anchors[name] = Set(
                document.blocks.compactMap {
                    if case .heading(_, let text) = $0 { Document.anchor(of: text) } else { nil }
                })
        }
        var count = 0
        for name in names {
            for text in try #require(Self.folder.document(name)).texts {
                for case .link(_, let target) in DocumentText(text).pieces {
                    let parts = target.split(
                        separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                    let other =
                        parts[0].isEmpty ? name : String(parts[0].dropFirst("/documents/".count))
                    let known = try #require(anchors[other], "\(name): \(target)")
                    if parts.count > 1 {
                        #expect(known.contains(String(parts[1])), "\(name): \(target)")
                    }
                    count += 1
                }
            }
        }
        #expect(count > 100)
    }

    @Test("each kind of block is read as what it is")
    func blocks() {
        let document = Document(
            """
            # A `name`

            Words that go
            on, with `code|` and [a link](log.md#what-it-proves).

            - one
              goes on
            - two

            1. first

                $ verbatim

                more
            | a | b\\|c |
            |---|:-:|
            | `x` | [y](https://example.org/) |
            ### Third
            ```
            # fenced
            ```
            ![A picture](a.png)
            """)
        #expect(document.title == "A name")
        #expect(
            document.blocks == [
                .paragraph(
                    "Words that go on, with `code|` and [a link](log.md#what-it-proves)."),
                .list(isOrdered: false, ["one goes on", "two"]),
                .list(isOrdered: true, ["first"]), .verbatim("$ verbatim\n\nmore"),
                .table(header: ["a", "b|c"], rows: [["`x`", "[y](https://example.org/)"]]),
                .heading(level: 3, "Third"), .verbatim("# fenced"),
                .paragraph("![A picture](a.png)"),
            ])
        #expect(
            pieces("a [`b`](log.md#c), `[d](e)` **f** [g") == [
                "text a ", "link b /documents/log#c", "text , ", "code [d](e)", "text  f [g",
            ])
        #expect(
            pieces("[x](https://example.org/) [y](../README.md) ![z](p.png)") == [
                "text x (https://example.org/)", "text  ", "text y", "text  ", "text z",
            ])
        #expect(pieces("[x](javascript:alert(1))").allSatisfy { !$0.hasPrefix("link") })
    }

    private func pieces(_ text: String) -> [String] {
        DocumentText(text).pieces.map { piece in
            switch piece {
            case .text(let text): "text \(text)"
            case .code(let text): "code \(text)"
            case .link(let text, let path): "link \(text) \(path)"
            default: "other"
            }
        }
    }

    @Test("they are served while a bundle is verified, and nothing else of the disk is")
    func served() async throws {
        try await withPlainConsole(changing: {
            $0.documents = Array((repositoryRoot + "/docs").utf8)
        }) { scene in
            let list = try await scene.get("/documents")
            #expect(list.status == 200)
            #expect(list.body.contains("<a href=\"/documents/records\">"))
            let page = try await scene.get("/documents/records")
            #expect(page.body.contains("<h2 id=\"retention-decision\">"))
            #expect(page.body.contains("aria-current=\"page\">Documents"))
            for path in [
                "/documents/", "/documents/none", "/documents/../README",
                "/documents/%2e%2e/README", "/documents/records.md", "/documents/api/closeout",
                "/documents/Records",
            ] {
                let reply = try await scene.get(path)
                #expect(reply.status == 404, "\(path)")
            }
        }
        try await withPlainConsole { scene in
            let page = try await scene.page("/documents")
            #expect(page.contains("not installed"))
        }
    }
}

extension Document {
    /// All texts that can hold links.
    fileprivate var texts: [String] {
        blocks.flatMap { block -> [String] in
            switch block {
            case .paragraph(let text): [text]
            case .list(_, let items): items
            case .table(let header, let rows): header + rows.flatMap { $0 }
            case .heading, .verbatim: []
            }
        }
    }
}
