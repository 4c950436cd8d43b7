import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Signers with certificates", .requires("openssl"))
struct CertificateTests {
    typealias Kind = SignatureResult.Outcome

    @Test("a signer whose certificate leads to the anchor and has a listed name counts")
    func accepted() async throws {
        try await withSigner { root, leaf in
            for member in [
                subjects("CN=leaf,O=Acme"), subjects("email:leaf@acme.test"),
                member("leaf_spki", try SHA256Digest.of(read(leaf).spki).hex),
            ] {
                let policy = try policy(root, [member, needsNoList])
                let result = try await checked(leaf, policy)
                #expect(result.outcome == .accepted)
                #expect(result.counts(for: .archive))
                #expect(result.algorithm == .ecdsaP256SHA256)
                #expect(result.key?.operator == "acme")
                #expect(result.hint == Array("CN=leaf,O=Acme".utf8))
            }
            let stranger = try policy(root, [subjects("CN=other,O=Acme"), needsNoList])
            #expect(try await checked(leaf, stranger).outcome == .unknownKey)
        }
    }

    @Test("a certificate of another authority with the same names is nobody's")
    func otherAnchor() async throws {
        try await withSigner { root, _ in
            try await withSigner { _, forger in
                let policy = try policy(root, [subjects("CN=leaf,O=Acme"), needsNoList])
                #expect(try await checked(forger, policy).outcome == .unknownKey)
            }
        }
    }

    @Test("what a listed signer made over something else, or did not make, fails")
    func otherContent() async throws {
        try await withSigner { root, leaf in
            let policy = try policy(root, [subjects("CN=leaf,O=Acme"), needsNoList])
            let verifier = try verify(policy)
            let file = try await sign(seal.bytes + [0], leaf)
            let other = try verifier.verify(file, as: .cms, over: seal)
            #expect(other.map(\.effect) == [.fails])
            guard case .otherContent? = other.first?.outcome else {
                Issue.record("\(other)")
                return
            }
            var broken = try await sign(seal.bytes, leaf)
            broken[broken.count - 5] ^= 1
            #expect(try verifier.verify(broken, as: .cms, over: seal).map(\.effect) == [.fails])
        }
    }

