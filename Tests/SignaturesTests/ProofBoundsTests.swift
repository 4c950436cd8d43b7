import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// docs/trust-policy.md, "Time": a proof is as precise as it states.
@Suite("The precision of a proof of time", .requires("openssl"))
struct ProofBoundsTests {
    /// A token's time and accuracy, what limits the key, T, and what comes of it.
    struct Row: Sendable, CustomTestStringConvertible {
        let time: String
        let seconds: Int
        let limit: [JSONMember]
        let asOf: String
        let effect: SignatureResult.Effect

        init(
            _ time: String, within seconds: Int = 0, _ limit: [JSONMember] = [], at asOf: String,
            _ effect: SignatureResult.Effect
        ) {
            self.time = time
            self.seconds = seconds
            self.limit = limit
            self.asOf = asOf
            self.effect = effect
        }

        var testDescription: String { "\(time) ± \(seconds) s, as of \(asOf)" }
    }

    private static let late = "2026-06-01T00:00:00Z"
    private static let noon = "2026-03-01T12:00:00Z"

    static let rows: [Row] = [
        // Later than T is what certainly is.
        Row("20260301120000.7Z", at: noon, .counts),
        Row("20260301120000.7Z", within: 1, at: noon, .counts),
        Row("20260301120001Z", at: noon, .ignored),
        Row("20260301120001Z", within: 1, at: noon, .counts),
        Row("20260301120002Z", within: 1, at: noon, .ignored),
        // A fresh one counts while its key still does.
        Row("20260301120000.7Z", [member("not_after", noon)], at: noon, .counts),
        Row("20260301120000Z", within: 3600, [member("not_after", noon)], at: noon, .counts),
        // Inside a window is what certainly is, once T is not.
        Row("20260301120000Z", [member("not_after", noon)], at: late, .counts),
        Row("20260301120000.1Z", [member("not_after", noon)], at: late, .ignored),
        Row("20260301115959Z", within: 1, [member("not_after", noon)], at: late, .counts),
        Row("20260301115959.5Z", within: 1, [member("not_after", noon)], at: late, .ignored),
        // Older than a window is what certainly is.
        Row("20260301115959.9Z", [member("not_before", noon)], at: late, .counts),
        Row("20260301115958.9Z", [member("not_before", noon)], at: late, .ignored),
        Row("20260301115900Z", within: 60, [member("not_before", noon)], at: late, .counts),
        // Before a revocation is what certainly is.
        Row("20260301115958.5Z", [revoked(noon, "superseded")], at: late, .counts),
        Row("20260301115959.5Z", [revoked(noon, "superseded")], at: late, .refused),
        Row("20260301115858Z", within: 3600, [revoked(noon, "superseded")], at: late, .refused),
        Row("20260301115858Z", within: 3600, [revoked(noon, "compromised")], at: late, .refused),
        Row("20260301105959Z", within: 3600, [revoked(noon, "compromised")], at: late, .counts),
        Row(
            "20260301115858Z", within: 3600, [revoked(noon, "compromised")],
            at: "2026-03-01T11:58:58Z", .refused),
        Row(
            "20260301115858Z", within: 3600, [revoked(noon, "superseded")],
            at: "2026-03-01T11:58:58Z", .counts),
    ]

    @Test("decides on the safe side, and never against a fresh one", arguments: rows)
    func keys(row: Row) async throws {
        try await withAuthority { root, authority in
            let signer = try Signer()
            let policy = try policy(
                [signer.entry("k", operator: "acme", row.limit), entry(root)],
                roles: ["release": rule(["k"]), "timestamp": rule(["tsa"])])
            let verifier = try SignaturesTests.verify(policy, asOf: row.asOf)
            let file = try signer.sign(seal.bytes)
            let token = try await token(
                authority, over: file, at: row.time, within: row.seconds)
            guard case .valid(let proof) = try verifier.verify(token) else {
                Issue.record("\(try verifier.verify(token))")
                return
            }
            let results = try verifier.verify(
                file, as: .raw, over: seal,
                stamps: [TimeStamp(imprint: token.imprint, proof: proof)])
            #expect(results.map(\.effect) == [row.effect], "\(results.map(\.outcome))")
        }
    }

