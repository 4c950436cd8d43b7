import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutRecords
import CloseoutTestSupport
import Testing

@Suite("The content of evidence")
struct EvidenceContentTests {
    /// A release that ships `bin/tool` with the content `tool` and a line feed, and `NOTES.md`.
    private func shipped(_ content: EvidenceContent) throws -> ShippedNames {
        var shipped = ShippedNames()
        guard case .parts(let parts) = content.body else { return shipped }
        shipped.digests = parts.digests.intersection([try SHA256Digest.of(Array("tool\n".utf8))])
        shipped.names = parts.names.intersection([Array("tool".utf8), Array("NOTES.md".utf8)])
        return shipped
    }

    @Test(
        "of each file of fixtures/evidence is what its form and its words say",
        arguments: [
            (
                "pytest-pass.xml", "junit", "tests",
                "good: reports 2 tests that passed, and 1 skipped"
            ),
            ("pytest-fail.xml", "junit", "tests", "bad: reports 2 failures in 3 tests"),
            ("junit-counted.xml", "junit", "tests", "bad: reports 3 failures in 1 test"),
            ("junit-nothing-ran.xml", "junit", "tests", "unknown: reports no test that ran"),
            (
                "junit-entities.xml", "", "",
                "unknown: cannot be read as XML: a document type declaration, which is not read at byte 0"
            ),
            (
                "cyclonedx-release.json", "cyclonedx", "sbom",
                "good: names 1 of the shipped files by SHA-256"
            ),
            (
                "cyclonedx-names.json", "cyclonedx", "sbom",
                "good: names 1 of the shipped files by name"
            ),
            (
                "cyclonedx-requirements.json", "cyclonedx", "sbom",
                "bad: names none of the shipped files, in 1 part"
            ),
            ("spdx-tool.json", "spdx", "sbom", "good: names 1 of the shipped files by SHA-256"),
            ("bandit-clean.sarif", "sarif", "scan", "good: has no result of the level error, of 0"),
            ("bandit-errors.sarif", "sarif", "scan", "bad: has 2 results of the level error, of 3"),
            (
                "sarif-default-level.sarif", "sarif", "scan",
                "bad: has 2 results of the level error, of 4"
            ),
            (
                "sarif-broken-run.sarif", "sarif", "scan",
                "unknown: reports a run of its tool that did not succeed"
            ),
            (
                "statement.json", "in-toto", "provenance",
                "unknown: is a statement, whose predicate is not evaluated"
            ),
            (
                "envelope.json", "dsse", "provenance",
                "unknown: is a statement, whose predicate is not evaluated"
            ),
            ("tap.txt", "", "", "unknown: is neither XML nor a JSON object"),
        ])
    func fixtures(name: String, form: String, serves: String, verdict: String) throws {
        let content = EvidenceContent(
            of: try readFile("\(repositoryRoot)/fixtures/evidence/\(name)"))
        #expect(content.form?.rawValue ?? "" == form)
        #expect(content.serves?.rawValue ?? "" == serves)
        #expect(try words(content) == verdict)
    }

    private func words(_ content: EvidenceContent) throws -> String {
        switch content.verdict(shipped: try shipped(content)) {
        case .good(let reason): "good: \(reason)"
        case .bad(let reason): "bad: \(reason)"
        case .unknown(let reason): "unknown: \(reason)"
        }
    }

