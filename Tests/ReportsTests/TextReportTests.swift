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

    @Test("at a glance has at most eight lines where all is well, and begins with the verdict")
    func atAGlance() throws {
        let idle = [Finding(CheckID.trustDigest, .notApplicable, "it", "was not asked for")]
        let stranger = Finding(.signatureKeyKnown, .unknown, "s", "is new", isRequired: false)
        for report in [
            try report(idle, signatures: [signed, signed]),
            try report(idle + [stranger], notLookedAt: ["artifacts not looked at"]),
            try onceReadyReport(evidence: acceptedRisk()),
        ] {
            let lines = TextReport.brief(report).split(separator: "\n")
            #expect(lines.count <= 8 && report.verdict == .verified, "\(lines)")
            #expect(lines[0].hasPrefix("VERIFIED payments 1.4.0"))
            for name in ["files:", "signed:", "as of:", "policy:", "checks:"] {
                #expect(lines.contains { $0.hasPrefix(name) }, "\(name)")
            }
            #expect(lines.last?.hasSuffix(" (--details)") == true)
        }
        let good = TextReport.brief(try report(idle))
        #expect(good.contains("files:  5,000 files, 500 MB, all as sealed\n"))
        #expect(
            good.contains("signed: by acme-release (key release-2026) in the role \"release\"\n"))
        #expect(good.contains("as of:  2026-11-23T12:00:00Z (now)\n"))
        let count = CheckID.allCases.count - 1
        #expect(good.hasSuffix("checks: \(count) passed, 1 not applicable (--details)\n"))
        let part = TextReport.brief(try report(idle, notLookedAt: ["artifacts not looked at"]))
        #expect(part.hasPrefix("VERIFIED payments 1.4.0 · artifacts not looked at\n"))
        let decided = TextReport.brief(try onceReadyReport())
        #expect(
            decided.contains(
                "decided: ready_for_release as of \(decidedAt), signed by dora, recomputed with the "
                    + "same result\n"))
        #expect(decided.contains("now:     blocked: "))
    }

    @Test(
        "at a glance reports what failed or is missing behind the first line, each with what to do")
    func problemsAtAGlance() throws {
        let text = TextReport.brief(try mixedReport())
        let lines = text.split(separator: "\n")
        #expect(lines[0].hasPrefix("FAILED payments 1.4.0: "))
        #expect(lines[1] == "wrong:")
        let place = try #require(
            lines.firstIndex(of: "  artifact.digest  bin/tool: has another SHA-256"))
        #expect(lines[place + 1] == "    hint: get it again")
        #expect(lines.contains("    hint: get the file from an unchanged copy"))
        #expect(lines.contains("not checked:"))
        #expect(lines.contains("  signature.key-known  s: is a stranger's (for information)"))
        #expect(lines.filter { $0 == "    hint: get the file from an unchanged copy" }.count == 1)
        let findings = (0..<1_234).map { Finding(.artifactDigest, .fail, "f\($0)", "differs") }
        let many = TextReport.brief(try report(findings), details: nil)
        #expect(many.split(separator: "\n").count < 35)
        #expect(many.contains("\n  and 1,214 more\n"))
        #expect(!many.contains("--details"))
    }

    @Test("has one spelling of every status, whatever the report")
    func oneSpelling() throws {
        let reports =
            try [report([Finding(.trustDigest, .notApplicable, "it", "is not asked for")])]
            + decidedReports() + [mixedReport()]
        for report in reports {
            for text in [
                TextReport.render(report), TextReport.brief(report), TextReport.decision(report),
                String(
                    decoding: try ReportFormat.markdown.render(report, version: "1"), as: UTF8.self),
            ] {
                #expect(!text.replacing("\\", with: "").contains("not_applicable"))
                #expect(!text.contains("could not be told") && !text.contains("alone does not"))
            }
            let page = String(
                decoding: try ReportFormat.html.render(report, version: "1"), as: UTF8.self)
            let body = try #require(page.split(separator: "<body>").last)
            let words = body.replacing("class=\"not_applicable\"", with: "")
            #expect(!words.contains("not_applicable"))
        }
    }

    @Test("with details, of a good bundle fits one screen of 25 lines of 100 columns")
    func oneScreen() throws {
        let idle = CheckID.allCases.filter {
            [.trustDigest, .logRollback].contains($0)
                || ["sigstore", "timestamp"].contains($0.family)
        }
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
        "reports every finding that is wrong before those that are unknown, with subject, reason, hint"
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
                "  acme-release (release-2026): valid, counts for the role \"release\" "
                    + "[DSSE, Ed25519]\n"))
        #expect(text.contains(": not counted: no key of the policy made it [DSSE]\n"))
        #expect(text.contains("  claims cdcd"))
    }
}
