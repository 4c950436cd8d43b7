import CloseoutTestSupport
import Testing

@Suite("Hostile file names")
struct HostileNamesTests {
    /// What a shell, a terminal, `sha256sum` or a JSON reader could trip over.
    private static let names = [
        " ", "a b", " leading", "trailing ", "-rf", "--check", "#", "~", "*", "$(id)", "`id`", "'",
        "\"",
        "back\\slash", "\\", "\\n", "line\nfeed", "carriage\rreturn", "\r\n", "tab\there",
        "\u{1B}[31mred", "\u{7F}", "é", "e\u{301}", "日本", "\u{202E}gpj.exe", "zero\u{200B}width",
        "\u{FEFF}bom", "\u{2028}", "emoji 🦉", "…", "con.", "C:", "a=b",
    ]

    @Test("are sealed, verify, and pass sha256sum -c as SHA256SUMS writes them")
    func sums() async throws {
        try await withScene { scene in
            for (index, name) in Self.names.enumerated() {
                try await scene.put("content \(index)", at: name)
            }
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            try await scene.done(
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist")
            let checked = try await scene.shellDone(
                "cd dist && sha256sum --check --strict ../p-1.closeout/SHA256SUMS")
            #expect(lines(checked).count { $0.hasSuffix(": OK") } == Self.names.count + 2)
        }
    }

    @Test("are shown on one line with nothing that a terminal would obey or hide")
    func reported() async throws {
        try await withScene { scene in
            for name in Self.names { try await scene.put("before", at: name) }
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            for name in Self.names { try await scene.put("behind", at: name) }
            let refused = try await scene.closeout(
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist",
                "--details")
            #expect(refused.status == 30)
            let reported = lines(refused.stdoutText).filter { $0.hasPrefix("  artifact.digest  ") }
            #expect(reported.count == Self.names.count)
            let listed = try await scene.done("show", "p-1.closeout", "--files")
            for text in [refused.stdoutText, listed.joined(separator: "\n")] {
                let hidden = text.unicodeScalars.filter { scalar in
                    scalar != "\n"
                        && [.control, .format, .lineSeparator].contains(
                            scalar.properties.generalCategory)
                }
                #expect(hidden.isEmpty)
                #expect(!text.contains("\nfeed") && text.contains("line\\nfeed"))
                #expect(text.contains("\\u{202e}gpj.exe"))
            }
        }
    }

    @Test("a name that is not UTF-8 is refused by name, with nothing written")
    func notUTF8() async throws {
        try await withScene { scene in
            try await scene.shellDone("printf x > \"dist/$(printf 'caf\\351')\"")
            let refused = try await scene.closeout("freeze", "dist", "--release", "p@1")
            #expect(refused.status == 65)
            #expect(refused.stderrText.contains("caf\\xe9"))
            #expect(!scene.has("p-1.closeout"))
        }
    }
}

extension Scene {
    /// Writes a file of the release whose name a shell could not be given safely.
    fileprivate func put(_ content: String, at name: String) async throws {
        try await runSuccessfully(
            "sh", ["-c", "printf %s \"$2\" > \"$1\"", "sh", "dist/" + name, content],
            workingDirectory: path)
    }
}
