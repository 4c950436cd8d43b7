import Encodings
import OpenSSL
import Signatures
import TestSupport
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

    @Test("Adding a key raises the version and leaves the rules of its roles as they are")
    func adding() throws {
        let policy = try start(Signer()).adding(
            keyEntry("b", Signer()), to: [RoleEntry(.release, threshold: 9), RoleEntry(.archive)])
        #expect(policy.version == 2)
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

    @Test("A key that is there can be given more roles, and none twice")
    func assigning() throws {
        let policy = try start(Signer()).assigning("a", to: [RoleEntry(.archive, threshold: 2)])
        #expect(policy.roles[.archive]?.keys == ["a"])
        #expect(policy.roles[.archive]?.threshold == 2)
        #expect(throws: TrustError.self) { try policy.assigning("a", to: [RoleEntry(.archive)]) }
        #expect(throws: TrustError.noSuchKey(id: "z")) {
            try policy.assigning("z", to: [RoleEntry(.archive)])
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

    @Test("Revoking reaches every entry of the key and can only become graver")
    func revoking() throws {
        let signer = try Signer()
        let policy = try start(signer).adding(
            keyEntry("twin", signer, operator: "a"), to: [RoleEntry(.archive)])
        let may = try at("2026-05-01T00:00:00Z")
        let june = try at("2026-06-01T00:00:00Z")
        let revoked = try policy.revoking("a", at: june, reason: .superseded)
        #expect(revoked.keys.map(\.revocation?.at) == [june, june])
        #expect(revoked.version == 3)
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
