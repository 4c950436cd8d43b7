import CloseoutTestSupport
import Testing

@Suite("A command that a signal ends")
struct SignalTests {
    @Test(
        "dies by that signal, and leaves nothing of the bundle that it was making",
        arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)] as [(String, Int32)])
    func sealing(signal: String, status: Int32) async throws {
        try await withSealedRelease { scene in
            // Hashing so much takes longer than the second after which the signal comes.
            try await scene.shellDone("truncate -s 20G dist/large")
            let names = try await scene.shellDone("ls -A")
            let ended = try await scene.shell(
                "timeout --preserve-status -s \(signal) 1 closeout seal dist --release q@1 "
                    + "--key release.pem")
            #expect(ended.status == status && ended.stdout == [])
            #expect(try await scene.shellDone("ls -A") == names)
        }
    }

    @Test("leaves nothing of the packed bundle that it was making")
    func packing() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                "truncate -s 1G dist/large; closeout seal dist --release q@1 --key release.pem")
            let names = try await scene.shellDone("ls -A")
            let ended = try await scene.shell(
                """
                closeout pack q-1.closeout --artifacts dist & pid=$!
                for i in $(seq 3000); do ls -A | grep -q closeout-tmp && break; sleep 0.01; done
                kill -TERM $pid; wait $pid
                """)
            #expect(ended.status == 143)
            #expect(try await scene.shellDone("ls -A") == names)
        }
    }

    @Test("leaves nothing in the bundle that it was adding to")
    func adding() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone("truncate -s 1G large")
            let before = try await scene.files(below: "p-1.closeout")
            let ended = try await scene.shell(
                """
                closeout add p-1.closeout large --log-key release.pem & pid=$!
                for i in $(seq 3000); do
                    ls -A p-1.closeout/attachments 2>/dev/null | grep -q closeout-tmp && break
                    sleep 0.01
                done
                kill -TERM $pid; wait $pid
                """)
            #expect(ended.status == 143)
            #expect(try await scene.files(below: "p-1.closeout") == before)
        }
    }

    @Test("leaves a bundle that verifies, whenever the signal comes", arguments: 0..<8)
    func anyInstant(number: Int) async throws {
        try await withSealedRelease { scene in
            let ended = try await scene.shell(
                """
                timeout --preserve-status -s TERM 0.0\(10 + 7 * number) \
                    closeout record readiness p-1.closeout --tests dist/NOTES.md \
                    --key release.pem --log-key release.pem
                """)
            #expect([0, 143].contains(ended.status), "\(ended.stderrText)")
            try await scene.done(
                "verify", "p-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist")
        }
    }

    @Test("goes on where the signal was ignored from the start")
    func ignored() async throws {
        try await withSealedRelease { scene in
            let sealed = try await scene.shell(
                """
                trap '' TERM
                closeout seal dist --release q@1 --key release.pem --quiet & pid=$!
                kill -TERM $pid; wait $pid
                """)
            #expect(sealed.status == 0)
            try await scene.done(
                "verify", "q-1.closeout", "--key", "release.pub.pem", "--artifacts", "dist")
        }
    }

    @Test("is asked for a passphrase no more where the input ends", .requires("script"))
    func endOfInput() async throws {
        try await withSealedRelease { scene in
            let asked = try await scene.shell(
                "while sleep 1; do printf '\\004'; done | "
                    + "script -qec 'closeout keygen -o other' /dev/null")
            #expect(asked.status == 64)
            #expect(asked.stdoutText.contains("needs a passphrase, and none was given"))
            #expect(try await scene.shell("ls other.pem").status != 0)
        }
    }
}
