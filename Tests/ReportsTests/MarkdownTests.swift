import CloseoutEncodings
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as Markdown")
struct MarkdownTests {
    private func markdown(_ report: Report) throws -> String {
        String(decoding: try ReportFormat.markdown.render(report, version: "1"), as: UTF8.self)
    }

    @Test("gives verdict, what is wrong, what is unknown, signatures and checks")
    func content() throws {
        let text = try markdown(mixedReport())
        #expect(text.hasPrefix("# FAILED payments 1.4.0\n\nFAILED payments 1.4.0: a differs"))
        let parts = ["## Wrong", "## Not checked", "## Signatures", "## Checks"]
        let places = try parts.map { try #require(text.firstRange(of: $0)).lowerBound }
        #expect(places == places.sorted())
        #expect(
            text.contains("| `artifact.digest` | `bin/tool` | has another SHA-256 | get it again |")
        )
        #expect(text.contains("| `s` | is a stranger's (for information) |"))
    }

    @Test("names no check as passed of which anything is wrong or unknown")
    func passed() throws {
        let text = try markdown(
            report([
                Finding(.artifactDigest, .pass, "a", "is right"),
                Finding(.artifactDigest, .fail, "b", "differs"),
            ]))
        let row = try #require(text.split(separator: "\n").last { $0.hasPrefix("| artifact |") })
        #expect(row.contains("size") && !row.contains("digest"))
    }

    @Test("stays short, and says how much more there is")
    func short() throws {
        let findings = (0..<1_234).map { Finding(.artifactDigest, .fail, "f\($0)", "differs") }
        let text = try markdown(report(findings))
        #expect(text.utf8.count < 40_000)
        #expect(text.contains("\n\nAnd 1,134 more rows, which the report as text or JSON has.\n"))
    }

    @Test("shows hostile text as it is, and makes no markup of it", .requires(pythonTool))
    func hostile() async throws {
        let answer = try await Oracle.markdown.answer(
            to: [
                JSON(try markdown(hostileReport())), JSON(try markdown(mixedReport())),
                JSON(try markdown(hostileDecision())), JSON(try markdown(blockedReport())),
            ])
        for parser in ["0", "1"] {
            let plain = try answer.at("1", parser, "tags")
            #expect(try answer.at("0", parser, "tags") == plain)
            #expect(!plain.elements.contains { $0.text?.hasPrefix("a ") == true })
            let decided = try answer.at("3", parser, "tags")
            #expect(try answer.at("2", parser, "tags") == decided)
            let cells = Set(try answer.at("0", parser, "cells").elements.compactMap(\.text))
            for text in hostileTexts {
                let shown = text.unicodeScalars.map {
                    isVisible($0) ? String($0) : "\\u{\(String($0.value, radix: 16))}"
                }.joined()
                #expect(cells.contains(shown), "\(shown)")
                // As prose, at the ends of which a parser drops blanks.
                let prose = "\(shown) (for information)"
                #expect(cells.contains(String(prose.drop { $0 == " " })), "\(prose)")
            }
        }
    }

    @Test("lets no line begin with text of the report")
    func lines() throws {
        let beginnings = [
            "| ", "|---", "#", "FAILED payments", "VERIFIED payments", "And ",
            "because it came to", "criteria `final 3`",
        ]
        let text = try markdown(hostileReport()) + markdown(hostileDecision())
        for line in text.split(separator: "\n") {
            #expect(beginnings.contains(where: line.hasPrefix), "\(line)")
        }
    }
}