    @Test("decides of lists as of keys: before a revocation, and which list speaks")
    func lists() async throws {
        try await withAuthority { root, authority in
            let leaf = try await root.certify("leaf")
            let file = try await sign(seal.bytes, leaf)
            let value = try #require(SignatureFormat.cms.timeStampedBytes(of: file).first)
            func outcome(
                _ time: String?, within seconds: Int = 0, _ list: [UInt8],
                at asOf: String = Self.late
            ) async throws -> SignatureResult.Outcome {
                var material = UntrustedCertificates()
                try material.add(list)
                let anchor = JSON.object([
                    member("id", "ca"), member("operator", "acme"), member("format", "x509"),
                    JSONMember("key", .string(try root.own.certificate())),
                    JSONMember("subjects", .array(["CN=leaf,O=Acme"])),
                ])
                let verifier = SignatureVerifier(
                    policy: try policy(
                        [anchor, entry(root)],
                        roles: ["release": rule(["ca"]), "timestamp": rule(["tsa"])]),
                    asOf: try at(asOf), release: "payments", material: material)
                var stamps: [TimeStamp] = []
                if let time {
                    let token = try await token(authority, over: value, at: time, within: seconds)
                    let proof = try #require(try verifier.verify(token).proof)
                    stamps = [TimeStamp(imprint: token.imprint, proof: proof)]
                }
                let results = try verifier.verify(
                    file, as: .cms, over: seal, stamps: TimeStamps(stamps))
                return try #require(results.first).outcome
            }
            let revoking = try await root.revocationList(
                [.init(leaf, at: "260301120000Z")], from: "20260501000000Z", to: "20260701000000Z")
            #expect(try await outcome("20260301115858Z", revoking) == .accepted)
            for (time, seconds) in [("20260301115858Z", 3600), ("20260301115959.5Z", 0)] {
                guard
                    case .certificate(.revoked) = try await outcome(
                        time, within: seconds, revoking)
                else {
                    Issue.record("\(time) ± \(seconds) s is no proof against noon")
                    continue
                }
            }
            // A list from before the proof counts where it would without one: it is current at T.
            let current = try await root.revocationList(
                from: "20260601000000Z", to: "20260701000000Z")
            let fresh = "2026-06-02T00:00:00Z"
            #expect(try await outcome(nil, current, at: fresh) == .accepted)
            #expect(try await outcome("20260602000000.3Z", current, at: fresh) == .accepted)
            #expect(
                try await outcome("20260602000000Z", within: 3600, current, at: fresh) == .accepted)
            let old = try await root.revocationList(from: "20260301120000Z", to: "20260302000000Z")
            #expect(try await outcome("20260301120000Z", old) == .accepted)
            guard
                case .certificate(.revocationUnknown) = try await outcome(
                    "20260301120000.1Z", old)
            else {
                Issue.record("the list may be older than the signature")
                return
            }
        }
    }

    @Test("and an authority's own certificate is verified at the stated time")
    func authority() async throws {
        try await withAuthority { root, _ in
            let short = try await root.certify(
                "short", Authority.timeStampExtensions, from: "20260301000000Z",
                to: "20260301120000Z")
            let verifier = try SignaturesTests.verify(
                policy([entry(root)], roles: ["timestamp": rule(["tsa"])]))
            for (time, isValid) in [
                "20260301115959Z": true, "20260301000001Z": true, "20260301120001Z": false,
            ] {
                let token = try await token(short, over: [1], at: time, within: 3600)
                #expect((try verifier.verify(token).proof != nil) == isValid)
            }
        }
    }

    private func token(
        _ authority: Authority.Certified, over bytes: [UInt8], at time: String, within seconds: Int
    ) async throws -> TimeStampToken {
        let number = [UInt8(seconds >> 8), UInt8(seconds & 0xFF)].drop { $0 == 0 }
        return try await TimeStampToken(
            parsing: authority.token(
                over: SHA256Digest.of(bytes).bytes, at: time,
                extensions: seconds == 0 ? [] : der(0x30, der(0x02, Array(number)))))
    }

    private func entry(_ root: Authority) throws -> JSON {
        .object([
            member("id", "tsa"), member("operator", "stamper"), member("format", "timestamp"),
            JSONMember("key", .string(try root.own.certificate())),
        ])
    }

    private func withAuthority(
        _ body: (Authority, Authority.Certified) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            try await body(root, root.certify("tsa", Authority.timeStampExtensions))
        }
    }
}