    @Test(
        "of what is empty, damaged or of another form is unknown, and never good",
        arguments: [
            "", " ", "<a/>", "<testsuites/>", "<testsuite/>", "<testsuite tests='5'/>",
            "<testsuite><testcase></testsuite>",
            "<testsuite failures='x'><testcase/></testsuite>",
            "<testsuite errors=''><testcase/></testsuite>",
            "<testsuite failures='-1'><testcase/></testsuite>",
            "<testsuite tests='100'><testcase/></testsuite>",
            "<testsuites tests='2'><testsuite tests='1'><testcase/></testsuite></testsuites>",
            "<testsuite tests='x'><testcase/></testsuite>",
            "<testsuite><testcase><j:failure xmlns:j='j'/></testcase></testsuite>",
            "<testsuite><testcase/><Testcase><Failure/></Testcase></testsuite>",
            "<testsuite><testcase status='notrun'/><testcase result='skipped'/></testsuite>",
            "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'/>",
            "{}", "[]", "null", #"{"runs":[]}"#, #"{"version":"2.1.0","runs":[]}"#,
            #"{"version":"2.1.0","runs":[{}]}"#, #"{"version":"2.1.0","runs":[{"results":null}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[]},{}]}"#,
            #"{"version":"1.0.0","runs":[{"results":[]}]}"#,
            #"{"version":"2.1.0","runs":[null,{"results":[]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[null,1]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"level":"Error"}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"level":null}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleId":7}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"kind":1}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"invocations":null}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"invocations":[{}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"invocations":[{"executionSuccessful":"false"}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleId":"r"}],"invocations":[{"executionSuccessful":true,"ruleConfigurationOverrides":[{"configuration":{"level":"error"}}]}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"rule":{"index":0,"toolComponent":{"index":0}}}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"driver":{"rules":[{"id":"r","defaultConfiguration":{"level":"ERROR"}}]}}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"rule":"r"}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleIndex":"0"}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleIndex":-2}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleIndex":0.5}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"rule":{"index":null}}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleId":"r","rule":{"id":"s"}}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[{"ruleIndex":0,"rule":{"index":1}}]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":[]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"driver":null}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"extensions":{}}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"extensions":["r"]}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"driver":{"rules":{"id":"r"}}}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"driver":{"rules":["r"]}}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[],"tool":{"driver":{"rules":[{"id":"r","defaultConfiguration":"error"}]}}}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[]}],"runs":[{"results":[]}]}"#,
            #"{"version":"2.1.0","runs":[{"results":[]}]} x"#,
            #"{"version":"2.1.0","runs":[{"results":[}]}"#,
            #"{"bomFormat":"cyclonedx","components":[{"name":"tool"}]}"#,
            #"{"spdxVersion":"SPDX-3.0","packages":[{"name":"tool"}]}"#,
            #"{"@context":"x","@graph":[]}"#,
            #"{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[]}"#,
        ])
    func unknown(text: String) throws {
        #expect(try words(EvidenceContent(of: Array(text.utf8))).hasPrefix("unknown: "))
    }

