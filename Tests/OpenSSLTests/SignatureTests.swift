import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Signatures")
struct SignatureTests {
    @Test("made elsewhere are verified as published", arguments: try fixtures(in: "raw-signatures"))
    func published(fixture: Fixture) throws {
        let name = try #require(fixture["algorithm"])
        let algorithm = try #require(SignatureAlgorithm(rawValue: name))
        let pem = try fixture.bytes("key.pub.pem")
        guard availableAlgorithms.contains(algorithm) else {
            let error = #expect(throws: KeyError.self) { try PublicKey(pem: pem) }
            #expect(error?.description.contains("it came with 3.5") == true)
            return
        }
        let accepted = try PublicKey(pem: pem).accepts(
            fixture.bytes("signature"), over: fixture.bytes("message"), algorithm: algorithm)
        #expect(fixture["result"] == (accepted ? "accepted" : "refused"))
    }

    @Test("hold for their message, key and algorithm only", arguments: availableAlgorithms)
    func binding(algorithm: SignatureAlgorithm) throws {
        let key = try samplePrivateKey(algorithm.keyType)
        let message = bytes("a message")
        let signature = try key.sign(message, algorithm: algorithm)
        #expect(try key.publicKey.accepts(signature, over: message, algorithm: algorithm))
        #expect(
            try !key.publicKey.accepts(signature, over: bytes("a messagf"), algorithm: algorithm))
        #expect(try !key.publicKey.accepts(signature, over: [], algorithm: algorithm))
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(try !key.publicKey.accepts(signature, over: message, algorithm: other))
        }
        for type in availableTypes {
            let other = try PrivateKey.generate(type).publicKey
            #expect(try !other.accepts(signature, over: message, algorithm: algorithm))
        }
    }

    @Test(
        "are refused with a byte more, a byte less or a bit changed", arguments: availableAlgorithms
    )
    func exactBytes(algorithm: SignatureAlgorithm) throws {
        let key = try samplePrivateKey(algorithm.keyType)
        let message = bytes("a message")
        let signature = try key.sign(message, algorithm: algorithm)
        let places = [0, 1, 2, signature.count / 2, signature.count - 1]
        let wrong =
            places.map { flipping(signature, at: $0) }
            + [
                signature + [0], [0] + signature, signature.dropLast(),
                Array(signature.dropFirst()), [],
            ]
        for signature in wrong {
            #expect(try !key.publicKey.accepts(signature, over: message, algorithm: algorithm))
        }
    }

    @Test("are made under no algorithm of another type", arguments: availableTypes)
    func mismatch(type: KeyType) throws {
        let key = try samplePrivateKey(type)
        for algorithm in SignatureAlgorithm.allCases where algorithm.keyType != type {
            var caught: KeyError?
            do { _ = try key.sign([], algorithm: algorithm) } catch { caught = error }
            #expect(caught == .algorithmMismatch(algorithm, type))
        }
    }

    @Test("have an implied algorithm for all types but RSA, whose scheme is to be named")
    func implied() {
        for type in KeyType.allCases {
            let implied = SignatureAlgorithm.implied(by: type)
            #expect((implied == nil) == (type == .rsa))
            #expect(implied == nil || implied?.keyType == type)
        }
        #expect(SignatureAlgorithm(rawValue: "rsa-pss-sha256") == .rsaPSSSHA256)
    }
}
