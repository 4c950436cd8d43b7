import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("A certificate for this machine", .requires("openssl"))
struct LoopbackCertificateTests {
    @Test("is one that openssl trusts by itself, for localhost and 127.0.0.1 and for servers alone")
    func accepted() async throws {
        let key = try PrivateKey.generate(.p256)
        let pem = try LoopbackCertificate.pem(of: key, from: "200101000000", to: "491231235959")
        try await withTemporaryDirectory { folder in
            try writeFile(String(decoding: pem, as: UTF8.self), to: folder + "/c.pem")
            for name in [["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"]] {
                let result = try await run(
                    "openssl",
                    ["verify", "-purpose", "sslserver", "-CAfile", "c.pem"] + name
                        + ["c.pem"], workingDirectory: folder)
                #expect(result.status == 0, "\(result.stderrText)")
            }
            let client = try await run(
                "openssl", ["verify", "-purpose", "sslclient", "-CAfile", "c.pem", "c.pem"],
                workingDirectory: folder)
            #expect(client.status != 0)
            let shown = try await run(
                "openssl", ["x509", "-in", "c.pem", "-noout", "-enddate"],
                workingDirectory: folder)
            #expect(shown.stdoutText == "notAfter=Dec 31 23:59:59 2049 GMT\n")
        }
    }

    @Test("is not made with a key that cannot sign it")
    func otherKey() throws {
        let key = try PrivateKey.generate(.ed25519)
        #expect(throws: KeyError.self) {
            try LoopbackCertificate.pem(of: key, from: "200101000000", to: "491231235959")
        }
    }
}
