import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Identities of Sigstore in a policy", .requires("openssl"))
struct KeylessPolicyTests {
    private let lab: SigstoreLab

    init() throws {
        lab = try SigstoreLab()
    }

    private func results(
        _ policy: TrustPolicy, _ recipe: SigstoreLab.Recipe = SigstoreLab.Recipe(),
        asOf: String = "2026-06-01T00:00:00Z"
    ) async throws -> [SignatureResult] {
        try verify(policy, asOf: asOf).verify(
            await lab.bundle(recipe), as: .sigstore, over: lab.content(recipe))
    }

    @Test("an SSH key and an identity of two operators reach a threshold, and one of them does not")
    func threshold() async throws {
        let signer = try Signer()
        let policy = try policy(
            [lab.rootEntry(lab.trustedRoot()), lab.identity(), signer.entry("ann")],
            roles: ["release": rule(["ci", "ann"], threshold: 2)])
        var recipe = SigstoreLab.Recipe()
        recipe.isEnvelope = true
        let verifier = try verify(policy)
        let keyless = try verifier.verify(
            await lab.bundle(recipe), as: .sigstore, over: lab.content(recipe))
        let keyed = try verifier.verify(
            signer.envelope(lab.content(recipe)).encoded, as: .dsse, over: lab.content(recipe))
        #expect(verifier.tally(.release, keyless)?.isMet == false)
        #expect(verifier.tally(.release, keyless + keyless)?.isMet == false)
        #expect(verifier.tally(.release, keyless + keyed)?.isMet == true)
    }

    @Test("a revoked identity keeps what is proven to be older, and nothing else")
    func revoked() async throws {
        for (instant, reason, effect) in [
            ("2026-05-01T12:01:01Z", "compromised", SignatureResult.Effect.counts),
            ("2026-05-01T12:01:00Z", "compromised", .refused),
            ("2026-05-01T12:01:01Z", "superseded", .counts),
            ("2026-05-01T12:01:00Z", "superseded", .refused),
        ] {
            let identity = lab.identity(members: [SignaturesTests.revoked(instant, reason)])
            let results = try await results(lab.policy(identity: identity))
            #expect(results.map(\.effect) == [effect], "\(instant) \(reason)")
        }
    }

    @Test("a window of the identity is compared with the proven time, both ends included")
    func window() async throws {
        let time = "2026-05-01T12:01:00Z"
        for (start, end, counts) in [
            (time, time, true), ("2026-05-01T12:01:01Z", "2027-01-01T00:00:00Z", false),
            ("2026-01-01T00:00:00Z", "2026-05-01T12:00:59Z", false),
        ] {
            let identity = lab.identity(members: [
                member("not_before", start), member("not_after", end),
            ])
            let effect = try await results(lab.policy(identity: identity)).first?.effect
            #expect((effect == .counts) == counts, "\(start) \(end)")
        }
    }

    @Test(
        "a root proves no times of its own operator, nor any once it is revoked or out of its window"
    )
    func ownTimes() async throws {
        let own = lab.identity(operator: "sigstore")
        #expect(try await results(lab.policy(identity: own)).map(\.effect) == [.ignored])
        for members in [
            [SignaturesTests.revoked("2026-06-01T00:00:00Z", "compromised")],
            [SignaturesTests.revoked("2026-05-01T12:01:00Z", "ceased")],
            [member("not_after", "2026-05-01T12:00:59Z")],
        ] {
            let results = try await results(lab.policy(demands: members))
            #expect(results.map(\.effect) == [.ignored])
            let steps = results.first?.steps.filter { $0.status == .unknown }.map(\.step)
            #expect(steps == [.times])
        }
    }

