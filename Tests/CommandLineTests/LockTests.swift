import CloseoutTestSupport
import Testing

@Suite("Locks of other processes", .requires("flock"))
struct LockTests {
    @Test(
        "one who keeps a bundle locked is not waited for without end",
        arguments: [
            "verify p-1.closeout --trust trust.json --artifacts dist",
            "add p-1.closeout dist/NOTES.md", "show p-1.closeout", "status p-1.closeout",
            "diff p-1.closeout p-1.closeout", "prove p-1.closeout NOTES.md -o x",
            "pack p-1.closeout -o x", "export public p-1.closeout -o x", "repair p-1.closeout",
            "request p-1.closeout --for openssl --key-reference k", "risk list p-1.closeout",
            "hold place p-1.closeout --matter m --custodian c --reason r",
            "sign p-1.closeout --key release.pem --type raw",
            "checkpoint p-1.closeout --key release.pem", "retention health p-1.closeout",
            "decide p-1.closeout --trust trust.json --criteria artifacts-only --artifacts dist",
        ])
    func bundle(command: String) async throws {
        try await withSealedRelease { scene in
            let result = try await scene.shell(
                "CLOSEOUT_LOCK_WAIT=0 flock p-1.closeout closeout \(command)")
            #expect(result.status == 74)
            #expect(
                result.stderrText.hasPrefix(
                    "closeout: p-1.closeout: cannot lock: another process has held the lock for 0 seconds"))
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
