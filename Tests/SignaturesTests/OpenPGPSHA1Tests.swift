import CloseoutEncodings
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("OpenPGP keys whose owners signed with SHA-1")
struct OpenPGPSHA1Tests {
    private static let sha1: UInt8 = 2
    private let taking = JSONMember("sha1_binding", true)

    @Test("do not count for one reason, wherever they are, unless the policy takes them")
    func places() throws {
        let (weak, good) = (try OpenPGPMaker(), try OpenPGPMaker())
        let (weakKey, goodKey) = (try weak.key(hash: Self.sha1), try good.key())
        let rings = [weakKey, weakKey + goodKey, goodKey + weakKey]
        for ring in rings {
            let text = openPGPText(ring)
            let outcomes = try openPGPOutcomes(weak.file(), key: text)
            #expect(
                outcomes.map(\.described) == [
                    "notAcceptable: its key may not sign: its owner has bound it by signatures "
                        + "with SHA-1 alone, and hash algorithm SHA-1 is not accepted"
                ])
            #expect(try openPGPOutcomes(weak.file(), key: text, [taking]) == [.accepted])
            // What it did not sign is wrong all the same.
            #expect(try openPGPOutcomes(weak.file(over: [1]), key: text).map(\.name) == ["invalid"])
            // A signature over a file is never by SHA-1.
            let old = try openPGPOutcomes(weak.file(hash: Self.sha1), key: text, [taking])
            #expect(old.map(\.name) == ["notAcceptable"])
        }
        func kinds(_ ring: [UInt8], _ members: [JSONMember]) throws -> Set<TrustWarning.Kind> {
            let policy = try policy(
                [openPGPEntry("k", openPGPText(ring), members)], roles: ["release": rule(["k"])])
            return Set(try policy.lint(at: at("2026-01-01T00:00:00Z")).map(\.kind))
        }
        #expect(try kinds(weakKey, []).isSuperset(of: [.keyWeak, .roleUnsatisfiable]))
        #expect(try kinds(weakKey, [taking]) == [.keySHA1Binding, .cannotSignCheckpoint])
        #expect(try kinds(goodKey + weakKey, []) == [.cannotSignCheckpoint])
    }

    @Test("SHA-1 always speaks against a key, and never for it")
    func againstAndNeverFor() throws {
        let maker = try OpenPGPMaker()
        let sha1 = Self.sha1
        let good = try maker.key()
        let ended = try maker.key(expires: 1000)
        let certifying = try maker.key(flags: 1)
        let cases: [(name: String, key: [UInt8], outcome: String)] = try [
            ("a revocation", good + maker.revocation(reason: 1, hash: sha1), "revoked"),
            (
                "a newer end", good + maker.certification(expires: 9, hash: sha1, after: 10),
                "timeUnknown"
            ),
            (
                "an end of the same second", good + maker.certification(expires: 9, hash: sha1),
                "timeUnknown"
            ),
            (
                "a later end", ended + maker.certification(hash: sha1, after: 10), "timeUnknown"
            ),
            (
                "an older end",
                maker.key(signed: false) + maker.certification(expires: 9, hash: sha1)
                    + maker.certification(after: 10), "accepted"
            ),
            (
                "newer flags that take",
                good + maker.certification(flags: 1, hash: sha1, after: 10),
                "notAcceptable"
            ),
            (
                "newer flags that give",
                certifying + maker.certification(flags: 3, hash: sha1, after: 10), "notAcceptable"
            ),
            (
                "a user id that is taken back",
                good + maker.certification(0x30, flags: nil, hash: sha1), "notAcceptable"
            ),
        ]
        let other = try OpenPGPMaker().key()
        for (name, key, outcome) in cases {
            // Beside another key, so that the ring is read whatever this one comes to.
            for ring in [key + other, other + key] {
                let found = try openPGPOutcomes(
                    maker.file(after: 5000), key: openPGPText(ring))
                #expect(found.map(\.name) == [outcome], "\(name)")
            }
        }
    }

    @Test("bind no subkey, neither by the primary key's signature nor by the subkey's own")
    func subkeys() throws {
        let (primary, subkey) = (try OpenPGPMaker(), try OpenPGPMaker())
        let keys = try [
            primary.key() + primary.binding(subkey, hash: Self.sha1),
            primary.key() + primary.binding(subkey, backHash: Self.sha1),
            primary.key(hash: Self.sha1) + primary.binding(subkey),
        ]
        for key in keys.map(openPGPText) {
            let outcome = try #require(openPGPOutcomes(subkey.file(), key: key).first)
            #expect(outcome.reason.contains("SHA-1 alone"))
            #expect(try openPGPOutcomes(subkey.file(), key: key, [taking]) == [.accepted])
        }
    }

    @Test(
        "are read as gpg writes them, of each algorithm", .requires("gpg"), .requires("gpgconf"),
        arguments: ["rsa2048", "ed25519"])
    func foreign(algorithm: String) async throws {
        try await withOpenPGP { tool in
            try await tool.generate(
                "a@example.org", algorithm,
                ["--cert-digest-algo", "SHA1", "--allow-weak-digest-algos"])
            let key = try await tool.publicKeys(of: "a@example.org")
            let file = try await tool.sign(
                seal.bytes, as: "a@example.org", options: ["--digest-algo", "SHA256"])
            #expect(try openPGPOutcomes(file, key: key).map(\.name) == ["notAcceptable"])
            #expect(try openPGPOutcomes(file, key: key, [taking]) == [.accepted])
        }
    }
}
