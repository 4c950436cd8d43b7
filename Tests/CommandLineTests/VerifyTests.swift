import CloseoutTestSupport
import Testing

@Suite("closeout verify")
struct VerifyTests {
    private static let verify = ["verify", "p-1.closeout", "--key", "release.pub.pem"]
    private static let whole = verify + ["--artifacts", "dist"]

    @Test("a public key is a file, or the key itself")
    func keyAsText() async throws {
        try await withSealedRelease { scene in
            let key = String(decoding: try scene.bytes("release.pub.pem"), as: UTF8.self)
            try await scene.done("verify", "p-1.closeout", "--key", key, "--artifacts", "dist")
        }
    }

    @Test("another verification time than now is shown as it was given")
    func asOf() async throws {
        try await withSealedRelease { scene in
            let result = try await scene.closeout(
                Self.whole + ["--as-of", "2031-02-03T04:05:06Z"])
            #expect(result.status == 0)
            #expect(lines(result.stdoutText).contains("as of:  2031-02-03T04:05:06Z"))
        }
    }

    @Test("a genuine bundle of another release fails where one is demanded")
    func release() async throws {
        try await withSealedRelease { scene in
            #expect(try await scene.closeout(Self.whole + ["--release", "p@1"]).status == 0)
            for other in ["p@2", "q@1"] {
                let refused = try await scene.closeout(
                    Self.whole + ["--release", other, "--format", "json"])
                #expect(refused.status == 30)
                let report = try ReportReading(parsing: refused.stdout)
                #expect(report.checks("fail") == ["seal.release"])
            }
        }
    }