    @Test("content that comes along must be the content in question, byte for byte")
    func carriedContent() async throws {
        try await withSigner { root, leaf in
            let verifier = try verify(policy(root, [subjects("CN=leaf,O=Acme"), needsNoList]))
            for options in [[], ["-noattr"], ["-stream"], ["-stream", "-noattr"]] {
                let file = try await sign(seal.bytes, leaf, ["-nodetach"] + options)
                func outcome(_ file: [UInt8], over content: SignedContent) throws -> Kind? {
                    try verifier.verify(file, as: .cms, over: content).first?.outcome
                }
                #expect(SignatureFormat.recognise(file) == .format(.cms))
                #expect(try outcome(file, over: seal) == .accepted)
                #expect(
                    try outcome(file, over: .seal(seal.bytes + [0x0A]))
                        == .otherContent(
                            "it carries its content along, which is not the content in question"))
                // With the content in question in place of its own it is over neither.
                let place = try #require(file.firstRange(of: seal.bytes))
                var changed = file
                changed[place.lowerBound] ^= 1
                let other = SignedContent.seal(Array(changed[place]))
                #expect(try outcome(changed, over: other) != .accepted)
                #expect(try outcome(changed, over: seal) != .accepted)
            }
        }
    }

    @Test("the extended key usage has to name a purpose of the policy")
    func purposes() async throws {
        try await withSigner(usage: "emailProtection") { root, leaf in
            let usual = try policy(root, [subjects("CN=leaf,O=Acme"), needsNoList])
            guard case .certificate(.purpose) = try await checked(leaf, usual).outcome else {
                Issue.record("mail certificates do not sign releases")
                return
            }
            for purpose in ["emailProtection", "1.3.6.1.5.5.7.3.4", "any"] {
                let wider = try policy(
                    root,
                    [
                        subjects("CN=leaf,O=Acme"), needsNoList,
                        JSONMember("purposes", .array([JSON(purpose)])),
                    ])
                #expect(try await checked(leaf, wider).outcome == .accepted)
            }
        }
    }

    @Test("without a current list nobody counts, unless the policy needs none")
    func lists() async throws {
        try await withSigner { root, leaf in
            let strict = try policy(root, [subjects("CN=leaf,O=Acme")])
            func outcome(
                _ lists: [[UInt8]], proven: String? = nil, asOf: String = "2026-06-01T00:00:00Z"
            ) async throws -> Kind {
                try await checked(leaf, strict, lists, proven: proven, asOf: asOf).outcome
            }
            func isUnknown(_ outcome: Kind) -> Bool {
                if case .certificate(.revocationUnknown) = outcome { true } else { false }
            }
            #expect(isUnknown(try await outcome([])))
            let current = try await root.revocationList(
                from: "20260501000000Z", to: "20260701000000Z")
            #expect(try await outcome([current]) == .accepted)
            let stale = try await root.revocationList(
                from: "20260301000000Z", to: "20260401000000Z")
            #expect(isUnknown(try await outcome([stale])))
            // Made before the proven time, it cannot tell; made after it, it tells for good.
            let proven = "2026-02-01T00:00:00Z"
            #expect(try await outcome([stale], proven: proven) == .accepted)
            #expect(isUnknown(try await outcome([stale], proven: "2026-03-15T00:00:00Z")))
            let later = try await root.revocationList(
                from: "20260801000000Z", to: "20260901000000Z")
            #expect(isUnknown(try await outcome([later], proven: proven)))
            let delta = try await root.revocationList(extensions: ["2.5.29.27=critical,DER:020101"])
            #expect(isUnknown(try await outcome([delta])))
        }
    }

    @Test("a revocation counts from its time, or from when a stolen key came into doubt")
    func revocations() async throws {
        try await withSigner { root, leaf in
            let strict = try policy(root, [subjects("CN=leaf,O=Acme")])
            func isRevoked(_ reason: String, proven: String?) async throws -> Bool {
                let list = try await root.revocationList(
                    [.init(leaf, at: "260401000000Z", reason: reason)], from: "20260501000000Z",
                    to: "20260701000000Z")
                let outcome = try await checked(leaf, strict, [list], proven: proven).outcome
                if case .certificate(.revoked) = outcome { return true }
                #expect(outcome == .accepted)
                return false
            }
            #expect(try await isRevoked("", proven: nil))
            #expect(try await !isRevoked("", proven: "2026-03-31T23:59:59Z"))
            #expect(try await isRevoked("", proven: "2026-04-01T00:00:00Z"))
            let stolen = ",keyTime,20260201000000Z"
            #expect(try await isRevoked(stolen, proven: "2026-02-01T00:00:00Z"))
            #expect(try await !isRevoked(stolen, proven: "2026-01-31T23:59:59Z"))
        }
    }

    @Test("a certificate that has ended leaves the time unknown until a proof places it")
    func ended() async throws {
        try await withSigner { root, leaf in
            let policy = try policy(root, [subjects("CN=leaf,O=Acme"), needsNoList])
            let late = "2036-01-01T00:00:00Z"
            guard case .timeUnknown = try await checked(leaf, policy, asOf: late).outcome else {
                Issue.record("nothing proves that it is older")
                return
            }
            let proven = try await checked(
                leaf, policy, proven: "2026-02-01T00:00:00Z", asOf: late)
            #expect(proven.outcome == .accepted)
        }
    }

    @Test("a key that the policy has under another operator does not count for this one too")
    func twoOperators() async throws {
        try await withSigner { root, leaf in
            let publicKey = try #require(try read(leaf).publicKey)
            let plain = JSON.object([
                member("id", "plain"), member("operator", "other"), member("format", "spki"),
                JSONMember("key", .string(publicKey.pem)),
            ])
            let policy = try policy(root, [subjects("CN=leaf,O=Acme"), needsNoList], beside: plain)
            guard case .certificate(.chain) = try await checked(leaf, policy).outcome else {
                Issue.record("one key, two operators")
                return
            }
        }
    }

    @Test("one certificate of two entries counts if both say the same of its operator and end")
    func twoEntries() async throws {
        try await withSigner { root, leaf in
            func outcome(_ operator: String, _ members: [JSONMember] = []) async throws -> Kind {
                let holder = member("leaf_spki", try SHA256Digest.of(read(leaf).spki).hex)
                let second = JSON.object(
                    [
                        member("id", "second"), member("operator", `operator`),
                        member("format", "x509"), holder, needsNoList,
                        JSONMember("key", .string(try root.own.certificate())),
                    ] + members)
                let policy = try policy(
                    root, [subjects("CN=leaf,O=Acme"), needsNoList], beside: second)
                return try await checked(leaf, policy).outcome
            }
            #expect(try await outcome("acme") == .accepted)
            let gone = revoked("2026-01-01T00:00:00Z", "superseded")
            for refused in try await [outcome("other"), outcome("acme", [gone])] {
                guard case .certificate(.chain(let reason)) = refused else {
                    Issue.record("\(refused)")
                    continue
                }
                #expect(reason.contains("second"))
            }
        }
    }

    @Test("a policy entry needs a holder, known purposes and a certificate")
    func entries() async throws {
        try await withSigner { root, leaf in
            let name = subjects("CN=leaf")
            for members in [
                [], [subjects()], [name, member("leaf_spki", "00")], [member("leaf_spki", "00")],
                [name, member("revocation", "ocsp")],
                [name, JSONMember("purposes", .array(["signing"]))],
                [name, JSONMember("purposes", .array([]))], [name, member("extra", "x")],
            ] {
                #expect(throws: TrustError.self) { try policy(root, members) }
            }
            let key = JSON.object([
                member("id", "a"), member("operator", "a"), member("format", "x509"), name,
                JSONMember("key", .string(try read(leaf).publicKey?.pem ?? [])),
            ])
            #expect(throws: TrustError.self) {
                try SignaturesTests.policy([key], roles: ["release": rule(["a"])])
            }
        }
    }

    @Test("a CMS file is recognised by its content, and a token is none")
    func recognised() async throws {
        try await withSigner { root, leaf in
            let file = try await sign(seal.bytes, leaf)
            #expect(SignatureFormat.recognise(file) == .format(.cms))
            let pem = try await sign(seal.bytes, leaf, form: "PEM")
            #expect(SignatureFormat.recognise(pem) == .format(.cms))
            let token = try await root.certify("tsa", Authority.timeStampExtensions)
                .token(over: SHA256Digest.of(file).bytes, at: "20260101000000Z")
            #expect(SignatureFormat.recognise(token) != .format(.cms))
        }
    }

    @Test("what we sign counts here")
    func ours() async throws {
        try await withSigner { root, leaf in
            let policy = try policy(root, [subjects("CN=leaf,O=Acme"), needsNoList])
            let key = try PrivateKey(parsing: leaf.key(), passphrase: nil)
            let file = try SignatureFormat.signCMS(
                seal, with: key, certificates: [read(leaf)], algorithm: .ecdsaP256SHA256)
            let results = try verify(policy).verify(file, as: .cms, over: seal)
            #expect(results.map(\.outcome) == [.accepted])
        }
    }

    private func checked(
        _ leaf: Authority.Certified, _ policy: TrustPolicy, _ lists: [[UInt8]] = [],
        proven: String? = nil, asOf: String = "2026-06-01T00:00:00Z"
    ) async throws -> SignatureResult {
        var material = UntrustedCertificates()
        for list in lists { try material.add(list) }
        let verifier = SignatureVerifier(
            policy: policy, asOf: try at(asOf), release: "payments", material: material)
        let proofs = try proven.map {
            [TimeProof(instant: try at($0), source: .witness(keyID: "w"), operator: "w")]
        }
        let results = try await verifier.verify(
            sign(seal.bytes, leaf), as: .cms, over: seal, proofs: proofs ?? [])
        return try #require(results.first)
    }
}

