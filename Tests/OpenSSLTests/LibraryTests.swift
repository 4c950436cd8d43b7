import CloseoutOpenSSL
import CloseoutTestSupport
import Glibc
import Testing

@Suite("The library")
struct LibraryTests {
    @Test("reports the failed call and the reasons of libcrypto")
    func errors() throws {
        let wrong = try samplePublicKey(.p256).spki
        let error = #expect(throws: KeyError.self) {
            try PublicKey(spki: flipping(wrong, at: wrong.count - 1))
        }
        #expect(error?.description == "not a key: EVP_PKEY_fromdata: point is not on curve")
        let empty = OpenSSLError(function: "EVP_Digest", queue: [])
        #expect(empty.description == "EVP_Digest failed")
        let full = OpenSSLError(function: "EVP_Digest", queue: ["one", "two"])
        #expect(full.description == "EVP_Digest: one; two")
    }

    @Test("leaves no reason behind that a later failure would be blamed on")
    func cleanQueue() throws {
        let key = try samplePublicKey(.rsa)
        let signature = [UInt8](repeating: 1, count: 256)
        #expect(try !key.accepts(signature, over: [], algorithm: .rsaPKCS1SHA256))
        #expect(throws: KeyError.wrongPassphrase) {
            try read(readFile(samplePath("ed25519-encrypted.pem")), passphrase: bytes("no"))
        }
        try errors()
    }

    @Test("heeds no configuration file, not even one that stops the openssl command")
    func configuration() async throws {
        let text = "openssl_conf = a\n[a]\nproviders = b\n[b]\nnull = c\n[c]\nactivate = 1\n"
        try await withTemporaryDirectory { folder in
            let path = folder + "/openssl.cnf"
            try writeFile(text, to: path)
            let command = try await run(
                "openssl", ["dgst", "-sha256"], environment: ["OPENSSL_CONF": path])
            #expect(command.status != 0)
            await #expect(processExitsWith: .success) { [path = path as String] in
                unsafe setenv("OPENSSL_CONF", path, 1)
                let key = try PrivateKey.generate(.p256)
                _ = try key.sign([1], algorithm: .ecdsaP256SHA256)
            }
        }
        #expect(libraryVersion.hasPrefix("OpenSSL "))
    }

    @Test("gives random bytes that differ from call to call")
    func random() throws {
        #expect(try randomBytes(0) == [])
        let draws = try (0..<100).map { _ in try randomBytes(32) }
        #expect(Set(draws).count == 100)
        #expect(draws.allSatisfy { $0.count == 32 })
    }

    @Test("has the fingerprints of all sample keys in the compiled list")
    func sampleKeys() async throws {
        let list = String(
            decoding: try readFile(repositoryRoot + "/Sources/Signatures/Policy/SampleKeys.swift"),
            as: UTF8.self)
        let names = try await runSuccessfully("ls", [samplePath("")]).split(separator: 0x0A)
            .map { String(decoding: $0, as: UTF8.self) }.filter { $0.hasSuffix(".pub.pem") }
        #expect(names.count == list.split(separator: "\n").count { $0.contains("\",  // ") })
        for name in names
        where availableTypes.count == KeyType.allCases.count || !name.hasPrefix("ml-") {
            let key = try PublicKey(pem: readFile(samplePath(name)))
            #expect(list.contains("\"\(hex(key.fingerprint.bytes))\""), "\(name)")
        }
    }
}
