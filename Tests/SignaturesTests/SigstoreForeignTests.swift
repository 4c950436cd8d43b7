import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Sigstore bundles of other origin")
struct SigstoreForeignTests {
    /// Signs a folder with the model-signing tool and gives the bundle.
    private func modelBundle(_ signer: Signer, in folder: String) async throws -> [UInt8] {
        try makeDirectory("\(folder)/model")
        try writeFile("weights", to: "\(folder)/model/a.bin")
        try writeFile(signer.privatePEM, to: "\(folder)/key.pem")
        try writeFile(signer.publicKey.pem, to: "\(folder)/key.pub")
        try await runSuccessfully(
            pythonTool,
            [
                "-m", "model_signing", "sign", "key", "--private_key", "key.pem", "--signature",
                "theirs.json", "model",
            ], workingDirectory: folder)
        return try readFile("\(folder)/theirs.json")
    }

    private func modelVerification(_ bundle: String, in folder: String) async throws -> RunResult {
        try await run(
            pythonTool,
            [
                "-m", "model_signing", "verify", "key", "--public_key", "key.pub", "--signature",
                bundle, "model",
            ], workingDirectory: folder)
    }

    @Test(
        "A bundle that model-signing made counts for its statement, and for nothing else",
        .requires(pythonTool), arguments: [KeyType.p256, .p384])
    func modelSigner(type: KeyType) async throws {
        let (signer, stranger) = try (Signer(type), Signer(type))
        let bundle = try await withTemporaryDirectory { folder in
            try await modelBundle(signer, in: folder)
        }
        #expect(SignatureFormat.recognise(bundle) == .format(.sigstore))
        guard case .envelope(_, let statement) = try SigstoreBundle(parsing: bundle).content else {
            throw MalformedSample()
        }
        func effects(
            trusting signer: Signer, over bytes: [UInt8]
        ) throws -> [SignatureResult.Effect] {
            let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
            return try verify(policy).verify(bundle, as: .sigstore, over: .seal(bytes))
                .map(\.effect)
        }
        #expect(try effects(trusting: signer, over: statement) == [.counts])
        #expect(try effects(trusting: signer, over: seal.bytes) == [.fails])
        #expect(try effects(trusting: stranger, over: statement) == [.ignored])
    }

    @Test(
        "A bundle that is written here over a model's statement verifies with model-signing",
        .requires(pythonTool), arguments: [KeyType.p256, .p384])
    func modelVerifier(type: KeyType) async throws {
        let signer = try Signer(type)
        try await withTemporaryDirectory { folder in
            let theirs = try SigstoreBundle(parsing: await modelBundle(signer, in: folder))
            guard case .envelope(_, let statement) = theirs.content else {
                throw MalformedSample()
            }
            try writeFile(
                signer.bundle(.envelope, .seal(statement)), to: "\(folder)/ours.json")
            let accepted = try await modelVerification("ours.json", in: folder)
            #expect(accepted.status == 0, "\(accepted.stderrText)")
            // The foreign verifier is a check only if it also refuses.
            try writeFile(
                Signer(type).bundle(.envelope, .seal(statement)), to: "\(folder)/ours.json")
            #expect(try await modelVerification("ours.json", in: folder).status != 0)
        }
    }

    @Test(
        "The models of the Sigstore clients read what is written here, and verify it",
        .requires(pythonTool), arguments: SigstoreTests.signers)
    func strictModels(key: (sample: String, algorithm: SignatureAlgorithm)) async throws {
        let signer = try Signer(sample: key.sample, algorithm: key.algorithm)
        for form in forms(of: signer) {
            try await withTemporaryDirectory { folder in
                try writeFile(signer.publicKey.pem, to: "\(folder)/key.pub")
                try writeFile(seal.bytes, to: "\(folder)/seal.json")
                let bundle = try signer.bundle(form)
                let arguments = ["-c", Self.reading, key.algorithm.rawValue]
                try await runSuccessfully(
                    pythonTool, arguments, stdin: bundle, workingDirectory: folder)
                try writeFile(Signer(signer.publicKey.type).publicKey.pem, to: "\(folder)/key.pub")
                let refused = try await run(
                    pythonTool, arguments, stdin: bundle, workingDirectory: folder)
                #expect(refused.status != 0)
            }
        }
    }