private let needsNoList = member("revocation", "none")

private func subjects(_ names: String...) -> JSONMember {
    JSONMember("subjects", .array(names.map { JSON($0) }))
}

private func policy(
    _ root: Authority, _ members: [JSONMember], beside other: JSON? = nil
) throws -> TrustPolicy {
    let entry = JSON.object(
        [
            member("id", "acme-ca"), member("operator", "acme"), member("format", "x509"),
            JSONMember("key", .string(try root.own.certificate())),
        ] + members)
    return try SignaturesTests.policy(
        [entry] + [other].compactMap(\.self), roles: ["archive": rule(["acme-ca"])])
}

private func withSigner(
    usage: String = "codeSigning",
    _ body: (Authority, Authority.Certified) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let root = try await Authority.root(in: folder)
        let leaf = try await root.certify(
            "leaf",
            [
                "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                "extendedKeyUsage=\(usage)", "subjectAltName=email:leaf@acme.test",
            ])
        try await body(root, leaf)
    }
}

/// Reads a certificate that an authority made.
func read(_ certified: Authority.Certified) throws -> Certificate {
    try Certificate(parsing: certified.certificate())
}

/// A CMS signature by `openssl cms` over the bytes as they are.
func sign(
    _ content: [UInt8], _ leaf: Authority.Certified, _ options: [String] = [],
    form: String = "DER"
) async throws -> [UInt8] {
    try await runSuccessfully(
        "openssl",
        [
            "cms", "-sign", "-binary", "-outform", form, "-md", "sha256", "-signer", leaf.path,
            "-inkey", leaf.keyPath,
        ] + options, stdin: content)
}
