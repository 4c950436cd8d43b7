import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@testable import CloseoutConsole

@Suite("Bytes of a provider")
struct TokenTests {
    /// The public key of RFC 8037, appendix A, under an id.
    private static let keys = """
        {"keys": [{"kty": "OKP", "kid": "k", "crv": "Ed25519", "alg": "EdDSA",
          "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}, {"kty": "EC", "kid": "e", "crv": "P-256",
          "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """

    private static func demands() throws -> IDToken.Demands {
        IDToken.Demands(
            issuer: "https://id.example.com", clientID: "closeout", algorithms: [.edDSA, .es256],
            groupsClaim: "groups", nonce: Array("n".utf8), now: try instant())
    }

    /// A token by a new key, with the set of keys that has it.
    private static func token(_ claims: String, head: String) throws -> ([UInt8], WebKeySet) {
        let key = try PrivateKey.generate(.ed25519)
        let signed = base64URL(Array(head.utf8)) + "." + base64URL(Array(claims.utf8))
        let signature = try key.sign(Array(signed.utf8), algorithm: .ed25519)
        let set = """
            {"keys": [{"kty": "OKP", "kid": "k", "crv": "Ed25519",
             "x": "\(base64URL(try #require(key.publicKey.rawEd25519)))"}]}
            """
        return (
            Array("\(signed).\(base64URL(signature))".utf8),
            try WebKeySet(parsing: Array(set.utf8))
        )
    }

    @Test("a token that was changed anywhere is never believed")
    func changedTokens() throws {
        let second = try instant().secondsSince1970
        let claims = """
            {"iss": "https://id.example.com", "aud": "closeout", "sub": "u", "nonce": "n", "iat": \(second),
             "exp": \(second + 60), "groups": ["a", "b"]}
            """
        let (token, keys) = try Self.token(claims, head: #"{"alg": "EdDSA", "kid": "k"}"#)
        let read = try IDToken(token, signedBy: keys, Self.demands())
        #expect(read.subject == "u" && read.groups.count == 2 && !read.lacksGroups)
        for changed in mutations(of: token, seed: 1, count: 4_000) where changed != token {
            #expect(throws: IDToken.Refusal.self) {
                try IDToken(changed, signedBy: keys, Self.demands())
            }
        }
        // Whoever has the key can still not write what is read in two ways, or is no JSON.
        for text in mutations(of: Array(claims.utf8), seed: 1, count: 2_000) {
            let (token, keys) = try Self.token(
                String(decoding: text, as: UTF8.self), head: #"{"alg": "EdDSA", "kid": "k"}"#)
            _ = try? IDToken(token, signedBy: keys, Self.demands())
        }
    }

    @Test("a set of keys has only keys for signatures, each id once")
    func sets() throws {
        let set = try WebKeySet(parsing: Array(Self.keys.utf8))
        #expect(
            set[Array("k".utf8)]?.algorithm == .edDSA && set[Array("e".utf8)]?.key.type == .p256)
        for changed in mutations(of: Array(Self.keys.utf8), seed: 1, count: 4_000) {
            _ = try? WebKeySet(parsing: changed)
        }
        let same = Self.keys.replacing("\"kid\": \"e\"", with: "\"kid\": \"k\"")
        #expect(throws: WebKeySet.Refusal.sameID) { try WebKeySet(parsing: Array(same.utf8)) }
        for text in ["", "[]", "{}", "{\"keys\": {}}", "{\"keys\": []} x"] {
            #expect(throws: WebKeySet.Refusal.malformed) {
                try WebKeySet(parsing: Array(text.utf8))
            }
        }
        let many = "{\"keys\": [" + Array(repeating: "{}", count: 65).joined(separator: ",") + "]}"
        #expect(throws: WebKeySet.Refusal.tooMany) { try WebKeySet(parsing: Array(many.utf8)) }
        let nobody = try WebKeySet(
            parsing: Array("{\"keys\": [{\"kty\": \"oct\", \"kid\": \"k\"}]}".utf8))
        #expect(nobody.isEmpty)
    }

    @Test("settings of a login that were changed anywhere end nothing")
    func settings() {
        let text = """
            {"kind": "closeout/login/v1", "issuer": "https://id.example.com", "client_id": "c", "ports": [443],
             "client_secret": {"env": "X"}, "roles": {"viewer": ["g"]}, "allow_addresses": ["10.0.0.0/8"],
             "algorithms": ["RS256"], "session_minutes": 5}
            """
        for changed in mutations(of: Array(text.utf8), seed: 1, count: 4_000) {
            _ = try? LoginSettings(parsing: changed) { _ in Array("secret".utf8) }
        }
    }
}
