import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutReports
import CloseoutTestSupport
import CloseoutVerification
import Testing

@Suite("A report as JUnit XML")
struct JUnitTests {
    private func junit(_ report: Report) throws -> String {
        String(decoding: try ReportFormat.junit.render(report, version: "1"), as: UTF8.self)
    }

    @Test("is valid by the schema of the Jenkins plugin, whatever the report", .requires("xmllint"))
    func valid() async throws {
        let schema = try #require(try fixtures(in: "schemas").first { $0.name == "junit" })
        #expect(try SHA256Digest.of(schema.bytes("junit-10.xsd")).hex == schema["sha256"])
        let reports =
            [try report(), try mixedReport(), try unreadableReport(), try hostileReport()]
            + (try decidedReports())
        for report in reports {
            let result = try await CloseoutTestSupport.run(
                "xmllint", ["--noout", "--nonet", "--schema", schema.path + "/junit-10.xsd", "-"],
                stdin: Array(try junit(report).utf8))
            #expect(result.status == 0, "\(result.stderrText)")
        }
    }

    @Test("has a failure for what is wrong, an error for what is unknown, and neither passes")
    func outcomes() throws {
        let text = try junit(mixedReport())
        let count = text.ranges(of: "<testcase ").count
        #expect(text.contains(#"tests="\#(count)" failures="5" errors="1">"#))
        #expect(text.contains(#"<failure message="has another SHA-256" type="fail">get it again<"#))
        #expect(text.contains(#"<error message="were not given" type="unknown">"#))
        #expect(
            text.contains(#"<skipped message="no digest was asked for" type="not_applicable"/>"#))
        for (reason, type) in [("is by a revoked key", "fail"), ("is a stranger&#39;s", "unknown")]
        {
            #expect(
                text.contains(
                    #"<skipped message="\#(reason) (for information)" type="\#(type)"/>"#
                ))
        }
        #expect(text.contains(#"<testcase name="log.head: the subject of log.head""#))
    }

    @Test("of a good bundle has nothing but passes")
    func passed() throws {
        #expect(try !junit(report()).contains("<failure"))
        #expect(try junit(report()).contains(#"failures="0" errors="0">"#))
    }

    @Test("of a bundle of which a check is missing has an error, though nothing else is wrong")
    func missing() throws {
        let text = try junit(report(without: [.manifestSums]))
        #expect(text.contains(#"failures="0" errors="1">"#))
        #expect(text.contains(#"<error message="INCOMPLETE payments 1.4.0: a check is missing"#))
    }

    @Test(
        "carries hostile text as text, and as escapes what XML cannot carry", .requires(pythonTool))
    func hostile() async throws {
        let program = """
            import json, sys
            import xml.etree.ElementTree as tree
            json.dump([case.get("name") for case in tree.parse(sys.stdin.buffer).iter("testcase")],
                      sys.stdout)
            """
        let output = try await runSuccessfully(
            pythonTool, ["-c", program], stdin: Array(try junit(hostileReport()).utf8))
        let names = try JSON(parsing: output).elements.compactMap(\.text)
        for text in hostileTexts {
            let shown = text.unicodeScalars.map {
                isVisible($0) ? String($0) : "\\u{\(String($0.value, radix: 16))}"
            }
            #expect(names.contains("artifact.digest: \(shown.joined())"))
        }
    }
}
