import CloseoutTestSupport
import Testing

@Suite("Where commands write")
struct OutputPlaceTests {
    private static let verify = [
        "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist",
    ]

    /// All that lies in the scene: names, kinds, modes and contents.
    private func state(_ scene: Scene) async throws -> String {
        try await scene.shellDone(
            "find . -printf '%p %y %m %l\\n' | LC_ALL=C sort; find . -type f | LC_ALL=C sort | xargs cksum"
        )
    }

    private func expectRefusal(
        _ arguments: [String], _ scene: Scene, saying word: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try await state(scene)
        let refused = try await scene.closeout(arguments)
        #expect(
            refused.status == 73, "\(arguments): \(refused.stderrText)",
            sourceLocation: sourceLocation)
        #expect(refused.stdout == [], sourceLocation: sourceLocation)
        #expect(
            refused.stderrText.contains(word), "\(arguments): \(refused.stderrText)",
            sourceLocation: sourceLocation)
        #expect(try await state(scene) == before, "\(arguments)", sourceLocation: sourceLocation)
    }

    @Test("a report is never written over what the command reads, whatever path leads there")
    func inputs() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                cp p-1.closeout/checkpoint kept
                closeout criteria init --quiet -o criteria.json
                ln -s trust.json link; ln trust.json hard
                mkdir lists; closeout keygen --quiet --no-passphrase -o auditor
                closeout pack --quiet p-1.closeout -o p.tar
                """)
            let more = [
                "--previous", "kept", "--criteria", "criteria.json", "--report-key", "auditor.pem",
            ]
            for target in [
                "trust.json", "./dist/../trust.json", "link", "hard", "kept", "criteria.json",
                "auditor.pem",
            ] {
                try await expectRefusal(
                    Self.verify + more + ["--report", "vsa=\(target)"], scene,
                    saying: "\(target) is read")
            }
            try await expectRefusal(
                ["verify", "p.tar", "--key", "release.pub.pem", "--report", "json=p.tar"], scene,
                saying: "p.tar is read")
            try await expectRefusal(
                [
                    "verify", "p-1.closeout", "--key", "release.pub.pem", "--file", "dist/NOTES.md",
                    "--report", "json=release.pub.pem",
                ], scene, saying: "release.pub.pem is read")
        }
    }

    @Test("neither does the report of a decision, and nothing is recorded then")
    func decisions() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "closeout criteria init --quiet --profile artifacts-only -o criteria.json")
            let options = [
                "--trust", "trust.json", "--criteria", "criteria.json", "--artifacts", "dist",
            ]
            for (target, word) in [
                ("trust.json", "trust.json is read"), ("criteria.json", "criteria.json is read"),
                ("dist/r.json", "a folder that is read"), ("p-1.closeout/r", "inside the bundle"),
                ("release.pem", "release.pem is read"),
            ] {
                let report = ["--report", "json=\(target)"]
                try await expectRefusal(
                    ["close", "p-1.closeout", "--key", "release.pem"] + options + report, scene,
                    saying: word)
                if target == "release.pem" { continue }
                try await expectRefusal(
                    ["decide", "p-1.closeout"] + options + report, scene, saying: word)
            }
        }
    }

    @Test("nothing but a file is replaced by a report: no folder, FIFO, device or broken link")
    func kinds() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "mkdir folder; mkfifo pipe; ln -s nowhere broken; ln -s pipe p")
            for (target, word) in [
                ("folder", "directory"), ("pipe", "FIFO"), ("p", "FIFO"),
                ("/dev/full", "character device"), ("broken", "leads nowhere"),
                ("missing/r.json", "no such file"), ("trust.json/r.json", "not a directory"),
            ] {
                try await expectRefusal(
                    Self.verify + ["--report", "json=\(target)"], scene, saying: word)
            }
            let device = try await scene.shellDone("stat -c %F /dev/full")
            #expect(device == "character special file\n")
        }
    }

    @Test("a report through a link replaces the file there, with its permissions")
    func link() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "mkdir out; echo old > out/r.json; chmod 640 out/r.json; ln -s out/r.json r.json")
            try await scene.done(Self.verify + ["--report", "json=r.json"])
            #expect(try await scene.shellDone("readlink r.json") == "out/r.json\n")
            #expect(try await scene.shellDone("stat -c %a out/r.json") == "640\n")
            #expect(try scene.bytes("out/r.json").first == UInt8(ascii: "{"))
            let twice = try await scene.closeout(
                Self.verify + ["--report", "json=r.json", "--report", "text=out/r.json"])
            #expect(twice.status == 64)
        }
    }

    @Test("nothing is written into a bundle or the shipped files but by what adds to them")
    func insideBundle() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                closeout pack --quiet p-1.closeout -o p.tar
                ln -s p-1.closeout/signatures inside; mkdir other p-1.closeout/artifacts
                echo x > other/x
                """)
            for place in ["p-1.closeout", "p-1.closeout/artifacts", "inside"] {
                let target = place + "/new"
                for command in [
                    Self.verify + ["--report", "json=\(target)"],
                    ["prove", "p-1.closeout", "NOTES.md", "-o", target],
                    ["prove", "p-1.closeout", "--all", "-o", target],
                    ["pack", "p-1.closeout", "-o", target],
                    ["unpack", "p.tar", "-o", target],
                    ["export", "public", "p-1.closeout", "-o", target],
                    [
                        "request", "p-1.closeout", "--for", "gpg", "--key-reference", "k", "-o",
                        target,
                    ],
                    ["freeze", "other", "--release", "q@1", "-o", target],
                    ["seal", "other", "--release", "q@1", "--key", "release.pem", "-o", target],
                    ["keygen", "--no-passphrase", "-o", target],
                    ["keygen", "--no-passphrase", "-o", "second", "--trust", target],
                    ["trust", "init", target, "release.pub.pem", "--operator", "a"],
                    ["criteria", "init", "-o", target],
                    ["trial", "--out", target],
                ] {
                    try await expectRefusal(command, scene, saying: "inside the bundle")
                }
            }
            for command in [
                Self.verify + ["--report", "json=dist/r.json"],
                ["pack", "p-1.closeout", "--artifacts", "dist", "-o", "dist/bin/p.tar"],
            ] {
                try await expectRefusal(command, scene, saying: "a folder that is read")
            }
        }
    }

    @Test("a request replaces its own files only")
    func request() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("mkdir r; mkfifo r/checkpoint.tsq")
            try await expectRefusal(
                [
                    "request", "p-1.closeout", "--for", "tsa", "--key-reference", "http://t", "-o",
                    "r",
                ],
                scene, saying: "FIFO")
        }
    }

    @Test("a folder that is not there is a place where nothing can be made, whatever is to be made")
    func missingFolder() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("closeout pack --quiet p-1.closeout -o p.tar")
            for arguments in [
                ["keygen", "--no-passphrase", "-o", "no/k"],
                ["trust", "init", "no/t.json", "release.pub.pem", "--operator", "o"],
                ["criteria", "init", "-o", "no/c.json"],
                [
                    "request", "p-1.closeout", "--for", "openssl", "--key-reference", "k", "-o",
                    "no/r",
                ],
                ["pack", "p-1.closeout", "-o", "no/p.tar"], ["unpack", "p.tar", "-o", "no/p"],
                ["prove", "p-1.closeout", "NOTES.md", "-o", "no/proof"],
                ["prove", "p-1.closeout", "--all", "-o", "no/proofs"],
                ["export", "public", "p-1.closeout", "-o", "no/public"],
                ["trial", "--out", "no/trial"],
                ["seal", "dist", "--release", "q@1", "--key", "release.pem", "-o", "no/q"],
            ] {
                try await expectRefusal(arguments, scene, saying: "no/")
            }
        }
    }
}
