import CloseoutEncodings
import CloseoutTestSupport
import Testing

private let hostileNames = [
    "##vso[task.complete result=Succeeded]x", "##[error]x", "::error::x", "  ::set-output name=a",
    "\u{202E}gpj.exe", "\u{2066}isolated\u{2069}", "\u{200F}mark", "a::b##c", "zero\u{200B}",
]

/// What commands print for programs, of a release whose names a build's log or a terminal would obey.
@Suite("Output for programs")
struct MachineOutputTests {
    /// A sealed release with such names, of which one changed since, and evidence of such a name.
    private func withNames(_ body: (Scene) async throws -> Void) async throws {
        try await withScene { scene in
            try await scene.done(
                "keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
            for name in hostileNames { try await write("before", to: "dist/" + name, scene) }
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            for name in hostileNames { try await write("behind", to: "dist/" + name, scene) }
            try await body(scene)
        }
    }

    private func write(_ text: String, to path: String, _ scene: Scene) async throws {
        try await runSuccessfully(
            "sh", ["-c", "printf %s \"$2\" > \"$1\"", "sh", path, text],
            workingDirectory: scene.path)
    }

    private func isSafe(_ text: String) -> Bool {
        !text.contains("##vso[") && !text.contains("##[")
            && !text.split(whereSeparator: \.isNewline).contains { line in
                line.drop { $0 == " " || $0 == "\t" }.hasPrefix("::")
            }
            && text.unicodeScalars.allSatisfy { $0 == "\n" || isVisible($0) }
    }

    private static let verify = [
        "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist", "--as-of",
        "2030-01-01T00:00:00Z",
    ]

    @Test(
        "holds no command of a build's log and no mark of direction, in any format, printed or in a file",
        arguments: ["text", "json", "markdown", "html", "sarif", "junit", "vsa", "svr", "oscal"])
    func reports(format: String) async throws {
        try await withNames { scene in
            let details = format == "text" ? ["--details"] : []
            let report = try await scene.closeout(
                Self.verify + details + ["--format", format, "--report", "\(format)=report"])
            #expect(report.status == 30)
            #expect(isSafe(report.stdoutText), "\(report.stdoutText)")
            #expect(try scene.bytes("report") == report.stdout)
            guard ["json", "sarif", "vsa", "svr", "oscal"].contains(format) else { return }
            #expect(!report.stdoutText.contains("::"))
            #expect(throws: Never.self) { try JSON(parsing: report.stdout.dropLast()) }
        }
    }

    @Test("gives a reader of JSON the names as they are, in every command that prints JSON")
    func names() async throws {
        try await withNames { scene in
            try await scene.done("pack", "p-1.closeout", "-o", "p.tar", "--artifacts", "none")
            try await scene.shellDone("mv p-1.closeout first; rm -rf dist/bin")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            for arguments in [
                ["show", "p-1.closeout", "--files"], ["show", "p-1.closeout", "--log"],
                ["diff", "first", "p-1.closeout"], ["status", "p-1.closeout"],
            ] {
                let result = try await scene.closeout(arguments + ["--format", "json"])
                #expect(isSafe(result.stdoutText) && !result.stdoutText.contains("::"))
                let values = try result.stdout.split(separator: 0x0A).map {
                    try JSON(parsing: Array($0))
                }
                #expect(!values.isEmpty)
                guard !["status"].contains(arguments[0]), arguments.last != "--log" else {
                    continue
                }
                let texts = values.flatMap(texts)
                for name in hostileNames { #expect(texts.contains(name), "\(arguments): \(name)") }
            }
            let listed = try await scene.closeout("show", "p-1.closeout", "--files")
            #expect(isSafe(listed.stdoutText))
            let reported = try await scene.closeout("diff", "first", "p-1.closeout")
            #expect(isSafe(reported.stdoutText))
        }
    }

    @Test("a message that begins with such a name is none of its commands", arguments: hostileNames)
    func messages(name: String) async throws {
        try await withScene { scene in
            for arguments in [
                ["show", name], ["add", name, name], ["verify", "x", "--trust", name], [name],
                ["keygen", "--no-passphrase", "-o", "new/" + name],
            ] {
                let refused = try await scene.closeout(arguments)
                #expect(refused.status != 0)
                #expect(isSafe(refused.stderrText), "\(refused.stderrText)")
            }
        }
    }

    /// All keys and strings of a value.
    private func texts(_ value: JSON) -> [String] {
        switch value {
        case .string(let bytes): [String(decoding: bytes, as: UTF8.self)]
        case .array(let elements): elements.flatMap(texts)
        case .object(let members):
            members.flatMap { [String(decoding: $0.key, as: UTF8.self)] + texts($0.value) }
        default: []
        }
    }
}