    @Test("a kept checkpoint finds a bundle that was rolled back")
    func previous() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("cp -a p-1.closeout older; cp p-1.closeout/checkpoint c1")
            try scene.write("passed\n", to: "report.txt")
            try await scene.done("add", "p-1.closeout", "report.txt", "--log-key", "release.pem")
            try await scene.shellDone("cp p-1.closeout/checkpoint c2")
            #expect(try await scene.closeout(Self.whole + ["--previous", "c1"]).status == 0)
            try await scene.shellDone("rm -r p-1.closeout; mv older p-1.closeout")
            let refused = try await scene.closeout(Self.whole + ["--previous", "c2"])
            #expect(refused.status == 30)
            #expect(refused.stdoutText.contains("  log.rollback  "))
            let noCheckpoint = try await scene.closeout(Self.whole + ["--previous", "release.pem"])
            #expect(noCheckpoint.status == 65)
        }
    }

    @Test("a changed mode fails, unless modes are ignored, which the verdict says")
    func modes() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("chmod 644 dist/bin/tool")
            let refused = try await scene.closeout(Self.whole)
            #expect(refused.status == 30)
            #expect(refused.stdoutText.contains("  artifact.mode  bin/tool"))
            let ignored = try await scene.closeout(Self.whole + ["--modes", "ignore"])
            #expect(ignored.status == 0)
            #expect(lines(ignored.stdoutText)[0].contains("mode"))
        }
    }

    @Test("chosen files are compared by name or by path, and counted in the first line")
    func chosenFiles() async throws {
        try await withSealedRelease { scene in
            let one = try await scene.closeout(Self.verify + ["--file", "dist/NOTES.md"])
            #expect(one.status == 0)
            #expect(lines(one.stdoutText)[0].contains("1 of 2 files looked at"))
            try await scene.shellDone("cp -p dist/bin/tool renamed")
            #expect(
                try await scene.closeout(Self.verify + ["--file", "renamed=bin/tool"]).status == 0)
            #expect(try await scene.closeout(Self.verify + ["--file", "renamed"]).status == 30)
            #expect(
                try await scene.closeout(Self.verify + ["--file", "renamed=NOTES.md"]).status == 30)
        }
    }

    @Test("a chosen file that is not there is missing input, for a bundle as for a proof")
    func missingFile() async throws {
        try await withSealedRelease { scene in
            try await scene.done("prove", "p-1.closeout", "NOTES.md", "-o", "notes.proof")
            for subject in ["p-1.closeout", "notes.proof"] {
                for file in ["gone", "NOTES.md", "gone=NOTES.md", "dist/NOTES.md/x"] {
                    let refused = try await scene.closeout(
                        "verify", subject, "--key", "release.pub.pem", "--file", file)
                    #expect(refused.status == 66, "\(subject) \(file)")
                    #expect(refused.stdout == [])
                    #expect(refused.stderrText.hasPrefix("closeout: there is no file "))
                }
            }
        }
    }

    @Test("what is not there is never taken for a digest, a key or a policy")
    func noOtherMeaning() async throws {
        try await withSealedRelease { scene in
            let digest = try await scene.shellDone(
                "sha256sum dist/NOTES.md | cut -c 1-64 | tr -d '\\n'")
            let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
            let key = String(decoding: try scene.bytes("release.pub.pem"), as: UTF8.self)
            let line = key.split(separator: "\n")[1]
            for arguments in [
                Self.verify + ["--file", digest], Self.verify + ["--file", "sha256:\(digest)"],
                Self.verify + ["--artifacts", digest], Self.verify + ["--previous", digest],
                ["verify", digest, "--key", "release.pub.pem"],
                ["verify", "p-1.closeout", "--key", String(line)],
                ["verify", "p-1.closeout", "--trust", policy],
            ] {
                let refused = try await scene.closeout(arguments)
                #expect(refused.status == 66 || refused.status == 74, "\(arguments)")
                #expect(refused.stdout == [])
            }
        }
    }

    @Test("a file whose name several entries have is not guessed at")
    func ambiguousFile() async throws {
        try await withScene { scene in
            try scene.write("one\n", to: "dist/a/same")
            try scene.write("two\n", to: "dist/b/same")
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            let asked = try await scene.closeout(Self.verify + ["--file", "dist/b/same"])
            #expect(asked.status == 40)
            #expect(
                asked.stdoutText.contains("hint: name its path in the release: --file FILE=PATH"))
            #expect(
                try await scene.closeout(Self.verify + ["--file", "dist/b/same=b/same"]).status == 0
            )
        }
    }

    @Test("evidence only is verified on request, and the verdict says what was not looked at")
    func evidenceOnly() async throws {
        try await withSealedRelease { scene in
            let evidence = try await scene.closeout(Self.verify + ["--artifacts", "none"])
            #expect(evidence.status == 0)
            #expect(lines(evidence.stdoutText)[0].hasSuffix(" · artifacts not looked at"))
            let silent = try await scene.closeout(Self.verify)
            #expect(silent.status == 40)
        }
    }

    @Test("without trust nobody is believed, and the signer is shown as claimed")
    func noTrust() async throws {
        try await withSealedRelease { scene in
            let result = try await scene.closeout(
                "verify", "p-1.closeout", "--artifacts", "dist", "--details")
            #expect(result.status == 40)
            #expect(lines(result.stdoutText)[0].hasPrefix("INCOMPLETE p 1: no trust policy"))
            #expect(result.stdoutText.contains("  claims "))
        }
    }

    @Test("one file verifies by its proof alone; another file or name does not")
    func proof() async throws {
        try await withSealedRelease { scene in
            try await scene.done("prove", "p-1.closeout", "bin/tool", "-o", "tool.proof")
            try await scene.shellDone("rm -r p-1.closeout; cp -p dist/bin/tool other")
            let verify = ["verify", "tool.proof", "--key", "release.pub.pem", "--file"]
            let right = try await scene.closeout(verify + ["dist/bin/tool"])
            #expect(right.status == 0)
            #expect(lines(right.stdoutText)[0].contains("1 of 2 files: bin/tool"))
            #expect(try await scene.closeout(verify + ["other"]).status == 30)
            try scene.write("fool\n", to: "dist/bin/tool")
            #expect(try await scene.closeout(verify + ["dist/bin/tool"]).status == 30)
            let none = try await scene.closeout(
                "verify", "tool.proof", "--key", "release.pub.pem")
            #expect(none.status == 40)
        }
    }

    @Test("prove refuses a path that the release lacks, and a file that is there")
    func proveRefuses() async throws {
        try await withSealedRelease { scene in
            let missing = try await scene.closeout(
                "prove", "p-1.closeout", "nothing", "-o", "n.proof")
            #expect(missing.status == 66)
            #expect(!scene.has("n.proof"))
            try await scene.done("prove", "p-1.closeout", "NOTES.md", "-o", "n.proof")
            let twice = try await scene.closeout(
                "prove", "p-1.closeout", "NOTES.md", "-o", "n.proof")
            #expect(twice.status == 73)
        }
    }

    @Test(
        "a bundle that cannot be written is verified as it is, by a user who owns nothing",
        .requires("setpriv"))
    func readOnly() async throws {
        try await withSealedRelease { scene in
            let id = try await scene.shellDone("id -u")
            let user = id == "0\n" ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : ""
            let result = try await scene.shell(
                """
                chmod 755 . && chmod -R a-w p-1.closeout dist
                before=$(cksum $(find p-1.closeout -type f))
                \(user) "$(command -v closeout)" \(Self.whole.joined(separator: " ")) || exit
                [ "$before" = "$(cksum $(find p-1.closeout -type f))" ]
                """)
            #expect(result.status == 0, "\(result.stderrText)")
            #expect(result.stdoutText.hasPrefix("VERIFIED "))
        }
    }

    @Test(
        "what cannot be looked into is not reported as missing or wrong",
        .requires("setpriv"),
        arguments: [
            ("dist/bin", "artifact.unreadable"), ("dist/NOTES.md", "artifact.unreadable"),
            ("p-1.closeout/seal.json", "seal.format"),
            ("p-1.closeout/manifest.jsonl", "manifest.digest"),
            ("p-1.closeout/checkpoint", "log.checkpoint"),
        ])
    func unreadable(path: String, check: String) async throws {
        try await withSealedRelease { scene in
            let id = try await scene.shellDone("id -u")
            let user = id == "0\n" ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : ""
            for mode in ["000", "100", "200"] {
                let result = try await scene.shell(
                    """
                    chmod 755 . && chmod \(mode) \(path)
                    \(user) "$(command -v closeout)" \(Self.whole.joined(separator: " ")) --format json
                    status=$?
                    chmod 755 \(path)
                    exit $status
                    """)
                #expect(result.status == 40, "\(mode) \(result.stdoutText)")
                let report = try ReportReading(parsing: result.stdout)
                #expect(report.checks("fail") == [])
                #expect(report.checks("unknown").contains(check))
            }
        }
    }

    @Test("a signature over any file is verified without a bundle", .requires("openssl"))
    func signatureOverFile() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                closeout keygen --quiet --no-passphrase -o k
                openssl pkeyutl -sign -rawin -inkey k.pem -in dist/NOTES.md -out s
                """)
            let verify = ["verify-signature", "dist/NOTES.md", "s", "--key", "k.pub.pem"]
            let right = try await scene.closeout(verify)
            #expect(right.status == 0)
            #expect(right.stdoutText.hasPrefix("VERIFIED dist/NOTES.md · as of "))
            try scene.write("changed\n", to: "dist/NOTES.md")
            let wrong = try await scene.closeout(verify + ["--format", "json"])
            #expect(wrong.status == 40)
            #expect(wrong.stdoutText.contains("\"verdict\":\"INCOMPLETE\""))
        }
    }

    @Test("a signature that does not count comes with what its signer can do", .requires("openssl"))
    func remedies() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                set -e
                openssl req -x509 -newkey rsa:2048 -nodes -keyout c.key -out c.pem -subj /CN=c \
                  -days 30 2> err
                openssl x509 -in c.pem -pubkey -noout > c.pub
                openssl dgst -sha256 -sign c.key -out s dist/NOTES.md
                openssl cms -sign -binary -in dist/NOTES.md -signer c.pem -inkey c.key \
                  -outform DER -out p7s
                openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out e.key
                openssl pkey -in e.key -pubout -out e.pub
                """)
            let verify = ["verify-signature", "dist/NOTES.md"]
            let plain = try await scene.closeout(verify + ["s", "--key", "c.pub"])
            #expect(plain.status == 40)
            #expect(plain.stdoutText.contains("hint: "))
            #expect(plain.stdoutText.contains("--algorithm rsa-pkcs1-sha256"))
            let named = try await scene.closeout(
                verify + ["s", "--key", "c.pub", "--algorithm", "rsa-pkcs1-sha256"])
            #expect(named.status == 0)
            let certified = try await scene.closeout(
                verify + ["p7s", "--key", "c.pub", "--algorithm", "rsa-pkcs1-sha256"])
            #expect(certified.status == 40)
            #expect(certified.stdoutText.contains("count only through certificates"))
            // The text that such a service answers with happens to be base64 as well.
            try scene.write(String(repeating: "A", count: 128) + "\n", to: "azure")
            let other = try await scene.closeout(verify + ["azure", "--key", "e.pub"])
            #expect(other.status == 65)
            #expect(other.stderrText.contains("hint: "))
            #expect(other.stderrText.contains("--type azure-keyvault"))
        }
    }
}
