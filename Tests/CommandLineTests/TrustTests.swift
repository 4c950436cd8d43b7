import CloseoutTestSupport
import Testing

@Suite("closeout trust")
struct TrustTests {
    private static let verify = [
        "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
    ]

    @Test("init writes a policy by which what the key sealed verifies, and overwrites none")
    func start() async throws {
        try await withSealedRelease { scene in
            let arguments = ["trust", "init", "new.json", "release.pub.pem", "--operator", "acme"]
            let made = try await scene.closeout(arguments)
            #expect(made.stdoutText == "new.json\n")
            #expect(made.stderrText.hasPrefix("version 1, sha256:"))
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "new.json", "--artifacts", "dist")
            #expect(try await scene.closeout(arguments).status == 73)
        }
    }

    @Test(
        "a policy or key may come from a pipe", .requires("bash"),
        arguments: [
            "verify p-1.closeout --artifacts dist --trust <(cat trust.json)",
            "verify p-1.closeout --artifacts dist --key <(cat release.pub.pem)",
            "verify p-1.closeout --artifacts dist --trust /dev/stdin < <(cat trust.json)",
            "verify p-1.closeout --artifacts dist --trust pipe",
            "checkpoint p-1.closeout --key <(cat release.pem)",
            "trust lint <(cat trust.json)",
        ])
    func pipes(command: String) async throws {
        try await withSealedRelease { scene in
            try scene.write(
                """
                mkfifo pipe
                { sleep 0.1; cat trust.json; } > pipe &
                exec 3< pipe
                closeout \(command)

                """,
                to: "command")
            let result = try await scene.shell("bash command")
            #expect(result.status == 0, "\(result.stderrText)\(result.stdoutText)")
        }
    }

    @Test("a pipe that nobody writes to is an empty policy, and nobody waits for it")
    func emptyPipe() async throws {
        try await withSealedRelease { scene in
            let result = try await scene.shell(
                "mkfifo pipe; closeout verify p-1.closeout --trust pipe")
            #expect(result.status == 65)
        }
    }

    @Test("a policy inside the bundle is refused where a descriptor leads to it, too")
    func insideByDescriptor() async throws {
        try await withSealedRelease { scene in
            for command in ["--trust p-1.closeout/t", "--trust /dev/fd/3 3< p-1.closeout/t"] {
                let result = try await scene.shell(
                    "cp trust.json p-1.closeout/t; closeout verify p-1.closeout --format json "
                        + command)
                #expect(result.status == 30)
                let report = try ReportReading(parsing: result.stdout)
                #expect(report.checks("fail").contains("trust.location"))
            }
        }
    }

    @Test("add demands another operator's signature once the role's threshold does")
    func add() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("closeout keygen --quiet --no-passphrase -o second")
            try await scene.done(
                "trust", "add", "trust.json", "second.pub.pem", "--operator", "other", "--role",
                "archive", "--id", "the-second")
            #expect(try await scene.closeout(Self.verify).status == 40)
            try await scene.done(
                "sign", "p-1.closeout", "--key", "second.pem", "--log-key", "release.pem")
            #expect(try await scene.closeout(Self.verify).status == 0)
        }
    }

    @Test("a retired key counts up to its end and is not known behind it")
    func retire() async throws {
        try await withSealedRelease { scene in
            try await scene.done(
                "trust", "retire", "trust.json", "release", "--at", "2090-01-01T00:00:00Z")
            #expect(
                try await scene.closeout(Self.verify + ["--as-of", "2090-01-01T00:00:00Z"]).status
                    == 0)
            let late = try await scene.closeout(
                Self.verify + ["--as-of", "2090-01-01T00:00:01Z", "--format", "json"])
            #expect(late.status == 40)
            let report = try ReportReading(parsing: late.stdout)
            #expect(report.checks("unknown").contains("signature.key-window"))
        }
    }

    @Test("a key revoked as compromised counts at no time, also not earlier")
    func revoke() async throws {
        try await withSealedRelease { scene in
            try await scene.done(
                "trust", "revoke", "trust.json", "release", "--reason", "compromised")
            for instant in ["2099-01-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
                let refused = try await scene.closeout(Self.verify + ["--as-of", instant])
                #expect(refused.status == 30)
                #expect(refused.stdoutText.contains("  signature.key-revoked  "))
            }
            let milder = try await scene.closeout(
                "trust", "revoke", "trust.json", "release", "--reason", "ceased")
            #expect(milder.status == 65)
        }
    }

    @Test("lint is silent on a sound policy, and ends with 40 and a name for what it finds")
    func lint() async throws {
        try await withSealedRelease { scene in
            let sound = try await scene.closeout("trust", "lint", "trust.json")
            #expect(sound.status == 0)
            #expect(sound.stdout == [])
            try await scene.done(
                "trust", "retire", "trust.json", "release", "--at", "2030-01-01T00:00:00Z")
            let arguments = ["trust", "lint", "trust.json", "--as-of", "2030-01-02T00:00:00Z"]
            let found = try await scene.closeout(arguments)
            #expect(found.status == 40)
            #expect(lines(found.stdoutText).contains { $0.hasPrefix("key-expired  keys[0]: ") })
            let json = try await scene.closeout(arguments + ["--format", "json"])
            #expect(json.status == 40)
            #expect(json.stdoutText.contains("\"name\":\"key-expired\",\"place\":\"keys[0]\""))
        }
    }

    @Test("one key under two operators is an error that names both entries, whatever is done")
    func twoOperators() async throws {
        try await withSealedRelease { scene in
            let add = [
                "trust", "add", "trust.json", "release.pub.pem", "--operator", "other", "--role",
                "archive", "--id",
            ]
            let refused = try await scene.closeout(add + ["again"])
            #expect(refused.status == 65)
            let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
            let key = try #require(policy.firstRange(of: "{\"format\":"))
            let end = try #require(policy[key.lowerBound...].firstIndex(of: "}"))
            let again = policy[key.lowerBound...end].replacing(
                "\"id\":\"release\"", with: "\"id\":\"again\""
            ).replacing("\"operator\":\"release\"", with: "\"operator\":\"other\"")
            try scene.write(
                policy.replacing("\"keys\":[{", with: "\"keys\":[\(again),{"), to: "both.json")
            let linted = try await scene.closeout("trust", "lint", "both.json")
            #expect(linted.status == 65)
            let reason = "keys[1]: again is the same key under another operator"
            #expect(linted.stderrText.contains(reason), "\(linted.stderrText)")
        }
    }

    @Test("show prints the digest that --trust-digest demands, the keys and the roles")
    func show() async throws {
        try await withSealedRelease { scene in
            let shown = try await scene.done("trust", "show", "trust.json")
            let digest = try #require(
                shown.first { $0.hasPrefix("digest") }?.split(separator: " ")[1])
            #expect(shown.contains("  release  1 of release"))
            let pinned = try await scene.closeout(Self.verify + ["--trust-digest", "\(digest)"])
            #expect(pinned.status == 0)
            let zeros = "sha256:" + String(repeating: "0", count: 64)
            #expect(
                try await scene.closeout(Self.verify + ["--trust-digest", zeros]).status == 30)
            #expect(
                try await scene.closeout(Self.verify + ["--trust-version-at-least", "2"]).status
                    == 30)
        }
    }

    @Test("a malformed policy is refused with the place of what is wrong")
    func malformed() async throws {
        try await withSealedRelease { scene in
            let policy = String(decoding: try scene.bytes("trust.json"), as: UTF8.self)
            try scene.write(
                policy.replacing("\"threshold\":1", with: "\"threshold\":0"), to: "bad.json")
            let refused = try await scene.closeout("trust", "show", "bad.json")
            #expect(refused.status == 65)
            #expect(refused.stderrText.hasPrefix("closeout: bad.json: trust policy: roles."))
            #expect(refused.stderrText.contains(".threshold"))
        }
    }

    @Test("a policy inside the bundle proves nothing")
    func inside() async throws {
        try await withSealedRelease { scene in
            try await scene.done("add", "p-1.closeout", "trust.json", "--log-key", "release.pem")
            let inside = try #require(
                try await scene.files(below: "p-1.closeout/attachments").first)
            let refused = try await scene.closeout(
                "verify", "p-1.closeout", "--trust", inside, "--artifacts", "dist")
            #expect(refused.status == 30)
            #expect(refused.stdoutText.contains("trust.location"))
        }
    }

    @Test("published sample keys are refused")
    func samples() async throws {
        try await withScene { scene in
            let folder = repositoryRoot + "/keys-sample"
            try await scene.shellDone(
                """
                set -e
                closeout seal dist --release p@1 --key \(folder)/ed25519.pem --allow-readable-key
                """)
            let refused = try await scene.closeout(
                "verify", "p-1.closeout", "--key", folder + "/ed25519.pub.pem", "--artifacts",
                "dist")
            #expect(refused.status == 30)
            #expect(refused.stdoutText.contains("trust.sample-key"))
        }
    }
}
