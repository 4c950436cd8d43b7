import CloseoutEncodings
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// Keys are made at 0x60000000 seconds, 2021-01-14T08:25:36Z; all ends are counted from then.
@Suite("The end that an OpenPGP key states of itself")
struct OpenPGPExpiryTests {
    private let ignoring = member("key_expiry", "ignore")

    private func names(
        _ maker: OpenPGPMaker, after seconds: [UInt32], key: [UInt8], _ members: [JSONMember] = [],
        proofs: [TimeProof] = []
    ) throws -> [String] {
        try seconds.flatMap {
            try openPGPOutcomes(
                maker.file(after: $0), key: openPGPText(key), proofs: proofs, members
            ).map(\.name)
        }
    }

    @Test("counts against what is dated at it or later, and where a policy ignores it not at all")
    func dates() throws {
        let maker = try OpenPGPMaker()
        let key = try maker.key(expires: 1000)
        #expect(try names(maker, after: [999, 1000], key: key) == ["accepted", "timeUnknown"])
        let words =
            "it is dated 2021-01-14T08:42:16Z, and its key ended by its owner's word at "
            + "2021-01-14T08:42:16Z"
        let late = try openPGPOutcomes(maker.file(after: 1000), key: openPGPText(key))
        #expect(late.map(\.reason) == [words])
        #expect(try names(maker, after: [1000], key: key, [ignoring]) == ["accepted"])
        let applied = member("key_expiry", "apply")
        #expect(try names(maker, after: [1000], key: key, [applied]) == ["timeUnknown"])
        #expect(throws: TrustError.self) {
            try names(maker, after: [0], key: key, [member("key_expiry", "never")])
        }
    }

    @Test("is that of the newest self-signature, in whatever order they are")
    func newest() throws {
        let maker = try OpenPGPMaker()
        let bare = try maker.key(signed: false)
        func outcomes(_ certifications: [[UInt8]]) throws -> Set<[String]> {
            Set(
                try [certifications, certifications.reversed()].map {
                    try names(maker, after: [999, 5000], key: bare + $0.flatMap(\.self))
                })
        }
        let ending = try maker.certification(expires: 1000)
        let endless = try maker.certification(after: 10)
        #expect(try outcomes([ending, endless]) == [["accepted", "accepted"]])
        let endingLater = try maker.certification(expires: 1000, after: 10)
        #expect(
            try outcomes([maker.certification(), endingLater]) == [["accepted", "timeUnknown"]])
        // Of what was made in one second the earliest end counts.
        #expect(try outcomes([maker.certification(), ending]) == [["accepted", "timeUnknown"]])
    }

    @Test("of a subkey is no later than that of its primary key")
    func subkeys() throws {
        let (primary, subkey) = (try OpenPGPMaker(), try OpenPGPMaker())
        let cases: [(own: UInt32, ofPrimary: UInt32?, end: UInt32)] = [
            (500, nil, 500), (5000, 1000, 1000), (500, 1000, 500),
        ]
        for (own, ofPrimary, end) in cases {
            let key =
                try primary.key(expires: ofPrimary) + primary.binding(subkey, expires: own)
            #expect(
                try names(subkey, after: [end - 1, end], key: key) == ["accepted", "timeUnknown"])
        }
    }

    @Test("is held against no proof of time, so that none makes anything worse")
    func proofs() throws {
        let maker = try OpenPGPMaker()
        let key = try maker.key(expires: 1000)
        for instant in ["2021-01-14T08:30:00Z", "2021-01-14T09:00:00Z", "2026-01-01T00:00:00Z"] {
            let proof = TimeProof(
                instant: try at(instant), source: .witness(keyID: "w"), operator: "w")
            let found = try names(maker, after: [999, 1000], key: key, proofs: [proof])
            #expect(found == ["accepted", "timeUnknown"], "\(instant)")
        }
    }

    @Test("is no reason not to count by another entry, and another entry makes nothing worse")
    func entries() throws {
        let maker = try OpenPGPMaker()
        let stale = openPGPEntry("a", openPGPText(try maker.key(expires: 1000)), operator: "o")
        let others = try [
            openPGPEntry(
                "b", openPGPText(maker.key(expires: 1000)), operator: "o", [ignoring]),
            openPGPEntry(
                "b", openPGPText(maker.key() + maker.certification(after: 10)), operator: "o"),
        ]
        for other in others {
            for entries in [[stale, other], [other, stale]] {
                let policy = try policy(entries, roles: ["release": rule(["a", "b"])])
                let file = try maker.file(after: 2000)
                let found = try verify(policy, asOf: "2026-12-01T00:00:00Z")
                    .verify(file, as: .openPGP, over: seal)
                #expect(found.map(\.outcome) == [.accepted])
            }
        }
    }

    @Test("is shown and warned of")
    func shown() throws {
        let maker = try OpenPGPMaker()
        let text = openPGPText(try maker.key(expires: 1000))
        func kinds(_ members: [JSONMember], at instant: String) throws -> [TrustWarning.Kind] {
            let policy = try policy(
                [openPGPEntry("k", text, members)], roles: ["release": rule(["k"])])
            let meant: [TrustWarning.Kind] = [
                .keyExpired, .keyExpiring, .keyExpiryIgnored, .roleUnsatisfiable,
            ]
            return try policy.lint(at: at(instant)).map(\.kind).filter(meant.contains)
        }
        #expect(
            try kinds([], at: "2026-01-01T00:00:00Z") == [.keyExpired, .roleUnsatisfiable])
        #expect(try kinds([], at: "2021-01-01T00:00:00Z") == [.keyExpiring])
        #expect(try kinds([ignoring], at: "2026-01-01T00:00:00Z") == [.keyExpiryIgnored])
        let single = try TrustPolicy.single(text)
        let name = try #require(single.keys.first?.material.names.first)
        #expect(name.hasSuffix(" until 2021-01-14T08:42:16Z"))
        for seconds in [UInt32(0), 2000] {
            let file = try maker.file(after: seconds)
            let result = try #require(verify(single).verify(file, as: .openPGP, over: seal).first)
            #expect(result.keyOwnEnd == (try at("2021-01-14T08:42:16Z")))
            #expect(result.remedy?.contains("--key-expiry ignore") == (seconds > 0 ? true : nil))
        }
    }

    @Test(
        "A signature that is dated after its key's own end does not count, as sqv says",
        .requires("gpg"), .requires("gpgconf"), .requires("sqv"))
    func foreign() async throws {
        try await withOpenPGP { tool in
            func clock(_ day: String) -> [String] { ["--faked-system-time", "\(day)T000000!"] }
            try await tool.generate("a@example.org", expires: "2019-01-01", clock("20180101"))
            let fingerprint = try await tool.fingerprint(of: "a@example.org")
            let stale = try await tool.gpg(["--export"])
            try await tool.gpg(clock("20180102") + ["--quick-set-expire", fingerprint, "20y"])
            for (day, isValid) in [("20180601", true), ("20250101", false)] {
                let file = try await tool.sign(
                    seal.bytes, as: "a@example.org", options: clock(day))
                let files = [
                    try tool.store(stale, "stale.pgp"), try tool.store(file, "s"),
                    try tool.store(seal.bytes, "m"),
                ]
                let sqv = try await run("sqv", ["--keyring"] + files)
                #expect((sqv.status == 0) == isValid, "\(day): \(sqv.stderrText)")
                let outcomes = try openPGPOutcomes(file, key: openPGPText(stale))
                #expect(outcomes.map(\.name) == [isValid ? "accepted" : "timeUnknown"])
                let fresh = try await tool.gpg(["--export"])
                for ring in [stale + fresh, fresh + stale] {
                    #expect(try openPGPOutcomes(file, key: openPGPText(ring)) == [.accepted])
                }
            }
        }
    }
}
