import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Raw signatures and their carriers")
struct RawTests {
    private static let samples: [(String, SignatureAlgorithm)] = [
        ("ed25519", .ed25519), ("p256", .ecdsaP256SHA256), ("p384", .ecdsaP384SHA384),
        ("rsa2048", .rsaPSSSHA256), ("rsa2048", .rsaPSSSHA384), ("rsa2048", .rsaPSSSHA512),
        ("rsa2048", .rsaPKCS1SHA256), ("rsa2048", .rsaPKCS1SHA384), ("rsa3072", .rsaPKCS1SHA512),
    ]

    /// What a policy of this key alone makes of a file.
    private func outcome(
        _ file: [UInt8], _ format: SignatureFormat, by signer: Signer
    ) throws -> SignatureResult.Outcome? {
        let policy = try policy([signer.entry("k")], roles: ["release": rule(["k"])])
        return try verify(policy).verify(file, as: format, over: seal).first?.outcome
    }

    @Test("A bare signature counts in every carrier, for every kind of key", arguments: samples)
    func carriers(sample: (name: String, algorithm: SignatureAlgorithm)) throws {
        let signer = try Signer(sample: sample.name, algorithm: sample.algorithm)
        let signature = try signer.sign(seal.bytes)
        let base64 = Base64.encode(signature)
        let wrapped = Array(base64.prefix(60)) + [0x0A] + Array(base64.dropFirst(60)) + [0x0A]
        #expect(try outcome(signature, .raw, by: signer) == .accepted)
        #expect(try outcome(base64, .rawBase64, by: signer) == .accepted)
        #expect(try outcome(wrapped, .rawBase64, by: signer) == .accepted)
        let vault = Array("vault:v12:".utf8) + base64
        #expect(try outcome(vault, .vault, by: signer) == .accepted)
        #expect(try outcome(vault + [0x0A], .vault, by: signer) == .accepted)
    }

