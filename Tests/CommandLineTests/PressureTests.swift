import CloseoutTestSupport
import Testing

/// Commands under limits of the system.
///
/// Where a limit does not reach them they end as without it.
@Suite("Where the system gives less than is asked for")
struct PressureTests {
    private static let instant = "2030-01-01T00:00:00Z"

    /// Commands that read and write in all ways there are; `new` is what they make.
    private static let commands = [
        "verify p-1.closeout --trust trust.json --artifacts dist --as-of \(instant)",
        "verify p-1.closeout --trust trust.json --artifacts dist --as-of \(instant) --format json "
            + "--report sarif=new",
        "verify p.tar --trust trust.json --as-of \(instant)",
        "verify p.proof --trust trust.json --file dist/NOTES.md --as-of \(instant)",
        "verify changed.closeout --trust trust.json --artifacts dist --as-of \(instant)",
        "show p-1.closeout --files", "status p-1.closeout --trust trust.json",
        "freeze dist --release q@1 -o new --created \(instant)",
        "seal dist --release q@1 --key release.pem -o new --created \(instant)",
        "pack p-1.closeout -o new --artifacts dist", "unpack p.tar -o new",
        "diff p-1.closeout p.tar", "export public p-1.closeout -o new",
        "prove p-1.closeout --all -o new", "keygen --no-passphrase -o new",
        "decide p-1.closeout --trust trust.json --artifacts dist --criteria artifacts-only "
            + "--as-of \(instant)",
        "sign p-1.closeout --with exec:false --trust trust.json", "trust show trust.json", "--help",
    ]

    /// Runs every command as it is and by a program that sets a limit.
    ///
    /// A command ends as it does without the limit, with the same results, or with 74 and a message. Nothing
    /// waits for ever: what runs for 20 seconds is killed, which is no such end.
    private func compare(under limits: [String], _ scene: Scene) async throws {
        for command in Self.commands {
            let usual = try await scene.shell("closeout \(command)")
            for limit in limits {
                try await scene.shellDone("rm -rf new new.pem new.pub.pem")
                let result = try await scene.shell(
                    "p=$(command -v closeout); timeout -s KILL 20 \(limit) \"$p\" \(command)")
                let isReported =
                    result.status == 74
                    && lines(result.stderrText).contains {
                        $0.hasPrefix("closeout: ")
                    }
                let isUsual =
                    result.status == usual.status
                    && (timeless(result) == timeless(usual) || command.hasPrefix("keygen"))
                #expect(
                    isReported || isUsual,
                    "\(limit) \(command) ended with \(result.status): \(result.stderrText.prefix(300))"
                )
            }
            try await scene.shellDone("rm -rf new new.pem new.pub.pem")
        }
    }

    /// What a command printed, with any instants alike.
    private func timeless(_ result: RunResult) -> String {
        result.stdoutText.replacing(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "T")
    }

    /// A program that sets a limit of the shell and runs another.
    private static func limit(_ options: String) -> String {
        "sh -c 'ulimit \(options); exec \"$@\"' sh"
    }

    private func withCommands(_ body: (Scene) async throws -> Void) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                closeout pack p-1.closeout -o p.tar --artifacts dist
                closeout prove p-1.closeout NOTES.md -o p.proof
                cp -r p-1.closeout changed.closeout
                chmod u+w changed.closeout/seal.json; echo >> changed.closeout/seal.json
                """)
            try await body(scene)
        }
    }

    @Test("few descriptors end a command with 74, or not at all")
    func descriptors() async throws {
        try await withCommands { scene in
            try await compare(under: [4, 5, 6, 7, 9].map { Self.limit("-n \($0)") }, scene)
        }
    }

    @Test("little memory ends a command with 74, or not at all, and none waits for a thread")
    func memory() async throws {
        // Below the least of these, the system does not even begin the program.
        let least = try await leastMemory()
        try await withCommands { scene in
            try await compare(
                under: [0, 300, 1_000, 3_000, 8_000, 16_000, 40_000].map {
                    Self.limit("-v \(least + $0)")
                }, scene)
        }
    }

    /// The kilobytes of memory with which `--version` does what it does: told by the program, and not by
    /// what loads it.
    private func leastMemory() async throws -> Int {
        var range = 10_000..<4_000_000
        while range.count > 200 {
            let middle = range.lowerBound + range.count / 2
            let result = try await run(
                "sh", ["-c", "ulimit -v \(middle); exec \"$0\" --version", closeoutExecutable])
            if result.status == 0 {
                range = range.lowerBound..<middle
            } else {
                range = middle..<range.upperBound
            }
        }
        return range.upperBound
    }

    @Test("where no thread can be made, a command does its work on one", .requires("setpriv"))
    func threads() async throws {
        guard try await run("id", ["-u"]).stdoutText == "0\n" else {
            print("skipped: only root can become a user for whom processes are limited")
            return
        }
        try await withCommands { scene in
            try await scene.shellDone("chmod 755 .; chown -R 54321 .")
            let user = "setpriv --reuid=54321 --clear-groups"
            let limits = [1, 2, 4].map { "\(user) prlimit --nproc=\($0)" }
            try await compare(under: limits, scene)
        }
    }
}
