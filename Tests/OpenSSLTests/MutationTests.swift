import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// Thousands of damaged inputs for each decoder: none may crash, hang, or be taken for what it is not.
@Suite("Damaged inputs")
struct MutationTests {
    static let types: [KeyType] = [.ed25519, .p256, .p384, .rsa]

    @Test("public keys in DER are refused or have one spelling", arguments: types)
    func publicKeys(type: KeyType) throws {
        let spki = try samplePublicKey(type).spki
        for input in mutations(of: spki, seed: 1, count: 20_000) {
            guard let key = try? PublicKey(spki: input) else { continue }
            #expect(key.spki == input)
        }
    }

    @Test("public keys in PEM are refused or mean the same when written again")
    func publicKeysInPEM() throws {
        let pem = try samplePublicKey(.ed25519).pem
        let tokens = ["-----BEGIN ", "-----END ", "PUBLIC KEY-----\n", "Proc-Type: 4\n", "=", "=="]
        for input in mutations(of: pem, seed: 2, count: 20_000, tokens: tokens) {
            guard let key = try? PublicKey(pem: input) else { continue }
            #expect(try PublicKey(pem: key.pem) == key)
        }
    }

    @Test("private keys are refused or can be written again", arguments: types)
    func privateKeys(type: KeyType) async throws {
        let der = try await privateDER(type)
        let pem = try readFile(samplePath(sampleName(type) + ".pem"))
        let count = type == .rsa ? 2_000 : 6_000
        for (seed, sample) in zip(3..., [der, pem]) {
            for input in mutations(of: sample, seed: UInt64(seed), count: count) {
                _ = PrivateKey.isLikely(in: input)
                guard let key = try? PrivateKey(parsing: input, passphrase: nil) else { continue }
                _ = try key.pem(passphrase: nil)
            }
        }
    }

    @Test("encrypted private keys are refused, and quickly")
    func encryptedPrivateKeys() async throws {
        let der = try await runSuccessfully(
            "openssl",
            [
                "pkcs8", "-topk8", "-iter", "1", "-outform", "DER", "-passout", "pass:x",
                "-in", samplePath("p256.pem"),
            ])
        for input in mutations(of: der, seed: 5, count: 20_000) where input != der {
            _ = try? PrivateKey(parsing: input, passphrase: bytes("x")).publicKey
        }
    }

    @Test("signatures are refused unless they are one", arguments: types)
    func signatures(type: KeyType) throws {
        let message = bytes("a message")
        let algorithm = SignatureAlgorithm.implied(by: type) ?? .rsaPSSSHA256
        let key = try samplePrivateKey(type)
        let signature = try key.sign(message, algorithm: algorithm)
        for input in mutations(of: signature, seed: 6, count: 20_000) where input != signature {
            let accepted = try key.publicKey.accepts(input, over: message, algorithm: algorithm)
            #expect(!accepted)
        }
    }
}
