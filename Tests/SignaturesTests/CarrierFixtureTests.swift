import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Signatures as services hand them out")
struct CarrierFixtureTests {
    @Test(
        "A reply of a service is recognised by its content and verified as expected",
        arguments: try fixtures(in: "signature-carriers"))
    func carrier(fixture: Fixture) throws {
        let file = try fixture.bytes("signature")
        let format = try #require(SignatureFormat(named: fixture["format"] ?? ""))
        let algorithm = try #require(SignatureAlgorithm(rawValue: fixture["algorithm"] ?? ""))
        #expect(SignatureFormat.recognise(file) == .format(format))
        let policy = try TrustPolicy.single(fixture.bytes("key.pub.pem"), algorithm: algorithm)
        let content = SignedContent.seal(try fixture.bytes("message"))
        let results = try verify(policy).verify(file, as: format, over: content)
        #expect(results.map(\.outcome.name) == fixture.values("outcome"))
    }
}
