import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Time-stamp tokens", .requires("openssl"))
struct TimeStampTests {
    static let message = bytes("a signature")

    @Test("`openssl ts` answers our request, and its answer and the token inside are read")
    func foreign() async throws {
        try await withAuthority { root in
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            let request = try TimeStampRequest.asking(for: Self.message, nonce: [0, 0x80, 1])
            let response = try await authority.answer(request)
            try writeFile(response, to: root.path("response"))
            let bare = try await root.openssl([
                "ts", "-reply", "-in", "response", "-token_out",
            ])
            for file in [response, bare] {
                #expect(TimeStampToken.isLikely(file))
                let token = try TimeStampToken(parsing: file)
                #expect(token.policy == "1.2.3.4.1")
                #expect(token.nonce == [0, 0x80, 1])
                #expect(try token.imprint.isOf(Self.message))
                #expect(try !token.imprint.isOf(Self.message + [0]))
                let signer = try #require(try token.signer(among: []))
                #expect(try signer == read(authority))
                guard case .verifies = try token.verdict(by: signer) else {
                    Issue.record("the token does not verify")
                    return
                }
            }
            try writeFile(request, to: root.path("request"))
            let said = try await root.openssl([
                "ts", "-verify", "-in", "response", "-queryfile", "request", "-CAfile",
                root.own.path,
            ])
            #expect(String(decoding: said, as: UTF8.self).contains("Verification: OK"))
        }
    }

    @Test(
        "an authority's curve goes with the digest that it states, as `openssl ts` has it",
        arguments: ["P-256", "P-384", "P-521"], ["sha256", "sha384", "sha512"])
    func curves(curve: String, digest: String) async throws {
        try await withAuthority { root in
            let authority = try await root.certify(
                "tsa", Authority.timeStampExtensions,
                key: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(curve)"])
            let request = try TimeStampRequest.asking(for: Self.message, nonce: [1])
            let response = try await authority.answer(request, digest: digest)
            let token = try TimeStampToken(parsing: response)
            let name = "ecdsa-" + curve.lowercased().replacing("-", with: "") + "-" + digest
            let algorithm = try #require(SignatureAlgorithm(rawValue: name))
            #expect(try token.verdict(by: read(authority)) == .verifies(algorithm))
            try writeFile(Self.message, to: root.path("message"))
            try writeFile(response, to: root.path("response"))
            let said = try await root.openssl([
                "ts", "-verify", "-in", "response", "-data", "message", "-CAfile", root.own.path,
            ])
            #expect(String(decoding: said, as: UTF8.self).contains("Verification: OK"))
        }
    }

    @Test("a request that was rejected says so")
    func rejected() async throws {
        try await withAuthority { root in
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            let response = try await authority.answer(bytes("no request"))
            #expect(throws: CMSError.notGranted(status: 2)) {
                try TimeStampToken(parsing: response)
            }
        }
    }

