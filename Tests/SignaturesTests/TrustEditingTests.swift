import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Changing and linting a trust policy")
struct TrustEditingTests {
    private func keyEntry(
        _ id: String, _ signer: Signer, operator name: String? = nil
    ) throws -> KeyEntry {
        try KeyEntry(id: id, operator: name ?? id, inlining: signer.publicKey.pem)
    }

    private func start(_ signer: Signer) throws -> TrustPolicy {
        try TrustPolicy.starting(
            with: [keyEntry("a", signer)],
            roles: [RoleEntry(.release, releases: ["payments"]), RoleEntry(.log)],
            expires: at("2028-01-01T00:00:00Z"))
    }

    @Test("A policy that is written reads back as the same policy")
    func roundTrip() throws {
        let policy = try start(Signer())
        let again = try TrustPolicy(parsing: policy.canonicalBytes)
        #expect(again.keys == policy.keys)
        #expect(again.roles == policy.roles)
        #expect(again.digest == policy.digest)
        #expect(again.version == 1)
    }

    @Test("Adding a key leaves the rules of its roles as they are")
    func adding() throws {
        let policy = try start(Signer()).adding(
            keyEntry("b", Signer()), to: [RoleEntry(.release, threshold: 9), RoleEntry(.archive)])
        #expect(policy.roles[.release]?.keys == ["a", "b"])
        #expect(policy.roles[.release]?.threshold == 1)
        #expect(policy.roles[.release]?.releases == ["payments"])
        #expect(policy.roles[.archive]?.keys == ["b"])
        #expect(policy.roles[.log]?.keys == ["a"])
    }