    @Test(
        "What the models of the Sigstore clients write is read here, with all that comes along",
        .requires(pythonTool), arguments: SigstoreTests.signers)
    func modelsWriting(key: (sample: String, algorithm: SignatureAlgorithm)) async throws {
        let signer = try Signer(sample: key.sample, algorithm: key.algorithm)
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        for form in forms(of: signer) {
            let isMessage = if case .message = form { true } else { false }
            let bundle = try await withTemporaryDirectory { folder in
                try writeFile(signer.privatePEM, to: "\(folder)/key.pem")
                return try await runSuccessfully(
                    pythonTool,
                    ["-c", Self.writing, key.algorithm.rawValue, isMessage ? "message" : "dsse"],
                    stdin: seal.bytes, workingDirectory: folder)
            }
            #expect(SignatureFormat.recognise(bundle) == .format(.sigstore))
            let read = try SigstoreBundle(parsing: bundle)
            #expect(read.timestamps == [[1, 2, 3]] && read.logEntryCount == 1)
            let results = try verify(policy).verify(bundle, as: .sigstore, over: seal)
            #expect(results.map(\.outcome) == [.accepted])
        }
    }
}

extension SigstoreForeignTests {
    /// The parameters of a signature by its algorithm, for the two programs below.
    private static let parameters = """
        import hashlib, json, sys
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, padding
        from sigstore.dsse import _pae
        from sigstore_models.bundle.v1 import Bundle

        def parameters(name):
            if name == "ed25519":
                return []
            hash = getattr(hashes, name.split("-")[-1].upper())()
            if name.startswith("ecdsa"):
                return [ec.ECDSA(hash)]
            if "pkcs1" in name:
                return [padding.PKCS1v15(), hash]
            return [padding.PSS(padding.MGF1(hash), hash.digest_size), hash]

        """

    private static let reading =
        parameters + """
            with open("key.pub", "rb") as f:
                key = serialization.load_pem_public_key(f.read())
            with open("seal.json", "rb") as f:
                seal = f.read()
            bundle = Bundle.from_json(sys.stdin.buffer.read())
            if bundle.message_signature:
                digest = bundle.message_signature.message_digest
                hash = digest.algorithm.value.replace("SHA2_", "sha")
                assert digest.digest == hashlib.new(hash, seal).digest()
                message, signature = seal, bundle.message_signature.signature
            else:
                envelope = bundle.dsse_envelope
                assert envelope.payload == seal and len(envelope.signatures) == 1
                message = _pae(envelope.payload_type, seal)
                signature = envelope.signatures[0].sig
            key.verify(signature, message, *parameters(sys.argv[1]))
            """

    private static let writing =
        parameters + """
            import base64
            b64 = lambda data: base64.b64encode(data).decode()
            with open("key.pem", "rb") as f:
                key = serialization.load_pem_private_key(f.read(), None)
            seal = sys.stdin.buffer.read()
            type = "application/vnd.in-toto+json"
            message = seal if sys.argv[2] == "message" else _pae(type, seal)
            signature = b64(key.sign(message, *parameters(sys.argv[1])))
            bundle = {
                "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.2",
                "verificationMaterial": {
                    "publicKey": {"hint": ""},
                    "tlogEntries": [{
                        "logIndex": "5", "logId": {"keyId": b64(b"id")},
                        "kindVersion": {"kind": "dsse", "version": "0.0.1"},
                        "integratedTime": "1700000000",
                        "inclusionPromise": {"signedEntryTimestamp": b64(b"set")},
                        "inclusionProof": {
                            "logIndex": "5", "rootHash": b64(b"root"), "treeSize": "9",
                            "hashes": [b64(b"hash")], "checkpoint": {"envelope": "x"},
                        },
                        "canonicalizedBody": b64(b"{}"),
                    }],
                    "timestampVerificationData": {
                        "rfc3161Timestamps": [{"signedTimestamp": b64(bytes([1, 2, 3]))}],
                    },
                },
            }
            if sys.argv[2] == "message":
                digest = {"algorithm": "SHA2_256", "digest": b64(hashlib.sha256(seal).digest())}
                bundle["messageSignature"] = {"messageDigest": digest, "signature": signature}
            else:
                bundle["dsseEnvelope"] = {
                    "payload": b64(seal), "payloadType": type,
                    "signatures": [{"sig": signature, "keyid": ""}],
                }
            sys.stdout.write(Bundle.from_json(json.dumps(bundle)).to_json())
            """
}
