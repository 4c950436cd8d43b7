import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("The openssl command and this library")
struct OpenSSLCommandTests {
    static let algorithms = SignatureAlgorithm.allCases.filter {
        ![.mldsa44, .mldsa65, .mldsa87].contains($0.keyType)
    }
    static let messages = [bytes("x"), [UInt8](0...255) + bytes("\r\n"), bytes("{\"a\":1}")]

    @Test("the command verifies what we sign", arguments: algorithms)
    func commandVerifies(algorithm: SignatureAlgorithm) async throws {
        try await withTemporaryDirectory { folder in
            for message in Self.messages {
                let signature = try samplePrivateKey(algorithm.keyType)
                    .sign(message, algorithm: algorithm)
                try writeFile(message, to: folder + "/message")
                try writeFile(signature, to: folder + "/signature")
                let key = try samplePath(sampleName(algorithm.keyType) + ".pub.pem")
                var arguments = ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin"]
                arguments += ["-sigfile", "signature", "-in", "message"] + options(algorithm)
                let result = try await run("openssl", arguments, workingDirectory: folder)
                #expect(result.stdoutText == "Signature Verified Successfully\n")
                try writeFile(message + [0], to: folder + "/message")
                #expect(try await run("openssl", arguments, workingDirectory: folder).status == 1)
            }
        }
    }

    @Test("we verify what the command signs", arguments: algorithms)
    func weVerify(algorithm: SignatureAlgorithm) async throws {
        try await withTemporaryDirectory { folder in
            for message in Self.messages {
                try writeFile(message, to: folder + "/message")
                let key = try samplePath(sampleName(algorithm.keyType) + ".pem")
                let arguments = ["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", "message"]
                let signature = try await run(
                    "openssl", arguments + options(algorithm), workingDirectory: folder)
                let own = try samplePublicKey(algorithm.keyType)
                #expect(
                    try own.accepts(signature.stdout, over: message, algorithm: algorithm))
                #expect(
                    try !own.accepts(signature.stdout, over: message + [0], algorithm: algorithm))
            }
        }
    }

    @Test(
        "what the command signs with SHA-1 is only found by who asks for that",
        arguments: [SignatureAlgorithm.rsaPKCS1SHA256, .ecdsaP256SHA256, .ecdsaP384SHA384])
    func sha1(algorithm: SignatureAlgorithm) async throws {
        let message = bytes("x")
        let key = try samplePath(sampleName(algorithm.keyType) + ".pem")
        let signature = try await run("openssl", ["dgst", "-sha1", "-sign", key], stdin: message)
        let own = try samplePublicKey(algorithm.keyType)
        #expect(try own.acceptsSHA1(signature.stdout, over: message))
        #expect(try !own.acceptsSHA1(signature.stdout, over: message + [0]))
        for algorithm in SignatureAlgorithm.allCases {
            #expect(try !own.accepts(signature.stdout, over: message, algorithm: algorithm))
        }
    }

    @Test("`openssl dgst` and we verify each other's", arguments: algorithms)
    func dgst(algorithm: SignatureAlgorithm) async throws {
        // `openssl dgst` of version 3.0 cannot sign with Ed25519.
        guard let digest = algorithm.digest else { return }
        let name = try sampleName(algorithm.keyType)
        let message = bytes("for dgst")
        let options = ["dgst", "-\(digest.rawValue)"] + signingOptions(algorithm, flag: "-sigopt")
        try await withTemporaryDirectory { folder in
            try writeFile(message, to: folder + "/message")
            let made = try await runSuccessfully(
                "openssl", options + ["-sign", samplePath(name + ".pem"), folder + "/message"])
            #expect(
                try samplePublicKey(algorithm.keyType)
                    .accepts(made, over: message, algorithm: algorithm))
            let own = try samplePrivateKey(algorithm.keyType).sign(message, algorithm: algorithm)
            try writeFile(own, to: folder + "/signature")
            let verification = ["-verify", samplePath(name + ".pub.pem"), "-signature"]
            let output = try await runSuccessfully(
                "openssl", options + verification + [folder + "/signature", folder + "/message"])
            #expect(output == bytes("Verified OK\n"))
        }
    }

    @Test("the command reads the keys that we make, encrypted or not", arguments: availableTypes)
    func keys(type: KeyType) async throws {
        guard [.ed25519, .p256, .p384, .rsa].contains(type) else { return }
        let key = try PrivateKey.generate(type)
        let plain = try key.pem(passphrase: nil)
        #expect(try await opensslPublicHalf(plain, []) == key.publicKey.pem)
        let sealed = try key.pem(passphrase: bytes("sesame"))
        #expect(
            try await opensslPublicHalf(sealed, ["-passin", "pass:sesame"]) == key.publicKey.pem)
        let wrong = try await run("openssl", ["pkey", "-passin", "pass:no"], stdin: sealed)
        #expect(wrong.status != 0)
    }

    @Test("a PSS salt of another length than the hash is refused, though the command takes it")
    func saltLength() async throws {
        let key = try samplePublicKey(.rsa)
        try await withTemporaryDirectory { folder in
            try writeFile("message", to: folder + "/message")
            for salt in ["0", "20", "31", "33", "max", "32"] {
                let arguments = [
                    "pkeyutl", "-sign", "-inkey", samplePath("rsa2048.pem"), "-rawin", "-in",
                    "message",
                    "-digest", "sha256", "-pkeyopt", "rsa_padding_mode:pss",
                    "-pkeyopt", "rsa_pss_saltlen:\(salt)",
                ]
                let signature = try await run("openssl", arguments, workingDirectory: folder).stdout
                #expect(signature.count == 256)
                let accepted = try key.accepts(
                    signature, over: bytes("message"), algorithm: .rsaPSSSHA256)
                #expect(accepted == (salt == "32"), "salt \(salt)")
            }
        }
    }

    private func options(_ algorithm: SignatureAlgorithm) -> [String] {
        guard let digest = algorithm.digest else { return [] }
        return ["-digest", digest.rawValue] + signingOptions(algorithm, flag: "-pkeyopt")
    }

    private func signingOptions(_ algorithm: SignatureAlgorithm, flag: String) -> [String] {
        if algorithm.rawValue.hasPrefix("rsa-pss") {
            return [flag, "rsa_padding_mode:pss", flag, "rsa_pss_saltlen:digest"]
        }
        return algorithm.rawValue.hasPrefix("rsa-pkcs1") ? [flag, "rsa_padding_mode:pkcs1"] : []
    }
}
