import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// What says nothing against a signature never lowers what it comes to.
@Suite("More evidence", .requires("openssl"))
struct MonotonyInTimeTests {
    private static let start: Int64 = 1_767_225_600
    private static let year: Int64 = 365 * 86_400

    private func instant(_ random: inout SplitMix64) throws -> Instant {
        // On few values, so that boundaries meet.
        let step = Int64.random(in: 0...40, using: &random)
        return try #require(
            Instant(secondsSince1970: Self.start + step * (Self.year / 40)))
    }

    private func proof(_ random: inout SplitMix64) throws -> TimeProof {
        let stated = try instant(&random)
        let days = [0, 0, 1, 20, 60].randomElement(using: &random) ?? 0
        let earliest = try #require(stated.adding(seconds: -Int64(days) * 86_400))
        let latest = try #require(stated.adding(seconds: Int64(days) * 86_400))
        return TimeProof(
            instant: stated, bounds: earliest...latest, source: .witness(keyID: "w"),
            operator: Bool.random(using: &random) ? "w" : "v")
    }

    /// Whether a proof, or one of the others, says something against a signature.
    private func opposes(
        _ proof: TimeProof, beside others: [TimeProof], asOf: Instant, since start: Instant?
    ) -> Bool {
        if let start, (others + [proof]).contains(where: { $0.latest < start }) { return true }
        return proof.earliest > asOf && !others.contains { $0.earliest <= asOf }
    }

    @Test("of time never lowers the effect of a key's signature, in random cases")
    func keys() throws {
        var random = SplitMix64(seed: 81)
        let signer = try Signer()
        let file = try signer.sign(seal.bytes)
        for number in 0..<repetitions(3_000, usually: 600) {
            var members: [JSONMember] = []
            var start: Instant?
            if Bool.random(using: &random) {
                start = try instant(&random)
                members.append(member("not_before", try #require(start).description))
            }
            if Bool.random(using: &random) {
                let first = try at("2026-01-01T00:00:00Z")
                let end = try max(instant(&random), start ?? first)
                members.append(member("not_after", end.description))
            }
            if Bool.random(using: &random) {
                let reason = ["compromised", "superseded", "ceased"].randomElement(using: &random)
                members.append(revoked(try instant(&random).description, try #require(reason)))
            }
            let policy = try policy(
                [signer.entry("k", operator: "acme", members)], roles: ["release": rule(["k"])])
            let verifier = SignatureVerifier(
                policy: policy, asOf: try instant(&random), release: "payments")
            var proofs: [TimeProof] = []
            func effect() throws -> Int {
                try #require(
                    try verifier.verify(file, as: .raw, over: seal, proofs: proofs).first
                ).effect.rawValue
            }
            var before = try effect()
            for _ in 0..<4 {
                let added = try proof(&random)
                let isAgainst = opposes(added, beside: proofs, asOf: verifier.asOf, since: start)
                proofs.insert(
                    added, at: Int.random(in: 0...proofs.count, using: &random))
                let after = try effect()
                if !isAgainst {
                    #expect(
                        after <= before, "\(number): \(members), as of \(verifier.asOf): \(proofs)")
                }
                before = after
            }
        }
    }

    @Test(
        "of time or lists never lowers the effect of a certified signature, nor undoes a revocation"
    )
    func certificates() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let leaf = try await root.certify(
                "leaf", from: "20260201000000Z", to: "20261101000000Z")
            let file = try await sign(seal.bytes, leaf)
            let neutral = try await neutralLists(of: root)
            let revoking = try await revokingLists(of: root, leaf)
            let policy = try policy(
                [
                    .object([
                        member("id", "ca"), member("operator", "acme"), member("format", "x509"),
                        JSONMember("key", .string(try root.own.certificate())),
                        JSONMember("subjects", .array(["CN=leaf,O=Acme"])),
                    ])
                ], roles: ["release": rule(["ca"])])
            let start = try #require(Instant(secondsSince1970: read(leaf).notBefore))
            var random = SplitMix64(seed: 82)
            for number in 0..<400 {
                let asOf = try instant(&random)
                var lists: [RevocationList] = []
                var proofs: [TimeProof] = []
                func outcome() throws -> SignatureResult.Outcome {
                    let verifier = SignatureVerifier(
                        policy: policy, asOf: asOf, release: "payments",
                        material: UntrustedCertificates(certificates: [], revocationLists: lists))
                    return try #require(
                        try verifier.verify(file, as: .cms, over: seal, proofs: proofs).first
                    ).outcome
                }
                var before = try outcome()
                for _ in 0..<6 {
                    var isAgainst = false
                    var isProof = false
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0..<2:
                        let added = try proof(&random)
                        isAgainst = opposes(added, beside: proofs, asOf: asOf, since: start)
                        isProof = true
                        proofs.append(added)
                    case 2:
                        lists.append(try #require(revoking.randomElement(using: &random)))
                        isAgainst = true
                    default:
                        lists.insert(
                            try #require(neutral.randomElement(using: &random)),
                            at: Int.random(in: 0...lists.count, using: &random))
                    }
                    let after = try outcome()
                    let words = "\(number), as of \(asOf): \(before), then \(after)"
                    if !isAgainst {
                        #expect(rank(after) <= rank(before), "\(words)")
                    }
                    if case .certificate(.revoked) = before, !isProof {
                        guard case .certificate(.revoked) = after else {
                            Issue.record("\(words)")
                            continue
                        }
                    }
                    before = after
                }
            }
        }
    }

    /// What an outcome does: counts, is not counted, is refused.
    private func rank(_ outcome: SignatureResult.Outcome) -> Int {
        switch outcome {
        case .accepted: 0
        case .timeUnknown, .certificate(.revocationUnknown), .unknownKey: 1
        default: 2
        }
    }

    private func neutralLists(of root: Authority) async throws -> [RevocationList] {
        var lists: [RevocationList] = []
        for (from, to) in [
            ("20260101000000Z", "20260301000000Z"), ("20260401000000Z", "20260801000000Z"),
            ("20260701000000Z", "20260901000000Z"), ("20261001000000Z", "20270101000000Z"),
        ] {
            lists.append(try read(await root.revocationList(from: from, to: to)))
        }
        for extensions in [
            ["2.5.29.27=critical,DER:020101"],
            ["issuingDistributionPoint=critical,@p", "[p]", "onlysomereasons=keyCompromise"],
            ["issuingDistributionPoint=critical,@p", "[p]", "indirectCRL=TRUE"],
        ] {
            lists.append(try read(await root.revocationList(extensions: extensions)))
        }
        return lists
    }

    private func revokingLists(
        of root: Authority, _ leaf: Authority.Certified
    ) async throws -> [RevocationList] {
        var lists: [RevocationList] = []
        for (time, reason, extensions) in [
            ("260501000000Z", "", []), ("260701000000Z", ",keyTime,20260315000000Z", []),
            ("260601000000Z", ",superseded", ["2.5.29.27=critical,DER:020101"]),
            ("260601000000Z", ",removeFromCRL", []),
        ] as [(String, String, [String])] {
            lists.append(
                try read(
                    await root.revocationList(
                        [.init(leaf, at: time, reason: reason)], from: "20260801000000Z",
                        to: "20270101000000Z", extensions: extensions)))
        }
        return lists
    }

    private func read(_ pem: [UInt8]) throws -> RevocationList {
        try #require(UntrustedCertificates(parsing: pem).revocationLists.first)
    }

    private func read(_ certified: Authority.Certified) throws -> Certificate {
        try Certificate(parsing: certified.certificate())
    }
}