    @Test(
        "of a result without a level has the level of the rule that it names by id, by place or by both",
        arguments: [
            (#"{"ruleId":"e"}"#, 1), (#"{"ruleId":"e/part"}"#, 1), (#"{"ruleIndex":1}"#, 1),
            (#"{"ruleId":"w","ruleIndex":1}"#, 1), (#"{"ruleId":"e","ruleIndex":-1}"#, 1),
            (#"{"rule":{"id":"e","index":-1}}"#, 1), (#"{"ruleId":"e","rule":{"id":"e"}}"#, 1),
            (#"{"ruleId":"w"}"#, 0), (#"{"ruleIndex":0}"#, 0), (#"{"ruleIndex":-1}"#, 0),
            (#"{"ruleId":"w","rule":{"index":1,"toolComponent":{"index":0}}}"#, 0),
        ])
    func ruleLevels(result: String, errors: Int) throws {
        let rules = #"[{"id":"w"},{"id":"e","defaultConfiguration":{"level":"error"}}]"#
        let text =
            #"{"version":"2.1.0","runs":[{"results":[\#(result)],"tool":{"driver":{"rules":\#(rules)}}}]}"#
        let verdict = try words(EvidenceContent(of: Array(text.utf8)))
        #expect(
            verdict
                == (errors == 0
                    ? "good: has no result of the level error, of 1"
                    : "bad: has 1 result of the level error, of 1"))
    }

    @Test(
        "of a report whose cases say by an attribute how they ended counts those that failed",
        arguments: [
            ("status='failed'", "bad: reports 1 failure in 2 tests"),
            ("result='Error'", "bad: reports 1 failure in 2 tests"),
            ("status='run' result='completed'", "good: reports 2 tests that passed"),
            ("status='skipped'", "good: reports 1 test that passed, and 1 skipped"),
        ])
    func states(attributes: String, verdict: String) throws {
        let both = attributes.contains("failed") ? "<failure/>" : ""
        let skipped = attributes.contains("skipped") ? "<skipped/>" : ""
        let text =
            "<testsuite tests='2'><testcase \(attributes)>\(both)\(skipped)</testcase>"
            + "<testcase/></testsuite>"
        #expect(try words(EvidenceContent(of: Array(text.utf8))) == verdict)
    }

    @Test("of a bill of materials without a part, or with a hash that is none, names no file")
    func emptyBills() throws {
        for text in [
            #"{"bomFormat":"CycloneDX"}"#, #"{"bomFormat":"CycloneDX","components":[]}"#,
            #"{"bomFormat":"CycloneDX","components":[{"name":"tool","hashes":[{"alg":"SHA-256","content":"x"}]}]}"#,
            #"{"spdxVersion":"SPDX-2.3","files":[{"fileName":"./tool.md"}]}"#,
        ] {
            #expect(try words(EvidenceContent(of: Array(text.utf8))).hasPrefix("bad: "), "\(text)")
        }
        let named = #"{"spdxVersion":"SPDX-2.3","files":[{"fileName":"./a/tool"}]}"#
        #expect(try words(EvidenceContent(of: Array(named.utf8))).hasPrefix("good: "))
        let unread = EvidenceContent(of: Array(named.utf8))
        #expect(unread.verdict(shipped: nil).reason.contains("manifest, which was not read"))
    }

    @Test("of a report in which a suite, a nested element or the root has a failure is bad")
    func failures() throws {
        for text in [
            "<testsuite><testcase><failure/></testcase></testsuite>",
            "<testsuite><error/><testcase/></testsuite>",
            "<testsuites><testsuite errors='1'><testcase/></testsuite></testsuites>",
            "<testsuites errors='x'><testsuite><testcase><error/></testcase></testsuite></testsuites>",
            "<testsuites failures='1'/>",
        ] {
            #expect(try words(EvidenceContent(of: Array(text.utf8))).hasPrefix("bad: "), "\(text)")
        }
    }

    @Test("of 20,000 damaged files each ends well, and a failure that is left is never good")
    func mutated() throws {
        for name in [
            "pytest-fail.xml", "bandit-errors.sarif", "cyclonedx-release.json", "envelope.json",
        ] {
            let sample = try readFile("\(repositoryRoot)/fixtures/evidence/\(name)")
            for input in mutations(
                of: sample, seed: 7, count: 5_000,
                tokens: [
                    "<failure/>", "<!--", "]]>", "\"level\":\"error\",", "{", "}", "[", "]", "\"",
                    "1e9",
                ])
            {
                let content = EvidenceContent(of: input)
                guard case .tests(let totals) = content.body, totals.failed > 0 else { continue }
                #expect(content.verdict(shipped: nil).isBad)
            }
        }
    }

    @Test("of a file with 64 levels is read, and with 65 it is not")
    func depth() throws {
        func sarif(_ depth: Int) -> String {
            let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #"{"version":"2.1.0","properties":\#(nested),"runs":[{"results":[]}]}"#
        }
        #expect(try words(EvidenceContent(of: Array(sarif(63).utf8))).hasPrefix("good: "))
        #expect(try words(EvidenceContent(of: Array(sarif(64).utf8))).hasPrefix("unknown: "))
    }

    @Test("of a file with a byte order mark and numbers of any kind is read")
    func foreign() throws {
        let text =
            "\u{FEFF}"
            + #"{"a":[1.5,-0,1E+400,-12345678901234567890],"version":"2.1.0","runs":[{"results":[]}]}"#
        #expect(try words(EvidenceContent(of: Array(text.utf8))).hasPrefix("good: "))
        for number in ["01", "1.", ".5", "+1", "1e", "- 1", "NaN"] {
            let wrong = #"{"a":\#(number),"version":"2.1.0","runs":[{"results":[]}]}"#
            #expect(
                try words(EvidenceContent(of: Array(wrong.utf8))).hasPrefix("unknown: "),
                "\(number)")
        }
    }
}