    @Test("fractions and accuracy bound the time to whole seconds, exactly")
    func bounds() async throws {
        try await withAuthority { root in
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            let digest = try DigestAlgorithm.sha256.digest(of: Self.message)
            let second: Int64 = 1_780_272_000
            func part(_ tag: UInt8, _ number: UInt8...) -> [UInt8] { der(tag, number) }
            for (fraction, accuracy, early, late) in [
                ("", nil, 0, 0), (".5", nil, 0, 1), (".0000001", nil, 0, 1),
                ("", [], 0, 0), ("", part(0x02, 1), -1, 1), ("", part(0x80, 1), -1, 1),
                ("", part(0x81, 1), -1, 1), (".5", part(0x80, 1, 0xF4), 0, 1),
                (".5", part(0x80, 1, 0xF5), -1, 2), (".999", part(0x80, 1), 0, 1),
                (".9990001", part(0x80, 1), 0, 2), (".000001", part(0x81, 1), 0, 1),
                (".0000019", part(0x81, 1), 0, 1), (".0000009", part(0x81, 1), -1, 1),
                ("", part(0x02, 0x0E, 0x10) + part(0x80, 3, 0xE7) + part(0x81, 0), -3601, 3601),
            ] as [(String, [UInt8]?, Int64, Int64)] {
                let file = try await authority.token(
                    over: digest, at: "20260601000000\(fraction)Z",
                    extensions: accuracy.map { der(0x30, $0) } ?? [])
                let token = try TimeStampToken(parsing: file)
                #expect(token.genTime == second + (fraction.isEmpty ? 0 : 1))
                #expect(token.earliest == second + early, "\(fraction) \(accuracy ?? [])")
                #expect(token.latest == second + late, "\(fraction) \(accuracy ?? [])")
            }
            for wrong in [
                part(0x02, 0xFF), part(0x02, 0, 1), part(0x02, 1, 0, 0, 0, 0), part(0x80, 3, 0xE8),
                part(0x80, 1) + part(0x02, 1), part(0x82, 1), [0x02, 2, 1],
            ] {
                let file = try await authority.token(
                    over: digest, at: "20260601000000Z", extensions: der(0x30, wrong))
                #expect(throws: CMSError.malformed("accuracy of a TSTInfo")) {
                    try TimeStampToken(parsing: file)
                }
            }
        }
    }

    @Test("the time is rounded up to a whole second, and forms that RFC 3161 forbids are refused")
    func times() async throws {
        try await withAuthority { root in
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            let digest = try DigestAlgorithm.sha256.digest(of: Self.message)
            for (time, expected) in [
                "20260601000000Z": 1_780_272_000, "20260601000000.5Z": 1_780_272_001,
                "20260601000000.50Z": nil, "20260601000000+0100": nil, "20261301000000Z": nil,
                "202606010000Z": nil,
            ] as KeyValuePairs<String, Int64?> {
                let file = try await authority.token(over: digest, at: time)
                #expect((try? TimeStampToken(parsing: file))?.genTime == expected, "\(time)")
            }
        }
    }

    @Test("a certificate that only came along is never taken for the signer's")
    func swappedLeaf() async throws {
        try await withAuthority { root in
            try await withAuthority { impostor in
                let honest = try await root.certify("tsa", Authority.timeStampExtensions)
                let forger = try await impostor.certify("tsa", Authority.timeStampExtensions)
                let digest = try DigestAlgorithm.sha256.digest(of: Self.message)
                let file = try await forger.token(
                    over: digest, at: "20260601000000Z", certificates: honest.certificate())
                let token = try TimeStampToken(parsing: file)
                #expect(token.certificates.count == 2)
                #expect(try token.signer(among: []) == read(forger))
                guard case .wrong = try token.verdict(by: read(honest)) else {
                    Issue.record("another's certificate verifies")
                    return
                }
                let anonymous = try await forger.token(
                    over: digest, at: "20260601000000Z", options: [])
                let unnamed = try TimeStampToken(parsing: anonymous)
                #expect(!unnamed.isSignerNamed)
                #expect(try unnamed.signer(among: []) == nil)
            }
        }
    }

    @Test(
        "cut, longer and other files are refused, and thousands of damaged ones prove nothing else")
    func mutated() async throws {
        try await withAuthority { root in
            let authority = try await root.certify("tsa", Authority.timeStampExtensions)
            let request = try TimeStampRequest.asking(for: Self.message, nonce: [7])
            let response = try await authority.answer(request)
            for bad in [response + [0], Array(response.dropLast()), request, []] {
                #expect(throws: CMSError.self) { try TimeStampToken(parsing: bad) }
            }
            let genuine = try TimeStampToken(parsing: response)
            for input in mutations(of: response, seed: 32, count: 20_000) {
                guard let token = try? TimeStampToken(parsing: input),
                    let signer = try token.signer(among: []),
                    case .verifies = try token.verdict(by: signer)
                else { continue }
                #expect(token.genTime == genuine.genTime)
                #expect(token.imprint == genuine.imprint)
            }
        }
    }

    @Test("thousands of damaged certificates and revocation lists are refused or read")
    func mutatedMaterial() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify(
                "leaf", Authority.signerExtensions + ["subjectAltName=email:a@acme.test"])
            let certificate = try read(leaf)
            let list = try RevocationListReading.read(
                await root.revocationList([.init(leaf, at: "260301000000Z")]))
            let issuer = try read(root.own)
            for input in mutations(of: certificate.der, seed: 33, count: 20_000) {
                guard let read = try? Certificate(der: input) else { continue }
                #expect(read.der == input)
            }
            for (index, input) in mutations(of: list.der, seed: 34, count: 20_000).enumerated() {
                guard let read = try? RevocationList(der: input), index < 2_000, read != list
                else { continue }
                #expect(try entries(of: [certificate, issuer], [read]) == [])
            }
        }
    }
}
