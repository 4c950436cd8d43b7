import CloseoutTestSupport
import Testing

@Suite("How the program begins and ends")
struct StartTests {
    @Test(
        "nothing done is never a success",
        arguments: [
            [], ["trust"], ["record"], ["retention"], ["--"], ["help", "nosuch"],
            ["help", "trust", "nosuch"], ["nosuch", "--help"], ["trust", "nosuch", "-h"],
        ])
    func nothing(arguments: [String]) async throws {
        let result = try await run(closeoutExecutable, arguments)
        #expect(result.status == 64)
        #expect(result.stdout == [])
        #expect(result.stderrText.hasPrefix("closeout: "), "\(result.stderrText)")
        #expect(result.stderrText.contains("usage: closeout"))
        #expect(lines(result.stderrText).last?.hasPrefix("hint: `closeout") == true)
    }

    @Test("the arguments are known where /proc is not mounted", .requires("unshare"))
    func withoutProc() async throws {
        let isolated = "unshare --mount --map-root-user"
        let can = try await run("sh", ["-c", "\(isolated) umount -l /proc"])
        guard can.status == 0 else {
            print("skipped: no mount namespace can be made here: \(can.stderrText)")
            return
        }
        try await withSealedRelease { scene in
            let verify = "verify p-1.closeout --trust trust.json --artifacts dist"
            for (arguments, status) in [
                ("--version", 0), ("", 64), ("help nosuch", 64), ("show nothing", 66), (verify, 0),
                ("verify p-1.closeout", 40),
            ] as [(String, Int32)] {
                let result = try await scene.shell(
                    "exec \(isolated) sh -c 'umount -l /proc; exec closeout \(arguments)'")
                #expect(result.status == status, "\(arguments): \(result.stderrText)")
            }
        }
    }

    @Test("a program that is not even given its name says so", .requires("perl"))
    func withoutArguments() async throws {
        // Since Linux 5.18 an empty list becomes one of an empty name, which is no command.
        let result = try await run(
            "perl",
            ["-e", "my @none = (); exec { $ARGV[0] } @none; exit 99", closeoutExecutable])
        #expect([64, 70, 99].contains(result.status), "\(result.stderrText)")
        #expect(result.stdout == [])
    }

    @Test(
        "what cannot be printed is never a success",
        arguments: [
            "--version", "--help", "help seal", "show p-1.closeout", "explain", "trust --help",
            "show p-1.closeout --files --format json", "keygen --public release.pem",
            "verify p-1.closeout --trust trust.json --artifacts dist",
            "verify p-1.closeout --trust trust.json --artifacts dist --format sarif",
            "status p-1.closeout --trust trust.json", "trust show trust.json",
        ])
    func output(arguments: String) async throws {
        try await withSealedRelease { scene in
            for (redirection, words) in [
                ("> /dev/full", "standard output: cannot write: no space left"),
                (">&-", "standard output: cannot write: bad file descriptor"),
            ] {
                let result = try await scene.shell("closeout \(arguments) \(redirection)")
                #expect(result.status == 74, "\(redirection)")
                #expect(result.stderrText.contains("closeout: \(words)"), "\(result.stderrText)")
            }
            let closed = try await scene.shell("closeout \(arguments) <&- >&- 2>&-")
            #expect(closed.status == 74)
        }
    }

    @Test("a report that cannot be written to its file is no success")
    func report() async throws {
        try await withSealedRelease { scene in
            let verify = "closeout verify p-1.closeout --trust trust.json --artifacts dist"
            let full = try await scene.shell(
                "ulimit -f 1; trap '' XFSZ; \(verify) --report html=new.html")
            #expect(full.status == 74, "\(full.stderrText)")
            #expect(!scene.has("new.html"))
        }
    }

    @Test("a file that is opened never takes the place of a stream that was closed")
    func closedStreams() async throws {
        try await withSealedRelease { scene in
            let before = try await scene.shellDone("cat dist/bin/tool dist/NOTES.md trust.json")
            for streams in ["<&-", "2>&-", "<&- 2>&-", "<&- >&-", "<&- >&- 2>&-", ">&- 2>&-"] {
                let status = streams.contains(">&- ") || streams.hasSuffix(" >&-") ? 74 : 0
                for arguments in [
                    "verify p-1.closeout --trust trust.json --artifacts dist --release q@1",
                    "verify p-1.closeout --trust trust.json --artifacts dist",
                    "seal dist --release new@1 --key release.pem -o new",
                ] {
                    let result = try await scene.shell("closeout \(arguments) \(streams)")
                    let isFailure = arguments.hasSuffix("q@1")
                    #expect(
                        result.status == (status == 74 ? 74 : isFailure ? 30 : 0),
                        "\(arguments) \(streams)")
                    try await scene.shellDone("rm -rf new")
                }
            }
            #expect(
                try await scene.shellDone("cat dist/bin/tool dist/NOTES.md trust.json") == before)
            try await scene.done(
                "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
        }
    }

    @Test("a fault ends with 70 and words, and runs no program that lies beside this one")
    func fault() async throws {
        try await withTemporaryDirectory { folder in
            try writeFile("#!/bin/sh\ntouch \(folder)/ran\n", to: folder + "/swift-backtrace")
            let result = try await run(
                "sh",
                [
                    "-c",
                    """
                    cd "$1" && cp "$0" closeout && chmod 755 swift-backtrace && mkfifo pipe || exit 99
                    exec 3<> pipe
                    SWIFT_BACKTRACE=enable=yes ./closeout trust show pipe 2> told & child=$!
                    sleep 1; kill -SEGV $child; wait $child; echo $? > status; cat told status
                    """, closeoutExecutable, folder,
                ])
            let words =
                "closeout: internal error: a fault of the program: what was begun is not done\n70\n"
            #expect(result.stdoutText.hasSuffix(words), "\(result.stdoutText)")
            #expect(!fileExists(folder + "/ran"))
        }
    }
}
