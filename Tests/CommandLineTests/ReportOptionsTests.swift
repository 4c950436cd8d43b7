import CloseoutEncodings
import CloseoutReports
import CloseoutTestSupport
import Testing

@Suite("The reports of verify")
struct ReportOptionsTests {
    private static let verify = [
        "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist", "--as-of",
        "2030-01-01T00:00:00Z",
    ]

    @Test(
        "are the same printed and in files, wherever, whenever and in whichever language one works")
    func sameBytes() async throws {
        try await withSealedRelease { scene in
            let files = ReportFormat.allCases.flatMap {
                ["--report", "\($0.rawValue)=r.\($0.rawValue)"]
            }
            let first = try await scene.closeout(Self.verify + files)
            #expect(first.status == 0)
            for format in ReportFormat.allCases {
                let printed = try await scene.closeout(
                    Self.verify + ["--format", format.rawValue]
                        + (format == .text ? ["--details"] : []),
                    environment: ["TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "NO_COLOR": "1"])
                #expect(printed.stdout == (try scene.bytes("r.\(format.rawValue)")))
            }
        }
    }

    @Test("say the same of a bundle that fails, and the exit code stays that of the verdict")
    func failed() async throws {
        try await withSealedRelease { scene in
            try scene.write("other\n", to: "dist/bin/tool")
            for format in ReportFormat.allCases {
                let result = try await scene.closeout(Self.verify + ["--format", format.rawValue])
                #expect(result.status == 30)
                #expect(result.stdoutText.contains("FAILED p 1"))
                #expect(!result.stdoutText.contains("VERIFIED p"))
            }
        }
    }

    @Test("of statements are signed with --report-key, as others read it", .requires(pythonTool))
    func signed() async throws {
        try await withSealedRelease { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "auditor", "--type", "p256")
            let plain = try await scene.closeout(Self.verify + ["--report", "svr=svr.json"])
            #expect(plain.status == 0)
            let signed = try await scene.closeout(
                Self.verify + [
                    "--report-key", "auditor.pem", "--report", "svr=svr.dsse.json", "--report",
                    "sarif=r.sarif",
                ])
            #expect(signed.status == 0)
            try await scene.done(
                "verify-signature", "svr.json", "svr.dsse.json", "--key", "auditor.pub.pem")
            let program = """
                import json, sys
                from securesystemslib.dsse import Envelope
                from securesystemslib.signer import SSlibKey
                from cryptography.hazmat.primitives.serialization import load_pem_public_key
                envelope = Envelope.from_dict(json.load(open("svr.dsse.json")))
                key = load_pem_public_key(open("auditor.pub.pem", "rb").read())
                name = next(iter(envelope.signatures))
                envelope.verify([SSlibKey.from_crypto(key, keyid=name)], 1)
                assert envelope.payload_type == "application/vnd.in-toto+json"
                assert envelope.payload == open("svr.json", "rb").read()
                """
            try await runSuccessfully(pythonTool, ["-c", program], workingDirectory: scene.path)
            #expect(try JSON(parsing: scene.bytes("r.sarif"))["runs"] != nil)
        }
    }

    @Test("are no signatures of a seal, even signed with a key that is trusted for seals")
    func noSealSignature() async throws {
        try await withSealedRelease { scene in
            for format in ["vsa", "svr"] {
                let signed = try await scene.closeout(
                    Self.verify + ["--report-key", "release.pem", "--report", "\(format)=r.json"])
                #expect(signed.status == 0)
                let refused = try await scene.closeout(
                    "attach", "p-1.closeout", "r.json", "--trust", "trust.json")
                #expect(refused.status == 30)
            }
        }
    }

    @Test("are asked for wrongly: an unknown format, no file, a key with nothing to sign")
    func wrongUsage() async throws {
        try await withSealedRelease { scene in
            for (arguments, words) in [
                (["--report", "pdf=r.pdf"], "there is no such format; use one of text, json"),
                (["--report", "sarif"], "it is not FORMAT=FILE"),
                (["--format", "pdf"], "use one of text, json, markdown"),
                (
                    ["--report-key", "release.pem", "--report", "sarif=r.sarif"],
                    "--report-key signs vsa and svr, and neither is asked for"
                ),
            ] {
                let result = try await scene.closeout(Self.verify + arguments)
                #expect(result.status == 64)
                #expect(result.stderrText.contains(words), "\(result.stderrText)")
            }
            #expect(!scene.has("r.sarif") && !scene.has("r.pdf"))
        }
    }

    @Test("are not written at all where one of them cannot be made")
    func allOrNothing() async throws {
        try await withSealedRelease { scene in
            let result = try await scene.closeout(
                Self.verify + ["--report", "vsa=r.vsa", "--report-key", "absent.pem"])
            #expect(result.status == 66 && result.stdout.isEmpty)
            #expect(!scene.has("r.vsa"))
        }
    }

    @Test(
        "hold hostile names of files as text in XML, Markdown, HTML and JSON",
        .requires("xmllint"))
    func hostileNames() async throws {
        try await withScene { scene in
            let names = [
                "<script>x", "]]>", "a|b", "`c`", "\u{202E}gpj", "::error::x", "##vso[x]y", "l\nf",
                "'\"&amp;", "\\u{0}",
            ]
            for name in names { try await scene.put(name) }
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            for name in names { try await scene.put(name, content: "other") }
            for format in ReportFormat.allCases {
                let result = try await scene.closeout(Self.verify + ["--format", format.rawValue])
                #expect(result.status == 30)
                if format == .junit { try writeFile(result.stdout, to: scene.path + "/r.xml") }
                for part in ["##vso[", "<script>x<", "\n::error", "\u{202E}"] {
                    #expect(!result.stdoutText.contains(part))
                }
            }
            try await scene.shellDone("xmllint --noout r.xml")
        }
    }
}

extension Scene {
    /// Writes a file of the release whose name a shell could not be given safely.
    fileprivate func put(_ name: String, content: String = "x") async throws {
        try await runSuccessfully(
            "sh", ["-c", "printf %s \"$2\" > \"$1\"", "sh", "dist/" + name, content],
            workingDirectory: path)
    }
}
