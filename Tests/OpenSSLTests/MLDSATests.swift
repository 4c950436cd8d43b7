import OpenSSL
import TestSupport
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
            "\(name) is not in \(libraryVersion) (ML-DSA came with 3.5)")
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
            from cryptography.hazmat.primitives.serialization import *
            folder = sys.argv[1]
            public = load_pem_public_key(open(folder + "/public", "rb").read())
            public.verify(open(folder + "/ours", "rb").read(), b"between two libraries")
            private = load_pem_private_key(open(folder + "/private", "rb").read(), None)
            open(folder + "/theirs", "wb").write(private.sign(b"between two libraries"))
            """
        try await withTemporaryDirectory { folder in
            let key = try PrivateKey.generate(type)
            try writeFile(key.publicKey.pem, to: folder + "/public")
            try writeFile(key.pem(passphrase: nil), to: folder + "/private")
            try writeFile(key.sign(message, algorithm: algorithm), to: folder + "/ours")
            let result = try await run(
                pythonTool, ["-c", script, folder], environment: ["LD_LIBRARY_PATH": nil])
            #expect(result.status == 0, "\(result.stderrText)")
            let theirs = try readFile(folder + "/theirs")
            #expect(try key.publicKey.accepts(theirs, over: message, algorithm: algorithm))
        }
    }
}
