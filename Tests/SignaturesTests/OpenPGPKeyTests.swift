import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("OpenPGP keys by gpg", .requires("gpg"), .requires("gpgv"), .requires("gpgconf"))
struct OpenPGPKeyTests {
    private let user = "a@example.org"

    @Test("A subkey that alone may sign counts; its primary key vouches for it")
    func subkey() async throws {
        try await withOpenPGP { tool in
            try await tool.generate(user, "rsa3072", usage: "cert")
            let fingerprint = try await tool.fingerprint(of: user)
            try await tool.gpg(["--quick-add-key", fingerprint, "ed25519", "sign", "never"])
            try await tool.gpg(["--quick-add-key", fingerprint, "cv25519", "encr", "never"])
            let key = try await tool.publicKeys(of: user)
            let file = try await tool.sign(seal.bytes, as: user)
            #expect(try await tool.accepts(file, over: seal.bytes))
            #expect(try openPGPOutcomes(file, key: key) == [.accepted])
        }
    }

    @Test("The policy's window counts for a key, and not the key's own clock")
    func expired() async throws {
        try await withOpenPGP { tool in
            let past = ["--faked-system-time", "20200101T000000!"]
            try await tool.generate(user, expires: "1y", past)
            let file = try await tool.sign(seal.bytes, as: user, options: past)
            let key = try await tool.publicKeys(of: user)
            #expect(try openPGPOutcomes(file, key: key) == [.accepted])
            let window = [member("not_after", "2021-01-01T00:00:00Z")]
            let late = try openPGPOutcomes(file, key: key, window)
            #expect(
                late == [
                    .timeUnknown(
                        "it is unknown whether it was signed before 2021-01-01T00:00:00Z: "
                            + "nothing proves that it is older")
                ])
            let proof = TimeProof(
                instant: try at("2020-06-01T00:00:00Z"), source: .witness(keyID: "w"),
                operator: "w")
            #expect(
                try openPGPOutcomes(file, key: key, proofs: [proof], window) == [.accepted])
        }
    }

    /// What gpg's menu calls the reasons, and what they come to.
    @Test(
        "A revoked key counts only for what is proven to be older, as if the policy revoked it",
        arguments: [
            ("0", "keyCompromise"), ("1", "keyCompromise"), ("2", "superseded"),
            ("3", "cessationOfOperation"),
        ])
    func revoked(choice: (menu: String, reason: String)) async throws {
        try await withOpenPGP { tool in
            try await tool.generate(user)
            let file = try await tool.sign(seal.bytes, as: user)
            let certificate = try await tool.gpg(
                ["--gen-revoke", user], stdin: Array("y\n\(choice.menu)\n\ny\n".utf8),
                answers: true)
            try await tool.gpg(["--import"], stdin: certificate)
            // gpgv takes every key of its ring, revoked or not; gpg says that it is revoked.
            let oracle = try await run(
                "gpg",
                ["--homedir", tool.home, "--batch", "--status-fd", "1", "--verify"]
                    + [try tool.store(file, "s"), try tool.store(seal.bytes, "m")])
            #expect(oracle.stdoutText.contains("[GNUPG:] REVKEYSIG "))
            let key = try await tool.publicKeys(of: user)
            let outcome = try #require(openPGPOutcomes(file, key: key, asOf: future).first)
            guard case .revoked(let reason) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(reason.contains("was revoked (\(choice.reason)) at "))
            let proof = TimeProof(
                instant: try at("2026-01-01T00:00:00Z"), source: .witness(keyID: "w"),
                operator: "w")
            #expect(
                try openPGPOutcomes(file, key: key, asOf: future, proofs: [proof]) == [.accepted])
            let earlier = try openPGPOutcomes(file, key: key, asOf: "2026-01-01T00:00:00Z")
            #expect((earlier == [.accepted]) == (choice.reason != "keyCompromise"))
        }
    }

    /// Later than any clock at which these tests run.
    private let future = "2099-01-01T00:00:00Z"

    @Test("A revoked subkey does not count, and its primary key's other subkey does")
    func revokedSubkey() async throws {
        try await withOpenPGP { tool in
            try await tool.generate(user, usage: "cert")
            let fingerprint = try await tool.fingerprint(of: user)
            try await tool.gpg(["--quick-add-key", fingerprint, "ed25519", "sign", "never"])
            let first = try await tool.sign(seal.bytes, as: user)
            try await tool.gpg(
                ["--edit-key", fingerprint],
                stdin: Array("key 1\nrevkey\ny\n1\n\ny\nsave\n".utf8), answers: true)
            try await tool.gpg(["--quick-add-key", fingerprint, "ed25519", "sign", "never"])
            let second = try await tool.sign(seal.bytes, as: user)
            let key = try await tool.publicKeys(of: user)
            let outcomes = try openPGPOutcomes(first + second, key: key, asOf: future)
            guard case .revoked = outcomes.first else {
                Issue.record("\(outcomes)")
                return
            }
            #expect(outcomes.last == .accepted)
            #expect(try await tool.accepts(second, over: seal.bytes))
        }
    }

    @Test("A key ring of several keys is one entry, and fingerprints pick keys of it")
    func ring() async throws {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org")
            try await tool.generate("b@example.org")
            let ring = try await tool.gpg(["--export"])
            let text = openPGPText(ring)
            #expect(text.starts(with: Array("-----BEGIN PGP PUBLIC KEY BLOCK-----\n".utf8)))
            let file = try await tool.sign(seal.bytes, as: "a@example.org", "b@example.org")
            #expect(try openPGPOutcomes(file, key: text) == [.accepted, .accepted])
            let fingerprint = try await tool.fingerprint(of: "b@example.org")
            let picked = [JSONMember("fingerprints", [JSON(fingerprint)])]
            #expect(try openPGPOutcomes(file, key: text, picked) == [.unknownKey, .accepted])
            let absent = String(repeating: "0", count: 40)
            for wrong in [[JSON(absent)], [JSON(String(fingerprint.dropLast()))], []] {
                #expect(throws: TrustError.self) {
                    try openPGPOutcomes(
                        file, key: text, [JSONMember("fingerprints", .array(wrong))])
                }
            }
        }
    }

    @Test("A key file makes a policy of one key, binary or as text, and a secret one never does")
    func single() async throws {
        try await withOpenPGP { tool in
            try await tool.generate(user)
            let file = try await tool.sign(seal.bytes, as: user)
            for key in [try await tool.gpg(["--export"]), try await tool.publicKeys(of: user)] {
                let policy = try TrustPolicy.single(key)
                #expect(policy.roles.keys.sorted { $0.rawValue < $1.rawValue } == [.release])
                let results = try verify(policy).verify(file, as: .openPGP, over: seal)
                #expect(results.map(\.outcome) == [.accepted])
            }
            for options in [[], ["--armor"]] {
                let secret = try await tool.gpg(options + ["--export-secret-keys"])
                #expect(throws: TrustError.self) { try TrustPolicy.single(secret) }
            }
        }
    }

    @Test("What a key that is too weak signs verifies and does not count")
    func weakKey() async throws {
        try await withOpenPGP { tool in
            try await tool.generate(user, "rsa1024")
            let key = try await tool.publicKeys(of: user)
            let file = try await tool.sign(seal.bytes, as: user)
            let outcomes = try openPGPOutcomes(file, key: key)
            #expect(
                outcomes.map(\.described)
                    == ["notAcceptable: an RSA key of 1024 bits is too weak: 2048 is the least"])
            let warnings = try policy([openPGPEntry("k", key)], roles: ["release": rule(["k"])])
                .lint(at: at("2026-06-01T00:00:00Z"))
            #expect(warnings.map(\.kind).contains(.keyWeak))
        }
    }

    @Test("A key is shown under the name that gpg has for it")
    func names() async throws {
        try await withOpenPGP { tool in
            try await tool.generate(user)
            let policy = try TrustPolicy.single(await tool.publicKeys(of: user))
            #expect(policy.keys.first?.material.names == [try await tool.fingerprint(of: user)])
        }
    }

    @Test("An OpenPGP key and a plain entry with the same key are one signer")
    func sameKey() throws {
        let maker = try OpenPGPMaker()
        let entries = [
            openPGPEntry("p", openPGPText(try maker.key())), maker.signer.entry("k"),
        ]
        #expect(throws: TrustError.self) {
            try policy(entries, roles: ["release": rule(["p", "k"], threshold: 2)])
        }
    }
}
