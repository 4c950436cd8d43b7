import CloseoutTestSupport
import Testing

@Suite("Exit codes and messages")
struct ExitCodeTests {
    @Test(
        "a command line that is not understood ends with 64, its usage and where to read on",
        arguments: [
            ["frobnicate"], ["--frobnicate"], ["trust", "frobnicate"], ["verify"],
            ["verify", "p-1.closeout", "--frobnicate"], ["sign", "p-1.closeout"],
            ["verify", "p-1.closeout", "--key", "a", "--trust", "b"],
            ["keygen"], ["prove", "p-1.closeout", "-o", "x"],
            ["verify", "p-1.closeout", "--format", "xml"],
            ["verify", "p-1.closeout", "--report", "pdf=x"],
            ["verify", "p-1.closeout", "--require", "nobody"],
            ["seal", "dist", "--release", "no version", "--key", "k"],
        ])
    func usage(arguments: [String]) async throws {
        try await withScene { scene in
            let refused = try await scene.closeout(arguments)
            #expect(refused.status == 64)
            #expect(refused.stdout == [])
            let reported = lines(refused.stderrText)
            #expect(reported.first?.hasPrefix("closeout: ") == true)
            #expect(reported.first?.dropFirst("closeout: ".count).first?.isUppercase == false)
            #expect(reported.count { $0.hasPrefix("usage: closeout ") } == 1)
            #expect(reported.last?.hasPrefix("hint: ") == true)
            #expect(reported.last?.contains("`closeout ") == true)
        }
    }

    @Test("a bare date is refused with the instant to write, which is then taken")
    func bareDate() async throws {
        try await withSealedRelease { scene in
            let verify = [
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist",
                "--as-of",
            ]
            let refused = try await scene.closeout(verify + ["2030-01-01"])
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("write 2030-01-01T00:00:00Z"))
            #expect(try await scene.closeout(verify + ["2030-01-01T00:00:00Z"]).status == 0)
        }
    }

    @Test("what is malformed ends with 65, what is missing with 66")
    func input() async throws {
        try await withSealedRelease { scene in
            let malformed = try await scene.closeout(
                "verify", "p-1.closeout", "--key", "dist/NOTES.md")
            #expect(malformed.status == 65)
            #expect(malformed.stderrText.hasPrefix("closeout: dist/NOTES.md: "))
            for arguments in [
                ["verify", "nothing.closeout"], ["verify", "p-1.closeout", "--trust", "nothing"],
                ["verify", "p-1.closeout", "--artifacts", "nothing"], ["show", "dist"],
                ["seal", "nothing", "--release", "q@1", "--key", "release.pem"],
                ["seal", "dist", "--release", "q@1", "--key", "nothing"],
                ["seal", "dist", "--release", "q@1", "--key", "env:NOTHING"],
            ] {
                let missing = try await scene.closeout(arguments)
                #expect(missing.status == 66, "\(arguments)")
                #expect(missing.stdout == [])
            }
        }
    }

    @Test("what cannot be created ends with 73, and leaves nothing behind")
    func output() async throws {
        try await withScene { scene in
            try await scene.done("keygen", "--no-passphrase", "-o", "release")
            for target in ["dist/inside.closeout", "NOTES/p.closeout", "release.pem"] {
                let refused = try await scene.closeout(
                    "seal", "dist", "--release", "p@1", "--key", "release.pem", "-o", target)
                #expect([66, 73].contains(refused.status), "\(target)")
            }
            let left = try await scene.shellDone("find . -name '*closeout*'")
            #expect(left == "")
        }
    }

    @Test("what the system cannot write ends with 74")
    func inputOutput() async throws {
        try await withSealedRelease { scene in
            let full = try await scene.shell("closeout show p-1.closeout > /dev/full")
            #expect(full.status == 74)
            #expect(full.stderrText.hasPrefix("closeout: "))
        }
    }

    @Test("a quiet command says nothing but its result")
    func quiet() async throws {
        try await withScene { scene in
            let made = try await scene.closeout(
                "keygen", "--no-passphrase", "-o", "release", "--quiet")
            #expect(made.stderr == [])
            let sealed = try await scene.closeout(
                "seal", "dist", "--release", "p@1", "--key", "release.pem", "--quiet")
            #expect(sealed.stdoutText == "./p-1.closeout\n")
            #expect(sealed.stderr == [])
        }
    }

    @Test("help and version are results")
    func help() async throws {
        try await withScene { scene in
            for arguments in [["--help"], ["seal", "--help"], ["help", "trust", "add"]] {
                let help = try await scene.closeout(arguments)
                #expect(help.status == 0)
                #expect(help.stdoutText.contains("USAGE: closeout"))
            }
            let version = try await scene.closeout("--version")
            #expect(version.stdoutText.split(separator: ".").count == 3)
        }
    }
}
