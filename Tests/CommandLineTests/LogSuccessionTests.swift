import CloseoutTestSupport
import Testing

@Suite("Whose key signs a checkpoint")
struct LogSuccessionTests {
    /// A sealed release, with a second key, and one that the policy has for nothing but decisions.
    private func withSecondKey(_ body: (Scene) async throws -> Void) async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                set -e
                closeout keygen --quiet --no-passphrase -o second
                closeout keygen --quiet --no-passphrase --type rsa -o rsa
                closeout trust add trust.json second.pub.pem --operator b --role decider --quiet
                echo more > more.txt
                """)
            try await body(scene)
        }
    }

    private func verify(_ scene: Scene) async throws -> Int32 {
        try await scene.closeout(
            "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist"
        ).status
    }

    @Test(
        "without a policy another key than before is warned of, and the former one can still sign",
        arguments: [
            "seal dist --release p@1 --key second.pem",
            "add p-1.closeout more.txt --log-key second.pem",
            "sign p-1.closeout --key second.pem --log-key second.pem",
        ])
    func warned(command: String) async throws {
        try await withSecondKey { scene in
            let warned = try await scene.shell("closeout \(command)")
            #expect(warned.status == 0, "\(warned.stderrText)")
            #expect(
                warned.stderrText.contains(
                    "closeout: warning: another key than before signs the checkpoint: "))
            #expect(try await verify(scene) == 40)
            let again = try await scene.closeout(
                "checkpoint", "p-1.closeout", "--key", "release.pem")
            #expect(!again.stderrText.contains("warning"))
            #expect(try await verify(scene) == 0)
        }
    }

    @Test(
        "a key that the policy does not have for the log takes no checkpoint from one that it has",
        arguments: [
            "seal dist --release p@1 --key second.pem --trust trust.json",
            "add p-1.closeout more.txt && closeout checkpoint p-1.closeout --key second.pem "
                + "--trust trust.json",
            "sign p-1.closeout --key second.pem --log-key second.pem --trust trust.json",
            "record add p-1.closeout --file note.json --log-key second.pem --trust trust.json",
            "add p-1.closeout more.txt --log-key second.pem --trust trust.json",
            "import cavra cavra.json --bundle p-1.closeout --log-key second.pem --trust trust.json",
            "close p-1.closeout --key second.pem --log-key second.pem --trust trust.json "
                + "--artifacts dist --criteria artifacts-only",
        ])
    func refused(command: String) async throws {
        try await withSecondKey { scene in
            try scene.write(
                #"{"kind":"readiness","references":[{"kind":"scan","reference":"x"}]}"#,
                to: "note.json")
            try scene.write(
                #"{"schema_version":"cavra.final_closeout_trial.v1"}"#, to: "cavra.json")
            let before = try scene.bytes("p-1.closeout/checkpoint")
            let refused = try await scene.shell("closeout \(command)")
            #expect(refused.status == 64, "\(refused.stderrText)")
            #expect(refused.stderrText.contains("hint: give the log's key: --log-key"))
            #expect(try scene.bytes("p-1.closeout/checkpoint") == before)
        }
    }

    @Test("CLOSEOUT_TRUST is such a policy, and the log's own key is taken without a word")
    func environment() async throws {
        try await withSecondKey { scene in
            let seal = ["seal", "dist", "--release", "p@1", "--key", "second.pem"]
            let trust = ["CLOSEOUT_TRUST": "trust.json"]
            #expect(try await scene.closeout(seal, environment: trust).status == 64)
            let taken = try await scene.closeout(
                seal + ["--log-key", "release.pem"], environment: trust)
            #expect(taken.status == 0, "\(taken.stderrText)")
            #expect(!taken.stderrText.contains("another key than before"))
            #expect(try await verify(scene) == 0)
        }
    }

    @Test("another key of the role log may follow without a word")
    func successor() async throws {
        try await withSecondKey { scene in
            try await scene.shellDone(
                """
                closeout trust add trust.json second.pub.pem --operator b --role log --id log-2
                closeout add p-1.closeout more.txt
                """)
            let taken = try await scene.closeout(
                "checkpoint", "p-1.closeout", "--key", "second.pem", "--trust", "trust.json")
            #expect(taken.status == 0, "\(taken.stderrText)")
            #expect(!taken.stderrText.contains("warning"))
            try await scene.shellDone("closeout checkpoint p-1.closeout --key release.pem")
            for command in [
                "add p-1.closeout dist/NOTES.md --log-key second.pem",
                "close p-1.closeout --key second.pem --log-key second.pem --artifacts dist "
                    + "--criteria artifacts-only",
            ] {
                let result = try await scene.shell("closeout \(command) --trust trust.json")
                #expect(result.status == 0, "\(result.stderrText)")
                #expect(!result.stderrText.contains("warning"), "\(result.stderrText)")
            }
            #expect(try await verify(scene) == 0)
        }
    }

    @Test(
        "a key that signs no checkpoint is refused as what it is, with the option to give",
        arguments: [
            ("checkpoint p-1.closeout --key rsa.pem", "--key"),
            ("add p-1.closeout more.txt --log-key rsa.pem", "--log-key"),
            ("seal dist --release q@1 --key rsa.pem", "--log-key"),
        ])
    func unfit(command: String, option: String) async throws {
        try await withSecondKey { scene in
            let refused = try await scene.shell("closeout \(command)")
            #expect(refused.status == 64)
            #expect(
                refused.stderrText == """
                    closeout: a key of type rsa cannot sign the log's checkpoint
                    hint: give \(option) with an Ed25519 or ECDSA P-256 key

                    """)
        }
    }
}