    @Test("A carrier's content is recognised for every kind of key", arguments: samples)
    func recognition(sample: (name: String, algorithm: SignatureAlgorithm)) throws {
        let signer = try Signer(sample: sample.name, algorithm: sample.algorithm)
        let signature = try signer.sign(seal.bytes)
        let base64 = Base64.encode(signature)
        #expect(SignatureFormat.recognise(signature) == .format(.raw))
        #expect(SignatureFormat.recognise(base64 + [0x0A]) == .format(.rawBase64))
        #expect(
            SignatureFormat.recognise(Array("vault:v1:".utf8) + base64) == .format(.vault))
        let reply = awsReply(signature, "RSASSA_PSS_SHA_256")
        #expect(SignatureFormat.recognise(reply) == .format(.awsKMS))
    }

    @Test("Text, an empty file and a seal are no signatures")
    func unrecognised() {
        let text = Array(String(repeating: "sixty-four letters, no signature", count: 2).utf8)
        #expect(text.count == 64)
        for file in [text, [], seal.bytes, Array("vault".utf8), [0x30], [UInt8](0...99)] {
            #expect(SignatureFormat.recognise(file) == .unknown)
        }
    }

    private func awsReply(_ signature: [UInt8], _ algorithm: String) -> [UInt8] {
        let reply: JSON = [
            "KeyId": "arn:aws:kms:us-west-2:111122223333:key/1234abcd",
            "Signature": JSON(Base64.string(signature)), "SigningAlgorithm": JSON(algorithm),
        ]
        return reply.canonicalBytes
    }

    @Test("A reply of AWS KMS counts for keys of the algorithm that it states, and for no other")
    func awsKMS() throws {
        let pss = try Signer(sample: "rsa2048", algorithm: .rsaPSSSHA256)
        let pkcs1 = try Signer(sample: "rsa2048", algorithm: .rsaPKCS1SHA256)
        let signature = try pss.sign(seal.bytes)
        let reply = awsReply(signature, "RSASSA_PSS_SHA_256")
        #expect(try outcome(reply, .awsKMS, by: pss) == .accepted)
        #expect(
            try outcome(reply, .awsKMS, by: pkcs1)?.described
                == "notAcceptable: key k made it with rsa-pss-sha256, and the policy takes "
                + "rsa-pkcs1-sha256 of this key")
        let relabelled = awsReply(signature, "RSASSA_PKCS1_V1_5_SHA_256")
        for signer in [pss, pkcs1] {
            #expect(
                try outcome(relabelled, .awsKMS, by: signer)?.described
                    == "notAcceptable: key k made it with rsa-pss-sha256, and the file states another "
                    + "algorithm")
        }
        let unknown = awsReply(signature, "SM2DSA")
        #expect(
            try outcome(unknown, .awsKMS, by: pss)
                .map(\.described) == "notAcceptable: the algorithm SM2DSA is not accepted")
        let hint = try verify(nil).verify(reply, as: .awsKMS, over: seal).first?.hint
        #expect(hint == Array("arn:aws:kms:us-west-2:111122223333:key/1234abcd".utf8))
    }

    @Test("What Azure Key Vault answers counts, r and s side by side", arguments: ["p256", "p384"])
    func azureKeyVault(name: String) throws {
        let signer = try Signer(sample: name)
        let sideBySide = try concatenated(signer.sign(seal.bytes), signer.publicKey.type)
        let file = urlSafe(sideBySide)
        #expect(try outcome(file, .azureKeyVault, by: signer) == .accepted)
        #expect(try outcome(file + [0x0A], .azureKeyVault, by: signer) == .accepted)
        #expect(SignatureFormat.recognise(file) == .unknown)
        // The same numbers in DER are another carrier's form.
        let inDER = urlSafe(try signer.sign(seal.bytes))
        #expect(try outcome(inDER, .azureKeyVault, by: signer) != .accepted)
        #expect(try outcome(sideBySide, .raw, by: signer) != .accepted)
    }

    @Test("What Azure Key Vault answers for an RSA key counts")
    func azureRSA() throws {
        let signer = try Signer(sample: "rsa2048", algorithm: .rsaPKCS1SHA256)
        let file = urlSafe(try signer.sign(seal.bytes))
        #expect(try outcome(file, .azureKeyVault, by: signer) == .accepted)
    }

    @Test("A raw signature over other bytes, or by another key, is by nobody known")
    func unknown() throws {
        let signer = try Signer()
        let over = try signer.sign(Array("other".utf8))
        #expect(try outcome(over, .raw, by: signer) == .unknownKey)
        #expect(try outcome(Signer().sign(seal.bytes), .raw, by: signer) == .unknownKey)
    }

    @Test("A carrier that is not wholly of its form is malformed")
    func malformed() throws {
        let signer = try Signer()
        let base64 = Base64.encode(try signer.sign(seal.bytes))
        let cases: [(SignatureFormat, [UInt8])] = [
            (.raw, []), (.raw, [1, 2, 3]), (.raw, [UInt8](repeating: 0x30, count: 65)),
            (.rawBase64, Array(base64.dropLast())), (.rawBase64, base64 + Array("=".utf8)),
            (.rawBase64, Array("AAAA".utf8)), (.vault, base64), (.vault, Array("vault:v1".utf8)),
            (.vault, Array("vault:v:".utf8) + base64), (.vault, Array("vault:v1x:".utf8) + base64),
            (.vault, Array("vault:v1:".utf8) + base64 + Array(" ".utf8)),
            (.azureKeyVault, base64), (.awsKMS, Array("{}".utf8)), (.awsKMS, base64),
            (.raw, [UInt8](repeating: 7, count: SignatureFormat.largestFile + 1)),
        ]
        for (format, file) in cases {
            guard case .malformed = try outcome(file, format, by: signer) else {
                Issue.record("\(format) took \(printable(file))")
                continue
            }
        }
    }

    @Test(
        "Signatures that the openssl command makes on request count", .requires("openssl"),
        arguments: samples)
    func openssl(sample: (name: String, algorithm: SignatureAlgorithm)) async throws {
        let signer = try Signer(sample: sample.name, algorithm: sample.algorithm)
        let tool = try #require(SigningTool(named: "openssl"))
        try await withTemporaryDirectory { folder in
            let file = Array("\(folder)/it's seal.json".utf8)
            try writeFile(seal.bytes, to: String(decoding: file, as: UTF8.self))
            let key = "\(repositoryRoot)/keys-sample/\(sample.name).pem"
            let request = try tool.request(
                signing: file, with: Array(key.utf8), algorithm: sample.algorithm)
            for command in request.commands { try await runSuccessfully("sh", ["-c", command]) }
            let path = String(decoding: request.signatureFile, as: UTF8.self)
            let signature = try readFile(path)
            #expect(try outcome(signature, request.format, by: signer) == .accepted)
        }
    }

    private func urlSafe(_ bytes: [UInt8]) -> [UInt8] {
        let letters = Base64.encode(bytes).filter { $0 != UInt8(ascii: "=") }
        let replaced: [UInt8: UInt8] = [
            UInt8(ascii: "+"): UInt8(ascii: "-"), UInt8(ascii: "/"): UInt8(ascii: "_"),
        ]
        return letters.map { replaced[$0] ?? $0 }
    }

    /// The two numbers of a DER signature side by side.
    private func concatenated(_ der: [UInt8], _ type: KeyType) throws -> [UInt8] {
        let size = type == .p256 ? 32 : 48
        var rest = der.dropFirst(2)
        var bytes: [UInt8] = []
        for _ in 0..<2 {
            let length = Int(try #require(rest.dropFirst().first))
            let digits = rest.dropFirst(2).prefix(length).suffix(size)
            bytes += [UInt8](repeating: 0, count: size - digits.count) + digits
            rest = rest.dropFirst(2 + length)
        }
        return bytes
    }
}
