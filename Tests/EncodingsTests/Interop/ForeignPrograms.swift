import CloseoutEncodings
import CloseoutTestSupport

/// Python programs over packages of other origin; each reads one JSON document and writes one.
enum ForeignPrograms {
    /// `aics-tlog` judges a checkpoint with its cosignature, and proofs of inclusion and of growth.
    static let judgeLog = """
        import base64, json, sys
        from aics_tlog import (parse_checkpoint, parse_note, parse_vkey, verify_checkpoint,
                               verify_consistency, verify_leaf_inclusion)
        case = json.load(sys.stdin)
        note = parse_note(base64.b64decode(case["note"]))
        verdict = verify_checkpoint(note, parse_vkey(case["log"]), [parse_vkey(case["witness"])],
                                    quorum=1)
        checkpoint = parse_checkpoint(note.text)
        entries = [entry.encode() for entry in case["entries"]]
        roots = [bytes.fromhex(root) for root in case["roots"]]
        def path(proof): return [bytes.fromhex(node) for node in proof["path"]]
        def included(proof):
            index, size = proof["index"], proof["size"]
            return verify_leaf_inclusion(entries[index], index, size, path(proof), roots[size])
        def grown(proof):
            old, new = proof["from"], proof["to"]
            return verify_consistency(old, new, roots[old], roots[new], path(proof))
        json.dump({"ok": verdict.ok, "origin": checkpoint.origin, "size": checkpoint.size,
                   "root": checkpoint.root.hex(),
                   "included": [included(proof) for proof in case["inclusions"]],
                   "grown": [grown(proof) for proof in case["growths"]]}, sys.stdout)
        """

    /// `aics-tlog` makes a log of its own, signed and cosigned, with all proofs.
    static let makeLog = """
        import base64, json, sys
        from aics_tlog import (Checkpoint, MerkleTree, Note, cosignature_vkey, format_vkey,
                               sign_checkpoint, sign_cosignature, vkey_from_ed25519)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        entries = [entry.encode() for entry in json.load(sys.stdin)]
        origin, name, size = "example.com/foreign", "example.com/witness", len(entries)
        log, witness = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
        tree = MerkleTree(entries)
        note = sign_checkpoint(Checkpoint(origin, size, tree.root()), log, origin)
        _, line = sign_cosignature(witness, name, 1767000000, origin, size, tree.root())
        cosigned = Note(text=note.text, signatures=(*note.signatures, line))
        def proof(nodes): return [node.hex() for node in nodes]
        json.dump({"note": base64.b64encode(cosigned.to_bytes()).decode(),
                   "log": format_vkey(vkey_from_ed25519(origin, log.public_key())),
                   "witness": format_vkey(cosignature_vkey(name, witness.public_key())),
                   "roots": [tree.root(n).hex() for n in range(size + 1)],
                   "inclusions": [proof(tree.inclusion_proof(n)) for n in range(size)],
                   "growths": [proof(tree.consistency_proof(n, size)) for n in range(1, size)]},
                  sys.stdout)
        """

    /// `cryptography` verifies a note by an ECDSA key, and signs another with a key of its own.
    static let exchangeECDSA = """
        import base64, hashlib, json, sys
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        case = json.load(sys.stdin)
        text, line = case["note"].rsplit("\\n\\n", 1)
        name, blob = line.removeprefix("\\u2014 ").split()
        blob = base64.b64decode(blob, validate=True)
        spki = base64.b64decode(case["spki"])
        assert blob[:4] == hashlib.sha256(spki).digest()[:4]
        key = serialization.load_der_public_key(spki)
        key.verify(blob[4:], (text + "\\n").encode(), ec.ECDSA(hashes.SHA256()))
        own = ec.generate_private_key(ec.SECP256R1())
        spki = own.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        blob = hashlib.sha256(spki).digest()[:4] + own.sign(
            (text + "\\n").encode(), ec.ECDSA(hashes.SHA256()))
        json.dump({"spki": base64.b64encode(spki).decode(),
                   "note": f"{text}\\n\\n\\u2014 {name} {base64.b64encode(blob).decode()}\\n"},
                  sys.stdout)
        """

    /// `rfc8785` writes documents in canonical form.
    static let canonicalize = """
        import base64, json, sys
        import rfc8785
        json.dump([base64.b64encode(rfc8785.dumps(document)).decode()
                   for document in json.load(sys.stdin)], sys.stdout)
        """

    /// Runs one of them.
    static func run(_ program: String, on input: JSON) async throws -> JSON {
        let output = try await runSuccessfully(
            pythonTool, ["-c", program], stdin: input.canonicalBytes)
        return try JSON(parsing: output)
    }
}
