import CloseoutTestSupport
import Testing

@Suite("deliver, where its outbox cannot be written", .requires("python3"))
struct FaultTests {
    /// Runs `deliver` until nothing waits any more, such as for the lease of a run that ended early.
    private func finish(_ scene: DeliverScene) async throws -> RunResult {
        for _ in 0..<600 {
            let result = try await scene.deliver()
            guard [40, 74].contains(result.status) else { return result }
            try await Task.sleep(for: .seconds(1))
        }
        return try await scene.deliver()
    }

    /// Makes sure that all of two events arrived, and that the records say just that.
    private func confirmAll(_ scene: DeliverScene) async throws {
        let ids = Set(try scene.requests().map { $0[3] })
        #expect(ids.count == 2)
        #expect(try await scene.recorded("delivery") == ids.sorted())
        #expect(Set(try await scene.recorded("state")) == ["delivered"])
    }

    @Test(
        "a full disk ends it with a message, nothing is said to be delivered, and room lets it go on",
        .requires("mount"))
    func full() async throws {
        try await withDeliverScene { scene in
            let disk = scene.receiver + "/disk"
            try makeDirectory(disk)
            let mounted = try await run(
                "mount", ["-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", disk])
            guard mounted.status == 0 else {
                print("not tested: no file system can be mounted here")
                return
            }
            do {
                try scene.write([try scene.route("desk", "/status/200", deadline: 5)])
                #expect(try await scene.deliver("--queue-only").status == 0)
                _ = try await run("sh", ["-c", "cat /dev/zero > \(disk)/filler"])
                let before = try await scene.deliver()
                #expect(before.status == 74, "\(before.stderrText)")
                #expect(before.stderrText.contains("the disk is full"), "\(before.stderrText)")
                #expect(try scene.requests().isEmpty)
                try await runSuccessfully("rm", [disk + "/filler"])
                // Now the disk is full before the receiver answers: nobody can write down that it did.
                try scene.write([try scene.route("desk", "/fill", deadline: 5)])
                let during = try await scene.deliver()
                #expect(during.status == 74, "\(during.stderrText)")
                #expect(during.stderrText.contains("the disk is full"), "\(during.stderrText)")
                #expect(!during.stdoutText.contains("delivered"))
                #expect(!(try scene.requests().isEmpty))
                #expect(try await scene.recorded("state") == [])
                try await runSuccessfully("rm", [disk + "/filler"])
                try scene.write([try scene.route("desk", "/status/200", deadline: 5)])
                let after = try await finish(scene)
                #expect(after.status == 0, "\(after.stderrText)\(after.stdoutText)")
                try await confirmAll(scene)
            } catch {
                _ = try await run("umount", ["-l", disk])
                throw error
            }
            try await runSuccessfully("umount", ["-l", disk])
        }
    }

    @Test("too few descriptors end it with a message and what to look at, and never by a fault")
    func descriptors() async throws {
        try await withDeliverScene { scene in
            try scene.write([try scene.route("desk", "/status/200")])
            for count in 14...28 {
                let result = try await run(
                    "sh",
                    [
                        "-c",
                        "ulimit -n \(count); exec \"$0\" deliver p-1.closeout --outbox outbox-\(count)",
                        courierExecutable,
                    ], environment: DeliverScene.environment, workingDirectory: scene.path)
                let said = result.stderrText
                #expect([0, 74].contains(result.status), "\(count): \(result.status) \(said)")
                #expect(result.status == 0 || said.contains("`ulimit -n`"), "\(count): \(said)")
            }
        }
    }

    @Test("an outbox that others hold too long ends it with a message, and later all is sent once")
    func locked() async throws {
        try await withDeliverScene { scene in
            let disk = scene.receiver + "/disk"
            try makeDirectory(disk)
            try scene.write([try scene.route("desk", "/status/200")])
            #expect(try await scene.deliver("--queue-only").status == 0)
            let script = """
                import sqlite3, sys
                outbox = sqlite3.connect(sys.argv[1] + "/outbox.sqlite", isolation_level=None)
                outbox.execute("BEGIN IMMEDIATE")
                open(sys.argv[1] + "/held", "w").close()
                sys.stdin.read()
                """
            try await withService(
                "python3", ["-c", script, disk], isReady: { fileExists(disk + "/held") }
            ) {
                let result = try await scene.deliver()
                #expect(result.status == 74, "\(result.stderrText)")
                #expect(result.stderrText.contains("others have held the outbox too long"))
                #expect(try scene.requests().isEmpty)
                #expect(try await scene.recorded("state") == [])
            }
            // Held from the first answer on, for longer than one call waits.
            try scene.write([try scene.route("desk", "/hold", deadline: 5)])
            let result = try await finish(scene)
            #expect(result.status == 0, "\(result.stderrText)\(result.stdoutText)")
            try await confirmAll(scene)
            #expect(try scene.requests().count == 2)
        }
    }
}

extension DeliverScene {
    /// Runs `deliver` with an outbox on the receiver's disk.
    fileprivate func deliver(_ options: String...) async throws -> RunResult {
        let outbox = receiver + "/disk/outbox.sqlite"
        return try await run(
            courierExecutable, ["deliver", "p-1.closeout"] + options,
            environment: Self.environment.merging(["CLOSEOUT_OUTBOX": outbox]) { $1 },
            workingDirectory: path)
    }
}
