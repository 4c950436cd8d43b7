import CloseoutEncodings
import CloseoutManifests
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Attaching several files at once", .requires("openssl"))
struct AttachTogetherTests {
    /// Lets a witness of the policy cosign the present checkpoint, in the file `cosigned`.
    private func cosign(_ scene: Scene) async throws {
        let key = try PrivateKey.generate(.ed25519)
        let name = Array("example.com/witness".utf8)
        let vkey = try NoteVerifier(name: name, key: key.publicKey, kind: .cosignatureV1).vkey
        try writeFile(vkey + [0x0A], to: scene.path + "/witness.vkey")
        try await scene.done(
            "trust", "add", "trust.json", "witness.vkey", "--operator", "neighbour", "--role",
            "witness", "--id", "witness")
        var note = try SignedNote(parsing: scene.bytes("p-1.closeout/checkpoint"))
        let time = try Seal(parsing: scene.bytes("p-1.closeout/seal.json")).created
        try note.append(note.cosignature(as: name, at: time, with: key))
        try writeFile(note.encoded, to: scene.path + "/cosigned")
    }

    /// A raw signature over the seal by a key of the policy, in the file `s`.
    private func sign(_ scene: Scene) async throws {
        try await scene.shellDone(
            """
            set -e
            closeout keygen --quiet --no-passphrase -o second
            closeout trust add trust.json second.pub.pem --operator other --role archive
            openssl pkeyutl -sign -rawin -inkey second.pem -in p-1.closeout/seal.json -out s
            """)
    }

    @Test("a note, a time-stamp, a list and a signature are stored in one step")
    func all() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try await cosign(scene)
            try await sign(scene)
            let over = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
            let answer = try await authorities.stamp(
                over: String(over.dropFirst("p-1.closeout/".count)))
            try writeFile(
                try await authorities.signing.revocationList(), to: scene.path + "/list")
            let stored = try await authorities.attach("cosigned", answer, "list", "s")
            #expect(stored.contains("p-1.closeout/checkpoint"))
            for folder in ["certificates/", "signatures/", "evidence/", "timestamps/"] {
                #expect(stored.contains { $0.hasPrefix(folder) }, "\(folder)")
            }
            let report = try await authorities.verify()
            // The cosigned checkpoint was renewed in the same step, and is kept: all that is missing
            // is a witness of the new one.
            #expect(report.findings("fail") == [])
            #expect(report.checks("unknown") == ["log.rollback"])
            #expect(try scene.bytes("p-1.closeout/timestamps/checkpoint-5.note").count > 0)
            #expect(report.headline.contains("at log size 10"))
        }
    }

    @Test("any of them that is refused keeps all the others out")
    func none() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try await cosign(scene)
            try await sign(scene)
            let answer = try await authorities.stamp()
            let stranger = try await authorities.stamp(over: "seal.json")
            try await scene.shellDone("openssl rand -out bad 64; cp \(stranger) late.tsr")
            let before = try await scene.shellDone("cksum $(find p-1.closeout -type f)")
            let retired = """
                closeout trust revoke trust.json tsa --reason compromised
                """
            for (files, isRefusedToken) in [
                (["cosigned", answer, "s", "bad"], false), (["s", "cosigned", "late.tsr"], true),
            ] {
                if isRefusedToken { try await scene.shellDone(retired) }
                let refused = try await scene.closeout(
                    ["attach", "p-1.closeout"] + files
                        + ["--trust", "trust.json", "--log-key", "release.pem"])
                #expect(refused.status == 30, "\(refused.stderrText)")
                #expect(refused.stdout == [])
                #expect(try await scene.shellDone("cksum $(find p-1.closeout -type f)") == before)
            }
        }
    }

    @Test("a note over a checkpoint that has a time-stamp leaves both provable")
    func cosignedAfterStamp() async throws {
        try await withAuthorities { scene, authorities in
            try await authorities.trustStamper()
            try await authorities.attach(authorities.stamp())
            let stamped = try scene.bytes("p-1.closeout/checkpoint")
            try await cosign(scene)
            try await authorities.attach("cosigned", logKey: false)
            #expect(!scene.has("p-1.closeout/checkpoint.tsr"))
            #expect(try scene.bytes("p-1.closeout/timestamps/checkpoint-5.note") == stamped)
            #expect(
                try scene.bytes("p-1.closeout/checkpoint") == (try scene.bytes("cosigned")))
            try await scene.done("checkpoint", "p-1.closeout", "--key", "release.pem")
            let report = try await authorities.verify()
            #expect(report.findings("fail") == [])
            #expect(report.checks("unknown") == ["log.rollback"])
            #expect(try await scene.files(below: "p-1.closeout/timestamps").count == 3)
        }
    }

    @Test("`seal`, where it goes on, and another log key keep what vouches for the checkpoint")
    func kept() async throws {
        try await withAuthorities { scene, authorities in
            try await cosign(scene)
            try await authorities.attach("cosigned", logKey: false)
            try scene.write("one", to: "one")
            try await scene.done("add", "p-1.closeout", "one")
            try await scene.done("seal", "dist", "--release", "p@1", "--key", "release.pem")
            let kept = "p-1.closeout/timestamps/checkpoint-5.note"
            #expect(try scene.bytes(kept) == (try scene.bytes("cosigned")))
            try await authorities.trustStamper()
            let answer = try await authorities.stamp()
            try await authorities.attach(answer, logKey: false)
            try await scene.shellDone(
                """
                set -e
                closeout keygen --quiet --no-passphrase -o log
                closeout trust add trust.json log.pub.pem --operator acme --role log
                closeout checkpoint p-1.closeout --key log.pem
                """)
            let token = "p-1.closeout/timestamps/checkpoint-8.tsr"
            #expect(try scene.bytes(token) == (try scene.bytes(answer)))
            let report = try await authorities.verify()
            #expect(report.findings("fail") == [])
            #expect(report.checks("unknown") == ["log.rollback"])
        }
    }

    @Test("what somebody dropped into the bundle is named, with the command that takes it")
    func dropped() async throws {
        try await withAuthorities { scene, authorities in
            let answer = try await authorities.stamp(over: "seal.json")
            try await sign(scene)
            for (file, kind) in [
                (answer, "time-stamp"), ("ca/root.crt.pem", "certificate or revocation list"),
                ("s", "raw signature"),
            ] {
                try await scene.shellDone("cp \(file) p-1.closeout/signatures/dropped")
                let verified = try await scene.closeout(
                    "verify", "p-1.closeout", "--trust", "trust.json", "--artifacts", "dist")
                #expect(verified.status == 30)
                #expect(
                    verified.stdoutText.contains(
                        "it looks like a \(kind): run `closeout attach` on it"), "\(file)")
            }
        }
    }

    @Test("what is no certificate, list, time-stamp or signature is named and refused")
    func unknown() async throws {
        try await withAuthorities { scene, _ in
            try await scene.shellDone(
                "cat ca/root.pem ca/root.crt.pem > key.pem; openssl rand -hex 9 > junk.pem")
            for file in ["key.pem", "dist/NOTES.md"] {
                let refused = try await scene.closeout(
                    "attach", "p-1.closeout", file, "--trust", "trust.json")
                #expect(refused.status == 65, "\(file): \(refused.stderrText)")
                #expect(refused.stderrText.contains(file))
            }
            #expect(!scene.has("p-1.closeout/certificates"))
        }
    }
}
