import CloseoutEncodings
import CloseoutTestSupport
import Testing

@Suite("What the command writes, read by code of another origin", .requires(pythonTool))
struct InteropTests {
    /// `securesystemslib` verifies the envelope of every kind of key.
    private static let verifyEnvelope = """
        import json, sys
        from securesystemslib.dsse import Envelope
        from securesystemslib.signer import SSlibKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        document = json.load(open(sys.argv[1]))
        keyid = document["signatures"][0]["keyid"]
        envelope = Envelope.from_dict(document)
        assert envelope.payload == open(sys.argv[2], "rb").read()
        key = SSlibKey.from_crypto(load_pem_public_key(open(sys.argv[3], "rb").read()), keyid)
        accepted = envelope.verify([key], 1)
        print(keyid in accepted)
        """

    @Test(
        "securesystemslib verifies the DSSE envelopes",
        arguments: ["ed25519", "p256", "p384", "rsa"])
    func envelopes(type: String) async throws {
        try await withScene { scene in
            try await scene.shellDone(
                """
                closeout keygen --quiet --type \(type) --no-passphrase -o k
                closeout keygen --quiet --no-passphrase -o log
                closeout seal dist --release p@1 --key k.pem --log-key log.pem
                """)
            let file = try await scene.signature(in: "p-1.closeout", ending: ".dsse.json")
            let answer = try await runSuccessfully(
                pythonTool,
                ["-c", Self.verifyEnvelope, file, "p-1.closeout/seal.json", "k.pub.pem"],
                workingDirectory: scene.path)
            #expect(String(decoding: answer, as: UTF8.self) == "True\n")
        }
    }

    /// `aics-tlog` reads the checkpoint, recomputes its root, and verifies each proof.
    private static let verifyLog = """
        import base64, json, sys
        from aics_tlog import (MerkleTree, parse_checkpoint, parse_note, verify_checkpoint,
                               verify_leaf_inclusion, vkey_from_ed25519)
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        bundle, key, proofs = sys.argv[1], sys.argv[2], sys.argv[3:]
        seal = open(bundle + "/seal.json", "rb").read()
        note = parse_note(open(bundle + "/checkpoint", "rb").read())
        checkpoint = parse_checkpoint(note.text)
        public = load_pem_public_key(open(key, "rb").read())
        assert verify_checkpoint(note, vkey_from_ed25519(checkpoint.origin, public)).ok
        lines = open(bundle + "/log.jsonl", "rb").read().split(b"\\n")[:-1]
        tree = MerkleTree(lines)
        assert (checkpoint.size, checkpoint.root) == (len(lines), tree.root())
        for path in proofs:
            proof = json.load(open(path))
            assert base64.b64decode(proof["seal"]) == seal
            manifest = json.loads(seal)["predicate"]["manifest"]
            nodes = [bytes.fromhex(node) for node in proof["path"]]
            root = bytes.fromhex(manifest["merkle_root"])
            def holds(entry):
                return verify_leaf_inclusion(entry.encode(), proof["index"], manifest["entries"],
                                             nodes, root)
            assert holds(proof["entry"]) and not holds(proof["entry"] + " ")
        print(len(lines), len(proofs))
        """

    @Test("aics-tlog verifies the checkpoint over the log, and the proof of every entry")
    func log() async throws {
        try await withSealedRelease { scene in
            try scene.write("passed\n", to: "report.txt")
            try await scene.done("add", "p-1.closeout", "report.txt", "--log-key", "release.pem")
            try await scene.done("prove", "p-1.closeout", "--all", "-o", "proofs")
            let proofs = try await scene.files(below: "proofs")
            #expect(proofs.count == 5)
            let answer = try await runSuccessfully(
                pythonTool, ["-c", Self.verifyLog, "p-1.closeout", "release.pub.pem"] + proofs,
                workingDirectory: scene.path)
            #expect(String(decoding: answer, as: UTF8.self) == "7 5\n")
        }
    }
}
