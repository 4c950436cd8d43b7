import CloseoutEncodings
import CloseoutReports
import CloseoutTestSupport
import Testing

@Suite("Reports of a decision")
struct DecisionReportTests {
    private static let verifying =
        "--trust trust.json --artifacts dist --criteria artifacts-only "
        + "--as-of 2027-01-01T00:00:00Z"

    private var files: String {
        ReportFormat.allCases.map { "--report \($0.rawValue)=r.\($0.rawValue)" }
            .joined(separator: " ")
    }

    @Test("are written by `decide` in every format, and name the criteria")
    func decides() async throws {
        try await withSealedRelease { scene in
            let result = try await scene.shell(
                "closeout decide p-1.closeout \(Self.verifying) \(files)")
            #expect(result.status == 0, "\(result.stderrText)")
            #expect(result.stdoutText.hasPrefix("ready_for_release p 1: "))
            for format in ReportFormat.allCases {
                let text = String(decoding: try scene.bytes("r.\(format.rawValue)"), as: UTF8.self)
                let reported = format == .vsa ? "CLOSEOUT_READY_FOR_RELEASE" : "A2"
                #expect(text.contains(reported), "\(format.rawValue)")
            }
            let printed = try await scene.shell(
                "closeout decide p-1.closeout \(Self.verifying) --format sarif")
            #expect(try printed.stdout == scene.bytes("r.sarif"))
        }
    }

    @Test("are written and signed by `decide` also where the release is not decided on")
    func refuses() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("echo x >> dist/NOTES.md")
            let result = try await scene.shell(
                "closeout decide p-1.closeout \(Self.verifying) --report vsa=r.vsa "
                    + "--report-key release.pem")
            #expect(result.status == 30)
            let envelope = try JSON(parsing: scene.bytes("r.vsa"))
            let payload = try #require(envelope["payload"])
            guard case .string(let text) = payload else { return #expect(Bool(false)) }
            let statement = try JSON(parsing: try #require(Base64.decode(text)))
            #expect(statement["predicate"]?["verificationResult"] == "FAILED")
        }
    }

    @Test("are written by `close`, with the decision that it records, or nothing is recorded")
    func closes() async throws {
        try await withDecider { scene in
            let close =
                "close p-1.closeout --key dora.pem --artifacts dist --criteria artifacts-only "
                + "--report json=r.json --report html="
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            #expect(try await scene.append(close + "gone/r.html").status == 73)
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
            #expect(!scene.has("r.json"))
            let closed = try await scene.append(close + "r.html")
            #expect(closed.status == 0, "\(closed.stderrText)")
            let report = try JSON(parsing: scene.bytes("r.json"))
            #expect(report["decision"]?["now"]?["outcome"] == "ready_for_release")
            #expect(scene.has("r.html"))
        }
    }
}