    @Test("A key that is there already, or one of another's operator, cannot be added")
    func addingTwice() throws {
        let signer = try Signer()
        let policy = try start(signer)
        #expect(throws: TrustError.self) {
            try policy.adding(keyEntry("a", Signer()), to: [])
        }
        #expect(throws: TrustError.self) {
            try policy.adding(keyEntry("b", signer, operator: "other"), to: [])
        }
    }

    @Test("A role is given to keys and taken from them, and begins with its first key")
    func changingRoles() throws {
        let policy = try start(Signer()).adding(keyEntry("b", Signer()), to: [])
        let begun = try policy.changing(.archive, adding: ["b"], removing: [], threshold: nil)
        #expect(begun.roles[.archive]?.keys == ["b"])
        #expect(begun.roles[.archive]?.threshold == 1)
        let both = try begun.changing(.release, adding: ["b"], removing: [], threshold: 2)
        #expect(both.roles[.release]?.keys == ["a", "b"])
        #expect(both.roles[.release]?.threshold == 2)
        #expect(both.roles[.release]?.releases == ["payments"])
        let other = try both.changing(.release, adding: [], removing: ["a"], threshold: 1)
        #expect(other.roles[.release]?.keys == ["b"])
        let replaced = try other.changing(.release, adding: ["a"], removing: ["b"], threshold: nil)
        #expect(replaced.roles[.release]?.keys == ["a"])
    }

    @Test(
        "A role that nobody could fulfil, or a change that changes nothing, is refused",
        arguments: [
            (Role.archive, [], [], 1, TrustError.RuleDefect.absent),
            (.release, [], ["a"], nil, .empty),
            (.release, ["a"], [], nil, .servedAlready(by: "a")),
            (.archive, ["b", "b"], [], nil, .servedAlready(by: "b")),
            (.release, [], ["b"], nil, .notServed(by: "b")),
            (.release, ["b"], ["a", "a"], nil, .notServed(by: "a")),
            (.release, ["b", "c"], [], 3, .outOfReach(threshold: 3, operators: 2)),
            (.archive, ["b", "c"], [], 2, .outOfReach(threshold: 2, operators: 1)),
        ] as [(Role, [String], [String], Int?, TrustError.RuleDefect)])
    func refusedRoles(
        role: Role, added: [String], removed: [String], threshold: Int?,
        defect: TrustError.RuleDefect
    ) throws {
        let policy = try start(Signer()).adding(keyEntry("b", Signer()), to: [])
            .adding(keyEntry("c", Signer(), operator: "b"), to: [])
        #expect(throws: TrustError.rule(role, defect)) {
            try policy.changing(role, adding: added, removing: removed, threshold: threshold)
        }
        #expect(throws: TrustError.noSuchKey(id: "z")) {
            try policy.changing(role, adding: ["z"], removing: [], threshold: nil)
        }
    }

    @Test("Retiring ends a key's window and never extends it")
    func retiring() throws {
        let first = try start(Signer()).retiring("a", at: at("2026-06-01T00:00:00Z"))
        #expect(try first.key("a")?.notAfter == at("2026-06-01T00:00:00Z"))
        let second = try first.retiring("a", at: at("2027-01-01T00:00:00Z"))
        #expect(try second.key("a")?.notAfter == at("2026-06-01T00:00:00Z"))
        #expect(throws: TrustError.noSuchKey(id: "z")) {
            try second.retiring("z", at: at("2026-06-01T00:00:00Z"))
        }
    }

    @Test("Retiring reaches every entry of the key, in whatever format, and no other")
    func retiringAll() throws {
        let signer = try Signer()
        let line = try #require(SSHPublicKey.line(of: signer.publicKey))
        let twin = try KeyEntry(
            id: "twin", operator: "a", inlining: line, notAfter: at("2026-05-01T00:00:00Z"))
        let policy = try start(signer).adding(twin, to: [RoleEntry(.archive)])
            .adding(keyEntry("b", Signer()), to: [RoleEntry(.archive)])
        let retired = try policy.retiring("twin", at: at("2026-06-01T00:00:00Z"))
        #expect(
            try retired.keys.map(\.notAfter)
                == [at("2026-06-01T00:00:00Z"), at("2026-05-01T00:00:00Z"), nil])
    }

    @Test("Revoking reaches every entry of the key and can only become graver")
    func revoking() throws {
        let signer = try Signer()
        let policy = try start(signer).adding(
            keyEntry("twin", signer, operator: "a"), to: [RoleEntry(.archive)])
        let may = try at("2026-05-01T00:00:00Z")
        let june = try at("2026-06-01T00:00:00Z")
        let revoked = try policy.revoking("a", at: june, reason: .superseded)
        #expect(revoked.keys.map(\.revocation?.at) == [june, june])
        let graver = try revoked.revoking("twin", at: may, reason: .compromised)
        #expect(graver.keys.map(\.revocation?.reason) == [.compromised, .compromised])
        #expect(throws: TrustError.self) {
            try graver.revoking("a", at: june, reason: .compromised)
        }
        #expect(throws: TrustError.self) { try graver.revoking("a", at: may, reason: .ceased) }
    }

    // MARK: Lint

    private func kinds(
        _ keys: [JSON], roles: KeyValuePairs<String, JSON>, _ members: [JSONMember] = [],
        asOf instant: String = "2026-06-01T00:00:00Z"
    ) throws -> [TrustWarning.Kind] {
        try policy(keys, roles: roles, members).lint(at: at(instant)).map(\.kind)
    }

    @Test("A sound policy gets no warning")
    func sound() throws {
        let (a, b, w) = try (Signer(), Signer(), Signer())
        #expect(
            try kinds(
                [a.entry("a"), b.entry("b"), w.witnessEntry("w")],
                roles: [
                    "release": rule(["a", "b"], threshold: 2), "log": rule(["a"]),
                    "witness": rule(["w"]),
                ], [member("expires", "2028-01-01T00:00:00Z")]
            ).isEmpty)
    }

    @Test("Policies and keys that end within 30 days, or have ended, are warned about")
    func ends() throws {
        let key = try Signer().entry("a", [member("not_after", "2026-07-01T00:00:00Z")])
        let expiring = [member("expires", "2026-07-01T00:00:00Z")]
        let roles: KeyValuePairs = ["release": rule(["a"])]
        #expect(
            try kinds([key], roles: roles, expiring, asOf: "2026-06-01T00:00:00Z")
                == [.policyExpiring, .keyExpiring])
        #expect(try kinds([key], roles: roles, expiring, asOf: "2026-05-31T23:59:59Z").isEmpty)
        #expect(
            try kinds([key], roles: roles, expiring, asOf: "2026-07-01T00:00:01Z")
                == [.policyExpired, .keyExpired, .roleUnsatisfiable])
    }

    @Test("An anchor's own end and strength are warned about", .requires("openssl"))
    func anchors() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let ending = try await root.certify(
                "ending", Authority.authorityExtensions, to: "20260701000000Z")
            let weak = try await root.certify(
                "weak", Authority.authorityExtensions,
                key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"])
            func entry(
                _ id: String, _ format: String, _ anchor: Authority.Certified
            ) throws -> JSON {
                SignaturesTests.entry(
                    id, format, try anchor.certificate(),
                    format == "x509" ? [JSONMember("subjects", ["CN=leaf"])] : [])
            }
            func kinds(asOf instant: String) throws -> [TrustWarning.Kind] {
                try self.kinds(
                    [
                        entry("a", "x509", ending), entry("b", "x509", weak),
                        entry("t", "timestamp", ending), Signer().entry("l"),
                    ],
                    roles: [
                        "release": rule(["a", "b"], threshold: 2), "timestamp": rule(["t"]),
                        "log": rule(["l"]),
                    ], asOf: instant)
            }
            #expect(try kinds(asOf: "2026-05-31T00:00:00Z") == [.keyWeak])
            #expect(
                try kinds(asOf: "2026-06-15T00:00:00Z") == [.keyExpiring, .keyWeak, .keyExpiring])
            #expect(
                try kinds(asOf: "2026-08-01T00:00:00Z")
                    == [.keyExpired, .keyWeak, .keyExpired, .roleUnsatisfiable, .roleUnsatisfiable])
        }
    }

    @Test("One public key in two entries is warned about, in whatever formats it is")
    func twice() throws {
        let signer = try Signer()
        let line = try #require(SSHPublicKey.line(of: signer.publicKey))
        let policy = try start(signer).adding(
            KeyEntry(id: "twin", operator: "a", inlining: line), to: [RoleEntry(.archive)])
        let warnings = try policy.lint(at: at("2026-06-01T00:00:00Z"))
        #expect(warnings.map(\.kind) == [.keyTwice])
        #expect(warnings.first?.description == "keys[1]: twin is the same key as a")
    }

    @Test("Weak, sample and unused keys are warned about")
    func keys() async throws {
        let weak = try await weakKey()
        #expect(
            try kinds([weak], roles: ["release": rule(["weak"])])
                == [.keyWeak, .roleUnsatisfiable, .cannotSignCheckpoint])
        let unused = try Signer().entry("a")
        #expect(try kinds([unused], roles: [:]) == [.noSealRole, .keyUnused])
        let demanding = policyDocument(
            [unused], roles: ["release": rule(["a"])], [JSONMember("require_decision", .bool(true))]
        )
        let strict = try TrustPolicy(parsing: demanding.canonicalBytes)
        #expect(strict.requiresDecision)
        #expect(
            try strict.lint(at: at("2026-06-01T00:00:00Z")).map(\.kind) == [.noDecider])
        let sample = try Signer(sample: "ed25519").entry("a")
        let document = policyDocument([sample], roles: ["release": rule(["a"])])
        let policy = try TrustPolicy(parsing: document.canonicalBytes)
        #expect(policy.sampleKeys.map(\.id) == ["a"])
        #expect(
            try policy.lint(at: at("2026-06-01T00:00:00Z")).map(\.kind)
                == [.keySample, .roleUnsatisfiable])
    }

    @Test("Roles that nobody can fill, or one operator fills alone, are warned about")
    func roles() throws {
        let (a, b, c) = try (Signer(), Signer(), Signer())
        let keys = [a.entry("a", operator: "x"), b.entry("b", operator: "x"), c.entry("c")]
        #expect(
            try kinds([keys[0], keys[1]], roles: ["release": rule(["a", "b"], threshold: 2)])
                == [.roleUnsatisfiable])
        #expect(
            try kinds(keys, roles: ["release": rule(["a", "b", "c"], threshold: 2)])
                == [.operatorDominates])
        #expect(
            try kinds(
                keys,
                roles: [
                    "release": rule(["c"]), "risk-owner": rule(["a"]),
                    "risk-approver": rule(["b"]),
                ]) == [.rolesShareOperator])
    }

    @Test("A witness that also signs and a log without a fitting key are warned about")
    func logs() throws {
        let (a, p384) = try (Signer(), Signer(.p384))
        #expect(
            try kinds(
                [a.entry("a", operator: "x"), Signer().witnessEntry("w", operator: "x")],
                roles: ["release": rule(["a"]), "witness": rule(["w"])]) == [.proofOfOwnTime])
        #expect(
            try kinds([p384.entry("a")], roles: ["release": rule(["a"])])
                == [.cannotSignCheckpoint])
    }
}

/// An entry `weak` with a new RSA key of 1,024 bits, which only the command line makes.
func weakKey() async throws -> JSON {
    let pem = try await runSuccessfully("openssl", ["genrsa", "-traditional", "1024"])
    let publicPEM = try await runSuccessfully("openssl", ["pkey", "-pubout"], stdin: pem)
    return [
        "id": "weak", "operator": "weak", "format": "spki", "key": .string(publicPEM),
        "algorithm": "rsa-pkcs1-sha256",
    ]
}
