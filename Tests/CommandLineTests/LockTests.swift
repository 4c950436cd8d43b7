import CloseoutTestSupport
import Testing

@Suite("Locks of other processes", .requires("flock"))
struct LockTests {
    @Test(
        "one who keeps a bundle locked is not waited for without end",
        arguments: [
            "verify p-1.closeout --trust trust.json --artifacts dist",
            "add p-1.closeout dist/NOTES.md", "show p-1.closeout",
        ])
    func bundle(command: String) async throws {
        try await withSealedRelease { scene in
            let result = try await scene.shell(
                "CLOSEOUT_LOCK_WAIT=0 flock p-1.closeout closeout \(command)")
            #expect(result.status == 74)
            #expect(
                result.stderrText.hasPrefix(
                    "closeout: p-1.closeout: cannot lock: another process has held the lock"))
            #expect(result.stderrText.contains("hint: `lslocks` or `fuser -v p-1.closeout`"))
            #expect(result.stdout == [])
        }
    }

    @Test("readers do not keep each other out")
    func readers() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                CLOSEOUT_LOCK_WAIT=0 flock --shared p-1.closeout \
                  closeout verify p-1.closeout --trust trust.json --artifacts dist
                """)
        }
    }

    @Test("the time to wait is a number of seconds", arguments: ["x", "-1", "1.5", "99999999999"])
    func seconds(value: String) async throws {
        try await withScene { scene in
            let refused = try await scene.closeout(
                "show", "p", environment: ["CLOSEOUT_LOCK_WAIT": value])
            #expect(refused.status == 64)
            #expect(refused.stderrText.contains("CLOSEOUT_LOCK_WAIT is '\(value)'"))
        }
    }
}