    @Test("one signer under two operators counts for neither")
    func conflict() async throws {
        let wide = lab.identity(id: "wide", operator: "other")
        let narrow = lab.identity(members: [
            member("source_repository", "https://github.com/acme/pay")
        ])
        let policy = try policy(
            [lab.rootEntry(lab.trustedRoot()), wide, narrow],
            roles: ["release": rule(["wide", "ci"])])
        #expect(try await results(policy).map(\.effect) == [.ignored])
        #expect(throws: TrustError.self) {
            try SignaturesTests.policy(
                [lab.rootEntry(lab.trustedRoot()), wide, lab.identity()],
                roles: ["release": rule(["ci"])])
        }
    }

    @Test("an identity under another instance's root does not count, whatever names it has")
    func otherRoot() async throws {
        let other = try SigstoreLab()
        let policy = try policy(
            [
                lab.rootEntry(lab.trustedRoot(), id: "ours"),
                lab.rootEntry(other.trustedRoot(), id: "theirs"), lab.identity(root: "theirs"),
            ], roles: ["release": rule(["ci"])])
        let results = try await results(policy)
        #expect(results.map(\.effect) == [.ignored])
        #expect(results.map(\.outcome.name) == ["notAcceptable"])
        let both = try SignaturesTests.policy(
            [
                lab.rootEntry(other.trustedRoot(), id: "theirs"),
                lab.rootEntry(lab.trustedRoot(), id: "ours"), lab.identity(root: "ours"),
            ], roles: ["release": rule(["ci"])])
        #expect(try await self.results(both).map(\.effect) == [.counts])
    }

    @Test("a file of several roots counts whole, or by one line of it")
    func lines() async throws {
        let other = try SigstoreLab()
        let text =
            try other.trustedRoot().canonicalBytes + [0x0A] + lab.trustedRoot().canonicalBytes
        for (line, counts) in [(nil, true), (1, false), (2, true)] as [(Int64?, Bool)] {
            let members = line.map { [JSONMember("line", .integer($0))] } ?? []
            let root: JSON = .object(
                [
                    JSONMember("id", "root"), JSONMember("operator", "sigstore"),
                    JSONMember("format", "sigstore-root"), JSONMember("key", .string(text)),
                ] + members)
            let policy = try policy([root, lab.identity()], roles: ["release": rule(["ci"])])
            let effect = try await results(policy).first?.effect
            #expect((effect == .counts) == counts)
        }
    }

    @Test("a root that is not as it must be makes the policy unreadable")
    func malformedRoots() throws {
        let root = try lab.trustedRoot()
        func isRead(_ root: JSON, _ members: [JSONMember] = []) -> Bool {
            (try? policy(
                [lab.rootEntry(root, members), lab.identity()], roles: ["release": rule(["ci"])]))
                != nil
        }
        #expect(isRead(root))
        #expect(!isRead(root.setting(["mediaType"], to: "application/json")))
        #expect(!isRead(root.setting(["more"], to: 1)))
        #expect(!isRead(root.setting(["certificateAuthorities"], to: [])))
        guard case .array(let logs)? = root["tlogs"] else { throw MalformedSample() }
        for (path, value) in [
            (["logId", "keyId"], JSON.string(Base64.encode([UInt8](repeating: 7, count: 32)))),
            (["hashAlgorithm"], "SHA2_512"),
            (["publicKey", "keyDetails"], "PKIX_ECDSA_P384_SHA_384"),
            (["publicKey", "validFor"], [:]), (["publicKey", "validFor", "start"], "yesterday"),
            (["baseUrl"], ""),
        ] as [([String], JSON)] {
            let changed = logs.map { $0.setting(path, to: value) }
            #expect(!isRead(root.setting(["tlogs"], to: .array(changed))), "\(path)")
        }
        #expect(!isRead(root, [JSONMember("log", 2)]))
        #expect(!isRead(root, [member("time", "now")]))
        #expect(!isRead(root, [JSONMember("line", 2)]))
    }

    @Test("an identity that is not as it must be makes the policy unreadable")
    func malformedIdentities() throws {
        let root = try lab.rootEntry(lab.trustedRoot())
        func isRead(_ identity: JSON) -> Bool {
            (try? policy([root, identity], roles: ["release": rule(["ci"])])) != nil
        }
        #expect(isRead(lab.identity()))
        #expect(!isRead(lab.identity(root: "nobody")))
        #expect(!isRead(lab.identity().setting(["issuer"], to: nil)))
        #expect(!isRead(lab.identity().setting(["identity"], to: nil)))
        #expect(!isRead(lab.identity().setting(["identity"], to: "")))
        #expect(!isRead(lab.identity().setting(["key"], to: "x")))
        #expect(!isRead(lab.identity(members: [member("identity_any_ref", SigstoreLab.workflow)])))
        #expect(!isRead(lab.identity(subject: member("identity_any_ref", SigstoreLab.name))))
        #expect(!isRead(lab.identity(members: [member("colour", "red")])))
        #expect(
            throws: TrustError.self,
            performing: {
                try policy([root, lab.identity()], roles: ["log": rule(["ci"])])
            })
    }

    @Test("lint warns of a root that nobody uses or twice, and of a workflow that anybody may call")
    func lint() throws {
        func kinds(_ keys: [JSON]) throws -> Set<TrustWarning.Kind> {
            let policy = try policy(keys, roles: ["release": rule(["ci"])])
            return Set(try policy.lint(at: at("2026-06-01T00:00:00Z")).map(\.kind))
        }
        let root = try lab.trustedRoot()
        let safe = lab.identity(members: [member("source_repository_id", "1")])
        #expect(try kinds([lab.rootEntry(root), safe]).isDisjoint(with: [.keyUnused, .keyTwice]))
        #expect(try !kinds([lab.rootEntry(root), safe]).contains(.sigstoreAnyCaller))
        #expect(try kinds([lab.rootEntry(root), lab.identity()]).contains(.sigstoreAnyCaller))
        let two = try kinds([lab.rootEntry(root), lab.rootEntry(root, id: "again"), safe])
        #expect(two.isSuperset(of: [.keyUnused, .keyTwice]))
        var changes = SigstoreLab.RootChanges()
        changes.windows["ca"] = ("2026-01-01T00:00:00Z", "2026-05-31T00:00:00Z")
        let ended = try lab.trustedRoot(SigstoreLab.Recipe(), changes)
        #expect(try kinds([lab.rootEntry(ended), safe]).contains(.keyExpired))
    }

    @Test(
        "nothing that is cut off or changed anywhere makes a bundle crash or count",
        .timeLimit(.minutes(5)))
    func mutations() async throws {
        var recipe = SigstoreLab.Recipe()
        recipe.hasSecond = true
        let bundle = try await lab.bundle(recipe)
        let verifier = try verify(lab.policy())
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var changed = bundle
            let index = Int.random(in: 0..<changed.count, using: &random)
            if Bool.random(using: &random) {
                changed.removeLast(changed.count - index)
            } else {
                changed[index] ^= UInt8.random(in: 1...255, using: &random)
            }
            let results = try verifier.verify(changed, as: .sigstore, over: lab.content(recipe))
            #expect(!results.contains { $0.effect == .counts }, "\(index)")
        }
    }
}
