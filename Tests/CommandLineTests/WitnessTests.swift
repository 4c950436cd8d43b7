import CloseoutTestSupport
import Testing

@Suite("A witness of another origin", .requires(pythonTool))
struct WitnessTests {
    /// `aics-tlog` cosigns a checkpoint with a key of its own, which it publishes.
    private static let cosign = """
        import sys, time
        from aics_tlog import (Note, cosignature_vkey, format_vkey, parse_checkpoint, parse_note,
                               sign_cosignature)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        key, name = Ed25519PrivateKey.generate(), "example.com/witness"
        note = parse_note(open(sys.argv[1], "rb").read())
        checkpoint = parse_checkpoint(note.text)
        _, line = sign_cosignature(key, name, int(time.time()), checkpoint.origin,
                                   checkpoint.size, checkpoint.root)
        cosigned = Note(text=note.text, signatures=(*note.signatures, line))
        open("cosigned.note", "wb").write(cosigned.to_bytes())
        open("witness.vkey", "w").write(format_vkey(cosignature_vkey(name, key.public_key())) + "\\n")
        """

    private static let late = [
        "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist", "--as-of",
        "2095-01-01T00:00:00Z",
    ]

    @Test(
        """
        proves by its cosignature that a key signed before its time ended; the checkpoint needs a \
        log key whose time has not
        """)
    func provenTime() async throws {
        try await withSealedRelease { scene in
            try await scene.done(
                "trust", "retire", "trust.json", "release", "--at", "2090-01-01T00:00:00Z")
            try await runSuccessfully(
                pythonTool, ["-c", Self.cosign, "p-1.closeout/checkpoint"],
                workingDirectory: scene.path)
            let stranger = try await scene.closeout(
                "attach", "p-1.closeout", "cosigned.note", "--trust", "trust.json")
            #expect(stranger.status == 30)
            try await scene.done(
                "trust", "add", "trust.json", "witness.vkey", "--operator", "neighbour", "--role",
                "witness", "--id", "witness")
            #expect(try await scene.closeout(Self.late).status == 40)
            let attached = try await scene.done(
                "attach", "p-1.closeout", "cosigned.note", "--trust", "trust.json")
            #expect(attached == ["p-1.closeout/checkpoint"])
            let withoutLogKey = try await scene.closeout(Self.late)
            #expect(withoutLogKey.status == 40)
            #expect(withoutLogKey.stdoutText.contains("  log.checkpoint-signature  "))
            try await scene.shellDone(
                """
                closeout keygen --quiet --no-passphrase -o log
                closeout trust add trust.json log.pub.pem --operator acme --role log
                closeout checkpoint p-1.closeout --key log.pem
                """)
            let verified = try await scene.closeout(Self.late)
            #expect(verified.status == 0)
            #expect(verified.stdoutText.contains("in the role \"release\", before 20"))
        }
    }
}
