import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("ML-DSA")
struct MLDSATests {
    static let types: [KeyType] = [.mldsa44, .mldsa65, .mldsa87]

    @Test(
        "is reported as unsupported, with the version that has it, by an older libcrypto",
        .enabled(if: !availableTypes.contains(.mldsa44), "this libcrypto has ML-DSA"),
        arguments: types)
    func unsupported(type: KeyType) throws {
        let name = type.rawValue.uppercased()
        let expected = KeyError.unsupported(
            "\(name) is not in \(libraryVersion); it came with 3.5")
        #expect(throws: expected) { try PrivateKey.generate(type).publicKey }
        #expect(throws: expected) { try samplePublicKey(type) }
        #expect(throws: expected) { try samplePrivateKey(type).publicKey }
    }

    @Test(
        "signatures of ours are verified by Python's cryptography, and the other way round",
        .enabled(if: availableTypes.contains(.mldsa44), "needs libcrypto 3.5 or later"),
        .requires(pythonTool), arguments: types)
    func python(type: KeyType) async throws {
        let algorithm = try #require(SignatureAlgorithm.implied(by: type))
        let message = bytes("between two libraries")
        let script = """
            import sys
            from cryptography.hazmat.primitives.asymmetric import mldsa
            from cryptography.hazmat.primitives.serialization import *
            folder, kind = sys.argv[1:]
            message = b"between two libraries"
            public = load_pem_public_key(open(folder + "/our-public", "rb").read())
            public.verify(open(folder + "/ours", "rb").read(), message)
            private = getattr(mldsa, kind + "PrivateKey").generate()
            open(folder + "/theirs", "wb").write(private.sign(message))
            open(folder + "/their-private", "wb").write(private.private_bytes(
                Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
            open(folder + "/their-public", "wb").write(private.public_key().public_bytes(
                Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
            """
        let kind = type.rawValue.uppercased().replacing("-", with: "")
        try await withTemporaryDirectory { folder in
            let key = try PrivateKey.generate(type)
            try writeFile(key.publicKey.pem, to: folder + "/our-public")
            try writeFile(key.sign(message, algorithm: algorithm), to: folder + "/ours")
            let result = try await run(
                pythonTool, ["-W", "ignore", "-c", script, folder, kind],
                environment: ["LD_LIBRARY_PATH": nil])
            try #require(result.status == 0, "\(result.stderrText)")
            let their = try PublicKey(spki: readFile(folder + "/their-public"))
            #expect(try read(readFile(folder + "/their-private")) == their)
            let theirs = try readFile(folder + "/theirs")
            #expect(try their.accepts(theirs, over: message, algorithm: algorithm))
        }
    }
}
