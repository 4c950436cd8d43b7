import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Private keys of OpenSSH")
struct OpenSSHKeyTests {
    private func generated(
        _ kind: String, passphrase: String = "", in folder: String
    ) async throws -> [UInt8] {
        let arguments = ["-q", "-N", passphrase, "-C", "me@here", "-f", "key", "-t"]
        try await runSuccessfully(
            "ssh-keygen", arguments + kind.split(separator: " ").map { String($0) },
            workingDirectory: folder)
        return try readFile("\(folder)/key")
    }

    @Test(
        "A key that ssh-keygen makes signs here, and its public half is the one in the .pub file",
        .requires("ssh-keygen"),
        arguments: [
            ("ed25519", KeyType.ed25519), ("ecdsa -b 256", .p256), ("ecdsa -b 384", .p384),
            ("rsa -b 2048", .rsa), ("rsa -b 3072", .rsa),
        ])
    func reading(kind: String, type: KeyType) async throws {
        try await withTemporaryDirectory { folder in
            let file = try await generated(kind, in: folder)
            #expect(PrivateKey.isLikely(in: file))
            #expect(throws: KeyError.isPrivate) { try PublicKey(pem: file) }
            let key = try PrivateKey(parsing: file, passphrase: nil)
            #expect(key.publicKey.type == type)
            let algorithm = SignatureAlgorithm.implied(by: type) ?? .rsaPKCS1SHA512
            let message = Array("message".utf8)
            let signature = try key.sign(message, algorithm: algorithm)
            #expect(try key.publicKey.accepts(signature, over: message, algorithm: algorithm))
            if type != .ed25519 {
                let theirs = try await runSuccessfully(
                    "ssh-keygen", ["-e", "-m", "PKCS8", "-f", "key.pub"], workingDirectory: folder)
                #expect(theirs == key.publicKey.pem)
            }
        }
    }

    @Test(
        "An encrypted key and a type that is not in the list are unsupported by name",
        .requires("ssh-keygen"), arguments: [("ed25519", "secret"), ("dsa", "")])
    func unsupported(kind: String, passphrase: String) async throws {
        try await withTemporaryDirectory { folder in
            let file = try await generated(kind, passphrase: passphrase, in: folder)
            do {
                let key = try PrivateKey(parsing: file, passphrase: Array("secret".utf8))
                Issue.record("read as \(key.publicKey.type)")
            } catch KeyError.unsupported(let what) {
                #expect(what.contains("OpenSSH"))
            }
        }
    }

    @Test(
        "thousands of damaged keys are read or refused, and none that is read signs wrongly",
        .requires("ssh-keygen"))
    func mutated() async throws {
        try await withTemporaryDirectory { folder in
            let file = try await generated("ecdsa -b 256", in: folder)
            let tokens = ["AAAAB", "AAAA", "\n", "=", "-----END OPENSSH PRIVATE KEY-----"]
            var readable = 0
            for copy in mutations(of: file, seed: 71, count: 20_000, tokens: tokens) {
                guard let key = try? PrivateKey(parsing: copy, passphrase: nil) else { continue }
                readable += 1
                #expect(key.publicKey.type == .p256)
            }
            #expect(readable > 0)
        }
    }
}
