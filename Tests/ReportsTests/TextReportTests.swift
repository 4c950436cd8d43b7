import CloseoutEncodings
import CloseoutReports
import CloseoutVerification
import Testing

@Suite("A report as text")
struct TextReportTests {
    @Test(
        "begins with the first line, and says the same verdict as the JSON",
        arguments: Verdict.allCases)
    func oneVerdict(verdict: Verdict) throws {
        let findings: [Finding] =
            switch verdict {
            case .verified: []
            case .failed: [Finding(.artifactDigest, .fail, "bin/tool", "has another SHA-256")]
            case .incomplete: [Finding(.artifactGiven, .unknown, "artifacts", "were not given")]
            }
        let report = try report(findings)
        let text = TextReport.render(report)
        #expect(report.verdict == verdict)
        #expect(text.hasPrefix(report.headline + "\n"))
        #expect(report.headline.hasPrefix(verdict.rawValue + " payments 1.4.0"))
        #expect(report.json == report.json && text.hasSuffix("\n"))
        let json = String(decoding: report.json.canonicalBytes, as: UTF8.self)
        #expect(json.contains(#""verdict":"\#(verdict.rawValue)""#))
        #expect(json.contains(#""integrity":"\#(verdict.rawValue)""#))
        for other in Verdict.allCases where other != verdict {
            #expect(!text.contains(other.rawValue) && !json.contains(other.rawValue))
        }
    }

    @Test("of a good bundle fits one screen of 25 lines of 100 columns")
    func oneScreen() throws {
        let idle = CheckID.allCases.filter { [.trustDigest, .logRollback].contains($0) }
            .map { Finding($0, .notApplicable, "it", "was not asked for") }
        for artifactsLeftOut in [false, true] {
            let left = CheckID.allCases.filter { artifactsLeftOut && $0.family == "artifact" }
                .map { Finding($0, .notApplicable, "artifacts", "only evidence") }
            let text = TextReport.render(
                try report(
                    idle + left, signatures: [signed, signed],
                    notLookedAt: ["artifacts not looked at"]))
            let rows = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .map { max(1, ($0.count + 99) / 100) }.reduce(0, +)
            #expect(rows <= 25, "\(rows) rows:\n\(text)")
        }
    }

    @Test(
        "tells every finding that is wrong before those that are unknown, with subject, reason, hint"
    )
    func tellsAll() throws {
        let text = TextReport.render(
            try report([
                Finding(.artifactGiven, .unknown, "artifacts", "were not given", hint: "give them"),
                Finding(.artifactDigest, .fail, "a", "has another SHA-256"),
                Finding(.artifactDigest, .fail, "b", "has another SHA-256"),
                Finding(.signatureKeyKnown, .unknown, "s", "is a stranger's", isRequired: false),
            ]))
        let wrong = try #require(text.firstRange(of: "\nwrong:\n"))
        let unknown = try #require(text.firstRange(of: "\nnot checked:\n"))
        #expect(wrong.upperBound < unknown.lowerBound)
        for line in [
            "  artifact.digest  a: has another SHA-256\n",
            "  artifact.digest  b: has another SHA-256\n",
            "  artifact.given  artifacts: were not given\n    hint: give them\n",
            "  signature.key-known  s: is a stranger's (for information)\n",
        ] {
            #expect(text.contains(line))
        }
        #expect(!text.contains("artifact  pass: given"))
    }

    @Test("lets nothing but the first line, headings and indented lines begin a line")
    func noInjection() throws {
        let text = TextReport.render(
            try report(
                [Finding(.artifactDigest, .fail, "VERIFIED x", "is wrong", hint: "mend it")],
                signatures: [signed, stranger]))
        for line in text.split(separator: "\n").dropFirst() {
            #expect(
                line.hasPrefix("  ")
                    || ["wrong:", "not checked:", "signatures:", "checks:"].contains(line))
        }
    }

    @Test("lists each signature with signer and whether it counts")
    func signatures() throws {
        let text = TextReport.render(try report(signatures: [signed, stranger]))
        #expect(
            text.contains(
                "  dsse · release-2026 · operator acme-release · ed25519 · for release · counts\n"))
        #expect(text.contains("not counted: no key of the policy made it\n"))
        #expect(text.contains("claims cdcd"))
    }
}
