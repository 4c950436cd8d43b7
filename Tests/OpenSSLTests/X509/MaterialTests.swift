import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Certificates at hand", .requires("openssl"))
struct MaterialTests {
    /// The same certificate under other serial numbers; nobody signed these.
    private func variants(of certificate: Certificate, count: Int) throws -> [Certificate] {
        // The serial number of 20 bytes stands behind the version, which is 3.
        let place = try #require(
            certificate.der.indices.first {
                certificate.der[$0...].starts(with: [0xA0, 3, 2, 1, 2, 2, 20])
            })
        return try (0..<count).map { number in
            var der = certificate.der
            der.replaceSubrange(
                place + 10..<place + 12, with: [UInt8(number / 256), UInt8(number % 256)])
            return try Certificate(der: der)
        }
    }

    private func signer(
        _ root: Authority, _ leaf: Authority.Certified, _ options: [String]
    ) async throws -> SignerInfo {
        let file = try await root.openssl(
            [
                "cms", "-sign", "-binary", "-outform", "DER", "-nocerts", "-signer", leaf.path,
                "-inkey", leaf.keyPath,
            ] + options, stdin: [1])
        return try #require(try SignedData(parsing: file).signers.first)
    }

    @Test("are found by the name that a signer has for its own, among any number")
    func named() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let certificate = try read(leaf)
            let others = try variants(of: certificate, count: 300)
            let material = UntrustedCertificates(certificates: others + [certificate])
            let byName = try await signer(root, leaf, [])
            #expect(try byName.certificates(among: [], and: material) == [certificate])
            #expect(try byName.certificates(among: [certificate], and: material) == [certificate])
            // One key certified 300 times over: eight of them are tried, and no more.
            let byKey = try await signer(root, leaf, ["-keyid"])
            #expect(try byKey.certificates(among: [], and: material) == Array(others.prefix(8)))
            #expect(
                try byKey.certificates(among: [certificate], and: material)
                    == [certificate] + others.prefix(7))
        }
    }

    @Test("that may be above others are those of their issuers, as many as are looked at")
    func issuers() async throws {
        try await withAuthority { root in
            let upper = try await root.authority(named: "upper")
            let lower = try await upper.authority(named: "lower")
            let leaf = try read(await lower.certify("leaf"))
            let line = try [lower, upper, root].map { try read($0.own) }
            let strangers = try variants(of: read(await root.certify("stranger")), count: 100)
            let material = UntrustedCertificates(certificates: strangers + line.reversed())
            #expect(material.issuers(of: [leaf]) == line)
            #expect(material.issuers(of: [line[2]]) == [line[2]])
            // What came along with a signature may itself be below others.
            let upwards = UntrustedCertificates(certificates: Array(line.dropFirst()))
            #expect(upwards.issuers(of: [leaf]) == [])
            #expect(upwards.issuers(of: [leaf, line[0]]) == Array(line.dropFirst()))
            let many = UntrustedCertificates(certificates: try variants(of: line[0], count: 1100))
            #expect(many.issuers(of: [leaf]).count == UntrustedCertificates.mostIssuers)
        }
    }
}
