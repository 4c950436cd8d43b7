import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The reason that is given is the one for which a signature does not count, for every format.
@Suite("Why a signature does not count", .requires("openssl"))
struct ReasonTests {
    private func outcome(
        _ file: [UInt8], _ format: SignatureFormat, by keys: [JSON],
        over content: SignedContent = seal,
        _ material: UntrustedCertificates = UntrustedCertificates()
    ) throws -> SignatureResult {
        let ids = keys.compactMap { key -> String? in
            guard case .string(let id)? = key["id"] else { return nil }
            return String(decoding: id, as: UTF8.self)
        }
        let policy = try policy(keys, roles: ["release": rule(ids)])
        let verifier = SignatureVerifier(
            policy: policy, asOf: try at("2026-06-01T00:00:00Z"), release: nil, material: material)
        return try #require(verifier.verify(file, as: format, over: content).first)
    }

    @Test("A plain key made a CMS signature: only certificates count, which the policy lacks")
    func plainKeyOfCMS() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify("leaf")
            let signer = try Signer(pem: leaf.key())
            let file = try SignatureFormat.signCMS(
                seal, with: signer.key(), certificates: [read(leaf)], algorithm: signer.algorithm)
            let result = try outcome(file, .cms, by: [signer.entry("k")])
            #expect(
                result.outcome.described
                    == "notAcceptable: the key of k made it, and CMS signatures count only through "
                    + "certificates")
            #expect(result.remedy?.contains("x509") == true)
            let stranger = try outcome(file, .cms, by: [Signer().entry("k")])
            #expect(stranger.outcome == .unknownKey)
        }
    }

    @Test("An RSA key made it with another of its algorithms, and the policy can name that one")
    func otherAlgorithm() throws {
        let made = try Signer(sample: "rsa2048", algorithm: .rsaPKCS1SHA256)
        let trusted = try Signer(sample: "rsa2048", algorithm: .rsaPSSSHA256)
        let words =
            "notAcceptable: key k made it with rsa-pkcs1-sha256, and the policy takes "
            + "rsa-pss-sha256 of this key"
        for (format, file) in [
            (SignatureFormat.raw, try made.sign(seal.bytes)),
            (.dsse, try made.envelope().bytesWithoutKeyIDs),
        ] {
            let result = try outcome(file, format, by: [trusted.entry("k")])
            #expect(result.outcome.described == words, "\(format)")
            #expect(result.remedy?.contains("--algorithm rsa-pkcs1-sha256") == true)
            #expect(result.effect == .ignored)
        }
        let named = try outcome(made.envelope().encoded, .dsse, by: [trusted.entry("k")])
        #expect(named.outcome.described == words)
        let other = try trusted.envelope(.seal(seal.bytes + [0]))
        #expect(try outcome(other.encoded, .dsse, by: [trusted.entry("k")]).effect == .fails)
    }

    @Test("A curve's key made it with another digest", arguments: ["p256", "p384", "p521"])
    func otherDigest(sample: String) throws {
        let signer = try Signer(sample: sample)
        let type = signer.publicKey.type
        for digest in [DigestAlgorithm.sha256, .sha384, .sha512] {
            let algorithm = try #require(SignatureAlgorithm.ecdsa(type, digest))
            let file = try signer.key().sign(seal.bytes, algorithm: algorithm)
            let entry = signer.entry("k")
            let outcome = try outcome(file, .raw, by: [entry]).outcome
            let named = try self.outcome(
                file, .raw,
                by: [signer.entry("k", [member("algorithm", algorithm.rawValue)])]
            ).outcome
            #expect(named == .accepted)
            if algorithm == signer.algorithm {
                #expect(outcome == .accepted)
            } else {
                #expect(outcome.reason.contains("made it with \(algorithm.rawValue)"))
            }
        }
    }

    @Test("A salt of another length counts where it is recovered, and is the reason elsewhere")
    func salts() async throws {
        let signer = try Signer(sample: "rsa2048", algorithm: .rsaPSSSHA256)
        func signed(_ message: [UInt8]) async throws -> [UInt8] {
            try await runSuccessfully(
                "openssl",
                [
                    "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                    "rsa_pss_saltlen:20", "-sign", "\(repositoryRoot)/keys-sample/rsa2048.pem",
                ], stdin: message)
        }
        let plain = try await signed(seal.bytes)
        for (format, file) in [
            (SignatureFormat.raw, plain), (.rawBase64, Base64.encode(plain)),
            (.vault, Array("vault:v1:".utf8) + Base64.encode(plain)),
        ] {
            #expect(try outcome(file, format, by: [signer.entry("k")]).outcome == .accepted)
        }
        let reply: JSON = [
            "KeyId": "k", "Signature": .string(Base64.encode(plain)),
            "SigningAlgorithm": "RSASSA_PSS_SHA_256",
        ]
        let type = Array("application/vnd.in-toto+json".utf8)
        let input = DSSEEnvelope.signingInput(payloadType: type, payload: seal.bytes)
        let envelope: JSON = [
            "payload": .string(Base64.encode(seal.bytes)), "payloadType": .string(type),
            "signatures": [["sig": .string(Base64.encode(try await signed(input)))]],
        ]
        for (format, file) in [
            (SignatureFormat.awsKMS, reply.canonicalBytes), (.dsse, envelope.canonicalBytes),
        ] {
            let outcome = try outcome(file, format, by: [signer.entry("k")]).outcome
            #expect(
                outcome.described
                    == "notAcceptable: its RSA-PSS salt is not the 32 bytes of rsa-pss-sha256",
                "\(format)")
        }
    }

    @Test("The signer's certificate is not in the file: it is found elsewhere, or named")
    func missingCertificate() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify("leaf")
            let file = try await runSuccessfully(
                "openssl",
                [
                    "cms", "-sign", "-binary", "-nocerts", "-outform", "DER", "-signer", leaf.path,
                    "-inkey", leaf.keyPath,
                ], stdin: seal.bytes)
            let certificate = try read(leaf)
            let entry: JSON = [
                "id": "k", "operator": "k", "format": "x509",
                "key": .string(try root.own.certificate()),
                "leaf_spki": JSON(try SHA256Digest.of(certificate.spki).hex), "revocation": "none",
                "purposes": ["any"],
            ]
            let missing = try outcome(file, .cms, by: [entry])
            #expect(missing.outcome.name == "notAcceptable")
            #expect(missing.outcome.reason.contains("its signer's certificate, issued by "))
            #expect(missing.outcome.reason.contains("serial number"))
            #expect(missing.canStillCount)
            let found = try outcome(
                file, .cms, by: [entry], UntrustedCertificates(certificates: [certificate]))
            #expect(found.outcome == .accepted)
        }
    }

    @Test("The algorithm that is named is the signer's and not the anchor's")
    func signersAlgorithm() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify(
                "leaf", key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
            let signer = try Signer(pem: leaf.key(), algorithm: .rsaPKCS1SHA512)
            let file = try SignatureFormat.signCMS(
                seal, with: signer.key(), certificates: [read(leaf)], algorithm: signer.algorithm)
            func entry(_ members: [JSONMember]) throws -> JSON {
                .object(
                    [
                        JSONMember("id", "k"), JSONMember("operator", "k"),
                        JSONMember("format", "x509"),
                        JSONMember("key", .string(try root.own.certificate())),
                        JSONMember(
                            "leaf_spki", JSON(try SHA256Digest.of(read(leaf).spki).hex)),
                        JSONMember("revocation", "none"),
                    ] + members)
            }
            let purpose = try outcome(
                file, .cms, by: [entry([JSONMember("purposes", ["emailProtection"])])])
            #expect(purpose.outcome.name == "certificate")
            #expect(purpose.algorithm == .rsaPKCS1SHA512)
            let narrow = try outcome(
                file, .cms,
                by: [entry([JSONMember("algorithms", ["ecdsa-p256-sha256", "rsa-pss-sha256"])])])
            #expect(
                narrow.outcome.described
                    == "notAcceptable: it is made with rsa-pkcs1-sha512, and the policy takes "
                    + "ecdsa-p256-sha256, rsa-pss-sha256 of this entry")
            let wide = try outcome(
                file, .cms, by: [entry([JSONMember("algorithms", ["rsa-pkcs1-sha512"])])])
            #expect(wide.outcome == .accepted)
            for bad: JSON in [[], ["rsa"], "rsa-pss-sha256"] {
                #expect(throws: TrustError.self) {
                    try outcome(file, .cms, by: [entry([JSONMember("algorithms", bad)])])
                }
            }
        }
    }

    @Test("A key of OpenPGP version 6 in the ring leaves the others as they are, and is named")
    func version6() throws {
        let maker = try OpenPGPMaker()
        let newer = OpenPGPMaker.packet(6, [6] + (try OpenPGPMaker().keyBody.dropFirst()))
        let ring = openPGPText(try maker.key() + newer)
        let outcomes = try openPGPOutcomes(maker.file() + maker.file(version: 6), key: ring)
        #expect(
            outcomes.map(\.described) == [
                "accepted: verifies",
                "notAcceptable: version 6 of OpenPGP is not accepted, only version 4",
            ])
    }

    @Test("Two numbers side by side are read as DER by nobody, whatever they happen to look like")
    func sideBySide() throws {
        for sample in ["p384", "p521"] {
            let signer = try Signer(sample: sample)
            for round in UInt8(0)..<4 {
                let content = SignedContent.file([round])
                let der = try signer.sign(content.bytes)
                let (r, s) = try #require(PublicKey.ecdsaNumbers(of: der))
                let size = sample == "p384" ? 48 : 66
                func padded(_ number: [UInt8]) -> [UInt8] {
                    [UInt8](repeating: 0, count: size - number.count) + number
                }
                let text = Base64.encode(padded(r) + padded(s)).filter { $0 != UInt8(ascii: "=") }
                    .map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 }
                    .map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
                #expect(SignatureFormat.recognise(text) == .unknown)
                #expect(
                    try outcome(text, .azureKeyVault, by: [signer.entry("k")], over: content)
                        .outcome == .accepted)
                let raw = try outcome(
                    padded(r) + padded(s), .raw, by: [signer.entry("k")], over: content)
                #expect(raw.outcome.reason.contains("side by side"))
            }
            // Without any letter in which the two alphabets differ it is no other format either.
            let plain = [UInt8](repeating: UInt8(ascii: "A"), count: sample == "p384" ? 128 : 176)
            #expect(SignatureFormat.recognise(plain) == .unknown)
        }
    }
}

extension DSSEEnvelope {
    /// The same envelope, whose signatures say nothing of their keys.
    fileprivate var bytesWithoutKeyIDs: [UInt8] {
        let envelope: JSON = [
            "payload": .string(Base64.encode(payload)), "payloadType": .string(payloadType),
            "signatures": .array(signatures.map { ["sig": .string(Base64.encode($0.bytes))] }),
        ]
        return envelope.canonicalBytes
    }
}
