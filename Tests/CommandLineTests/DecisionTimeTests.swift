import CloseoutTestSupport
import Testing

@Suite("A decision that rests on a proven time", .requires(pythonTool))
struct DecisionTimeTests {
    /// Cosigns the present checkpoint at a given time, always with the same key.
    private static let cosign = """
        import sys
        from aics_tlog import (Note, cosignature_vkey, format_vkey, parse_checkpoint, parse_note,
                               sign_cosignature)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        key, name = Ed25519PrivateKey.from_private_bytes(b"7" * 32), "example.com/witness"
        note = parse_note(open("p-1.closeout/checkpoint", "rb").read())
        checkpoint = parse_checkpoint(note.text)
        _, line = sign_cosignature(key, name, int(sys.argv[1]), checkpoint.origin,
                                   checkpoint.size, checkpoint.root)
        cosigned = Note(text=note.text, signatures=(*note.signatures, line))
        open("cosigned.note", "wb").write(cosigned.to_bytes())
        open("witness.vkey", "w").write(format_vkey(cosignature_vkey(name, key.public_key())) + "\\n")
        """

    private func cosign(_ scene: Scene, at seconds: Int) async throws {
        try await runSuccessfully(
            pythonTool, ["-c", Self.cosign, "\(seconds)"], workingDirectory: scene.path)
    }

    /// A release of 2020 whose key ended in 2021, and whose checkpoint a witness saw in 2020.
    private func withWitnessedRelease(_ body: (Scene) async throws -> Void) async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                closeout keygen --quiet --no-passphrase -o release --trust trust.json
                SOURCE_DATE_EPOCH=1577836800 closeout seal dist --release p@1 --key release.pem
                for key in log dora; do closeout keygen --quiet --no-passphrase -o $key; done
                closeout trust add trust.json log.pub.pem --operator acme --role log
                closeout trust add trust.json dora.pub.pem --operator dora --role decider
                closeout trust retire trust.json release --at 2021-01-01T00:00:00Z
                closeout checkpoint p-1.closeout --key log.pem
                """)
            try await cosign(scene, at: 1_577_836_800)
            try await scene.shellDone(
                """
                closeout trust add trust.json witness.vkey --operator neighbour --role witness --id w
                closeout attach p-1.closeout cosigned.note --trust trust.json
                """)
            try await body(scene)
        }
    }

    private func close(_ scene: Scene, _ options: String = "") async throws -> RunResult {
        try await scene.shell(
            "closeout close p-1.closeout --key dora.pem --log-key log.pem --trust trust.json "
                + "--artifacts dist --criteria artifacts-only \(options)")
    }

    @Test("is recomputed from the log alone, also once the checkpoint is another")
    func recomputed() async throws {
        try await withWitnessedRelease { scene in
            let closed = try await close(scene)
            #expect(closed.status == 0, "\(closed.stderrText)\(closed.stdoutText)")
            #expect(closed.stdoutText.contains("timestamps/checkpoint-"))
            try await cosign(scene, at: 1_893_456_000)
            try await scene.shellDone(
                "closeout attach p-1.closeout cosigned.note --trust trust.json")
            let verified = try await scene.shell(
                "closeout verify p-1.closeout --details --trust trust.json --artifacts dist "
                    + "--criteria artifacts-only --as-of 2031-01-01T00:00:00Z")
            #expect(verified.status == 0, "\(verified.stdoutText)")
            #expect(verified.stdoutText.contains("recomputed: pass"))
        }
    }

    @Test("is not dated back to before what the log proves")
    func datedBack() async throws {
        try await withWitnessedRelease { scene in
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            let refused = try await close(scene, "--as-of 2019-12-31T23:59:59Z")
            #expect(refused.status == 64 || refused.status == 40)
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("is not dated back to before its seal says that it was created")
    func unsealed() async throws {
        try await withSealedRelease { scene in
            try await scene.shellDone(
                """
                for key in log dora; do closeout keygen --quiet --no-passphrase -o $key; done
                closeout trust add trust.json log.pub.pem --operator acme --role log
                closeout trust add trust.json dora.pub.pem --operator dora --role decider
                closeout checkpoint p-1.closeout --key log.pem
                """)
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            // At that time there was no such seal, so the bundle is not VERIFIED.
            let closed = try await close(scene, "--as-of 2020-06-01T00:00:00Z")
            let decided = try await scene.shell(
                "closeout decide p-1.closeout --trust trust.json --artifacts dist "
                    + "--criteria artifacts-only --as-of 2020-06-01T00:00:00Z")
            for result in [closed, decided] {
                #expect(result.status == 40)
                let text = result.stdoutText + result.stderrText
                #expect(text.contains("claims to be created at "), "\(text)")
            }
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
        }
    }

    @Test("is not written where a recheck would not confirm it")
    func borneOut() async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                closeout keygen --quiet --no-passphrase -o release --trust trust.json
                closeout keygen --quiet --no-passphrase -o dora
                closeout trust add trust.json dora.pub.pem --operator dora --role decider
                SOURCE_DATE_EPOCH=1577836800 closeout seal dist --release p@1 --key release.pem
                """)
            let log = try scene.bytes("p-1.closeout/log.jsonl")
            func close(_ ago: String) async throws -> RunResult {
                try await scene.shell(
                    "closeout close p-1.closeout --key dora.pem --log-key release.pem "
                        + "--trust trust.json --artifacts dist --criteria artifacts-only "
                        + "--as-of $(date -u -d '-\(ago) min' +%Y-%m-%dT%H:%M:%SZ)")
            }
            let refused = try await close("10")
            #expect(refused.status == 64, "\(refused.stderrText)")
            #expect(
                refused.stderrText.contains("`verify` would not confirm the decision: was decided")
            )
            #expect(refused.stderrText.contains("a record of its log is of "))
            #expect(try scene.bytes("p-1.closeout/log.jsonl") == log)
            let taken = try await close("2")
            #expect(taken.status == 0, "\(taken.stderrText)")
            let verified = try await scene.shell(
                "closeout verify p-1.closeout --trust trust.json --artifacts dist "
                    + "--criteria artifacts-only")
            #expect(verified.status == 0, "\(verified.stdoutText)")
        }
    }
}
