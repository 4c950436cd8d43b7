import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("Packed bundles", .requires("tar"))
struct PackTests {
    @Test("are the same bytes under another umask, locale, time zone, folder and owner of the work")
    func determinism() async throws {
        try await withPackedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                cp -r p-1.closeout copy
                touch -d 2001-01-01 copy/seal.json dist/NOTES.md
                mkdir elsewhere
                cd elsewhere
                umask 077
                export TZ=Pacific/Kiritimati LC_ALL=tr_TR.UTF-8 LANG=C
                closeout pack ../copy --artifacts ../dist/. -o other.tar
                cmp other.tar ../full.tar
                closeout unpack other.tar -o unpacked
                closeout pack unpacked
                cmp p-1.closeout.tar other.tar
                """)
        }
    }

    @Test("are read by GNU tar and by Python, and what they unpack is verified")
    func foreignReaders() async throws {
        try await withPackedRelease { scene in
            let listed = lines(try await scene.shellDone("LC_ALL=C.UTF-8 tar -tvf full.tar"))
            #expect(listed.first == "drwxr-xr-x 0/0               0 1970-01-01 00:00 p-1.closeout/")
            #expect(listed.contains { $0.hasSuffix("p-1.closeout/artifacts/bin/t -> tool") })
            #expect(listed.contains { $0.hasSuffix("artifacts/日本/é") })
            try await scene.shellDone(
                "mkdir gnu; tar -xf full.tar -C gnu; diff -r gnu/*/artifacts dist")
            try await scene.shellDone("mkdir c; LC_ALL=C tar -xf full.tar -C c; diff -r c gnu")
            try await scene.shellDone(
                """
                python3 - <<'END'
                import tarfile
                archive = tarfile.open("full.tar", errorlevel=2)
                assert {m.mtime for m in archive} == {0} and {m.uid for m in archive} == {0}
                archive.extractall("python")
                END
                diff -r python gnu
                """)
            for folder in ["gnu", "python"] {
                try await scene.done("verify", "\(folder)/p-1.closeout", "--trust", "trust.json")
            }
        }
    }

    @Test("are taken by every command that reads, with the answer that the folder gets")
    func reading() async throws {
        try await withPackedRelease { scene in
            for arguments in [
                ["show", "B"], ["show", "B", "--files"], ["show", "B", "--log"],
                ["show", "B", "--signatures"], ["show", "B", "--evidence", "--format", "json"],
                ["verify", "B", "--trust", "trust.json", "--artifacts", "dist"] + Self.instant,
                ["verify", "B", "--trust", "trust.json", "--file", "dist/NOTES.md"] + Self.instant,
                ["verify", "B", "--trust", "trust.json", "--artifacts", "none"] + Self.instant,
                ["decide", "B", "--trust", "trust.json", "--criteria", "artifacts-only"]
                    + ["--artifacts", "dist"] + Self.instant,
                ["retention", "health", "B", "--trust", "trust.json"] + Self.instant,
                ["hold", "list", "B"], ["risk", "list", "B"],
            ] {
                func answer(_ bundle: String) async throws -> RunResult {
                    try await scene.closeout(arguments.map { $0 == "B" ? bundle : $0 })
                }
                let (folder, packed) = (try await answer("p-1.closeout"), try await answer("p.tar"))
                #expect(folder.stdoutText == packed.stdoutText, "\(arguments)")
                #expect(folder.status == packed.status, "\(arguments)")
            }
            try await scene.done("prove", "p.tar", "bin/tool", "-o", "packed.proof")
            try await scene.done("prove", "p-1.closeout", "bin/tool", "-o", "folder.proof")
            try await scene.shellDone("cmp packed.proof folder.proof")
            try await scene.done("status", "p.tar", "--trust", "trust.json")
            try await scene.done("request", "p.tar", "--for", "ssh", "--key-reference", "k")
        }
    }

    private static let instant = ["--as-of", "2036-01-01T00:00:00Z"]

    @Test("with artifacts are verified by themselves, and a changed artifact in them fails")
    func artifacts() async throws {
        try await withPackedRelease { scene in
            let arguments = ["--trust", "trust.json", "--format", "json"]
            let whole = try ReportReading(
                parsing: try await scene.closeout(["verify", "full.tar"] + arguments).stdout)
            #expect(whole.verdict == "VERIFIED")
            let none = try ReportReading(
                parsing: try await scene.closeout(["verify", "p.tar"] + arguments).stdout)
            #expect(none.verdict == "INCOMPLETE")
            #expect(none.findings("unknown").map(\.id) == ["artifact.given"])
            var bytes = try scene.bytes("full.tar")
            let header = try #require(place(of: "p-1.closeout/artifacts/NOTES.md\0", in: bytes))
            bytes[header + 512] ^= 1
            try writeFile(bytes, to: scene.path + "/changed.tar")
            let changed = try ReportReading(
                parsing: try await scene.closeout(["verify", "changed.tar"] + arguments).stdout)
            #expect(changed.findings("fail") == [.init(id: "artifact.digest", subject: "NOTES.md")])
            let refused = try await scene.closeout("unpack", "changed.tar", "-o", "out")
            #expect(refused.status == 30)
            #expect(refused.stderrText.contains("NOTES.md is not what the manifest lists"))
            #expect(!scene.has("out"))
        }
    }

    @Test("whose artifacts are not those of the manifest fail as a folder does")
    func otherArtifacts() async throws {
        try await withPackedRelease { scene in
            try await scene.shellDone(
                """
                cp -r dist other; cd other; echo longer > NOTES.md; rm bin/t; ln -s NOTES.md bin/t
                mkdir more; echo x > more/x; rm 日本/é; rmdir empty; echo x > empty; chmod 755 NOTES.md
                """)
            // What packs other artifacts is a bundle of the same name that seals them.
            try await scene.done("freeze", "other", "--release", "p@1", "-o", "other.closeout")
            try await scene.done(
                "pack", "other.closeout", "--artifacts", "other", "-o", "other.tar")
            let bytes = try scene.bytes("p.tar").dropLast(1024)
            let others = try scene.bytes("other.tar")
            let start = try #require(place(of: "p-1.closeout/artifacts/\0", in: others))
            try writeFile(Array(bytes) + others[start...], to: scene.path + "/mixed.tar")
            let packed = try await scene.closeout(
                "verify", "mixed.tar", "--trust", "trust.json", "--format", "json")
            let folder = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", "trust.json", "--format", "json",
                "--artifacts", "other")
            let found = try ReportReading(parsing: packed.stdout).findings("fail")
            #expect(found == (try ReportReading(parsing: folder.stdout).findings("fail")))
            #expect(Set(found.map(\.id)).count == 6)
            #expect(try await scene.closeout("unpack", "mixed.tar", "-o", "out").status == 30)
            #expect(!scene.has("out"))
        }
    }

    private func place(of text: String, in bytes: [UInt8]) -> Int? {
        stride(from: 0, to: bytes.count, by: 512).first {
            bytes[$0...].starts(with: Array(text.utf8))
        }
    }

    @Test("are not read from a pipe, and the message says what to do")
    func pipe() async throws {
        try await withPackedRelease { scene in
            let result = try await scene.shell(
                "cat full.tar | closeout verify /dev/stdin --trust trust.json")
            #expect(result.status == 65)
            #expect(
                result.stderrText.contains("is a packed bundle that comes through a pipe\nhint: "))
        }
    }

    @Test("are refused by every command that writes, which says how to unpack")
    func writing() async throws {
        try await withPackedRelease { scene in
            let before = try scene.bytes("p.tar")
            for arguments in [
                ["sign", "p.tar", "--key", "release.pem"], ["add", "p.tar", "dist/NOTES.md"],
                ["checkpoint", "p.tar", "--key", "release.pem"], ["repair", "p.tar"],
                ["hold", "place", "p.tar", "--matter", "m", "--custodian", "c", "--reason", "r"],
                ["pack", "p.tar", "-o", "again.tar"],
            ] {
                let refused = try await scene.closeout(arguments)
                #expect(refused.status == 64, "\(arguments) \(refused.stderrText)")
                #expect(
                    refused.stderrText.contains("hint: unpack it first: closeout unpack p.tar -o"))
            }
            #expect(try scene.bytes("p.tar") == before)
        }
    }

    @Test("unpack into the folder that was packed, the artifacts where they are wanted")
    func unpacking() async throws {
        try await withPackedRelease { scene in
            #expect(try await scene.done("unpack", "full.tar", "-o", "a") == ["./a"])
            try await scene.shellDone(
                "diff -r a/artifacts dist; rm -r a/artifacts; diff -r a p-1.closeout")
            try await scene.done("unpack", "full.tar", "-o", "b", "--artifacts", "tree")
            try await scene.shellDone(
                "diff -r b p-1.closeout; diff -r tree dist; test -x tree/bin/tool")
            try await scene.done("unpack", "full.tar", "-o", "c", "--artifacts", "none")
            try await scene.shellDone("diff -r c p-1.closeout")
            for (arguments, status) in [
                (["unpack", "full.tar", "-o", "c"], 73), (["unpack", "dist", "-o", "d"], 66),
                (["unpack", "trust.json", "-o", "d"], 66), (["unpack", "nothing", "-o", "d"], 66),
                (["unpack", "full.tar", "-o", "d", "--artifacts", "tree"], 73),
                (["unpack", "p.tar", "-o", "d", "--artifacts", "new"], 30),
                (["pack", "p-1.closeout", "-o", "p.tar"], 73),
                (["pack", "p-1.closeout", "-o", "p-1.closeout/p.tar"], 73),
                (["pack", "dist", "-o", "new.tar"], 66),
            ] {
                let refused = try await scene.closeout(arguments)
                #expect(refused.status == Int32(status), "\(arguments) \(refused.stderrText)")
            }
            #expect(!scene.has("d") && !scene.has("new") && !scene.has("new.tar"))
        }
    }

    @Test("that are damaged are malformed input, named with the place")
    func damaged() async throws {
        try await withPackedRelease { scene in
            try await scene.shellDone(
                "cp full.tar more.tar; echo >> more.tar; head -c 9000 full.tar > cut.tar")
            for name in ["more.tar", "cut.tar"] {
                let refused = try await scene.closeout("verify", name, "--trust", "trust.json")
                #expect(refused.status == 65)
                #expect(refused.stderrText.hasPrefix("closeout: \(name) is malformed: at byte "))
            }
            try await scene.shellDone("tar --format=ustar -cf foreign.tar p-1.closeout")
            let foreign = try await scene.closeout("show", "foreign.tar")
            #expect(foreign.status == 65)
        }
    }

    @Test("keep exact modes, and drop none but setuid, setgid and sticky")
    func exactModes() async throws {
        try await withScene { scene in
            try await scene.shellDone("chmod 600 dist/NOTES.md; chmod 711 dist/bin/tool")
            try await scene.done("freeze", "dist", "--release", "p@1", "--modes", "exact")
            try await scene.shellDone(
                """
                set -e
                closeout pack p-1.closeout --artifacts dist
                umask 077
                closeout unpack p-1.closeout.tar -o out
                """)
            let modes = try await scene.shellDone(
                "stat -c %a out/artifacts/NOTES.md out/artifacts/bin/tool")
            #expect(lines(modes) == ["600", "711"])
        }
    }
}

/// Runs `body` with a sealed release of `dist`, packed as `p.tar`, and with its artifacts as `full.tar`.
private func withPackedRelease(_ body: (Scene) async throws -> Void) async throws {
    try await withScene { scene in
        let long = String(repeating: "l", count: 150)
        try await scene.shellDone(
            "mkdir dist/日本 dist/\(long); echo x > dist/日本/é; echo y > dist/\(long)/\(long); "
                + "ln -s \(long)/\(long) dist/link")
        try await scene.done("keygen", "--no-passphrase", "-o", "release", "--trust", "trust.json")
        try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
        try await scene.done(
            "record", "readiness", "p-1.closeout", "--tests", "dist/NOTES.md", "--log-key",
            "release.pem")
        try await scene.done("pack", "p-1.closeout", "-o", "p.tar")
        try await scene.done("pack", "p-1.closeout", "--artifacts", "dist", "-o", "full.tar")
        try await body(scene)
    }
}
