import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Time-stamps as proofs of time", .requires("openssl"))
struct TimeStampTests {
    static let message = Array("what is stamped".utf8)

    @Test("a token below an anchor of the policy proves its time")
    func valid() async throws {
        try await withAuthority { root, authority in
            let token = try await stamp(authority)
            let verifier = try verify(root)
            guard case .valid(let proof) = try verifier.verify(token, over: Self.message) else {
                Issue.record("\(try verifier.verify(token, over: Self.message))")
                return
            }
            #expect(
                try proof
                    == TimeProof(
                        instant: at("2026-02-01T00:00:00Z"), source: .timestamp(keyID: "tsa"),
                        operator: "stamper", end: proof.end))
            #expect(try #require(proof.end) > proof.instant)
            #expect(
                try verifier.verify(token, over: Self.message + [0])
                    == .invalid("it covers other bytes"))
        }
    }

    @Test("an answer of `openssl ts` proves the present time")
    func foreign() async throws {
        try await withAuthority { root, authority in
            let request = try TimeStampRequest.asking(for: Self.message, nonce: randomBytes(16))
            let token = try await TimeStampToken(parsing: authority.answer(request))
            let verifier = try verify(root, asOf: "2034-01-01T00:00:00Z")
            guard case .valid = try verifier.verify(token, over: Self.message) else {
                Issue.record("\(try verifier.verify(token, over: Self.message))")
                return
            }
        }
    }

    @Test("an authority that no anchor leads to proves nothing, nor does one that has no role")
    func unknownAnchor() async throws {
        try await withAuthority { root, authority in
            try await withAuthority { other, _ in
                let token = try await stamp(authority)
                #expect(try verify(other).verify(token) == .unknownAnchor)
                let verifier = try verify(root, roles: [:])
                guard case .uncounted = try verifier.verify(token) else {
                    Issue.record("the policy gives its anchor no role")
                    return
                }
            }
        }
    }

    @Test(
        "a certificate that is not for time-stamps alone, critically, makes a token wrong",
        arguments: ["timeStamping", "critical,timeStamping,codeSigning", "codeSigning"])
    func wrongUsage(usage: String) async throws {
        try await withAuthority { root, _ in
            let authority = try await root.certify(
                "wrong", ["keyUsage=critical,digitalSignature", "extendedKeyUsage=\(usage)"])
            #expect(isInvalid(try verify(root).verify(try await stamp(authority))))
        }
    }

    @Test("an authority whose certificate had ended at the token's time makes it wrong")
    func ended() async throws {
        try await withAuthority { root, _ in
            let authority = try await root.certify(
                "short", Authority.timeStampExtensions, from: "20250101000000Z",
                to: "20260115000000Z")
            let verifier = try verify(root, asOf: "2030-01-01T00:00:00Z")
            #expect(isInvalid(try verifier.verify(try await stamp(authority))))
            // One that ended since is right.
            let inTime = try await stamp(authority, at: "20260110000000Z")
            guard case .valid = try verifier.verify(inTime) else {
                Issue.record("it was valid at the token's time")
                return
            }
        }
    }

    @Test("a token over SHA-1 is not accepted, also over the right bytes")
    func weakImprint() async throws {
        try await withAuthority { root, authority in
            let file = try await authority.token(
                over: [UInt8](repeating: 7, count: 20), at: "20260201000000Z",
                algorithm: [0x2B, 0x0E, 3, 2, 0x1A])
            #expect(
                try verify(root).verify(TimeStampToken(parsing: file))
                    == .uncounted("its digest is by an algorithm weaker than SHA-256"))
        }
    }

    @Test("a token whose signature was changed is wrong")
    func changed() async throws {
        try await withAuthority { root, authority in
            var file = try await authority.token(
                over: SHA256Digest.of(Self.message).bytes, at: "20260201000000Z")
            file[file.count - 5] ^= 1
            #expect(isInvalid(try verify(root).verify(TimeStampToken(parsing: file))))
        }
    }

    @Test("a policy can name the policies under which tokens count")
    func policies() async throws {
        try await withAuthority { root, authority in
            let token = try await stamp(authority)
            for (policy, counts) in ["1.2.3.4.1": true, "1.2.3.4.2": false] {
                let verifier = try verify(
                    root, [JSONMember("policies", .array([JSON(policy)]))])
                if case .valid = try verifier.verify(token) {
                    #expect(counts)
                } else {
                    #expect(!counts)
                }
            }
        }
    }

    @Test("an authority that was revoked before the token's time makes it wrong")
    func revokedAuthority() async throws {
        try await withAuthority { root, authority in
            let token = try await stamp(authority)
            let revoking = try await verify(root, revoking: authority, at: "260131000000Z")
            #expect(isInvalid(try revoking.verify(token)))
            guard case .uncounted = try verify(root, [member("revocation", "crl")]).verify(token)
            else {
                Issue.record("without a list it cannot be told")
                return
            }
        }
    }

    @Test(
        "an authority that was revoked since proves nothing, unless nobody else had its key",
        arguments: [
            "": false, ",keyCompromise": false, ",CACompromise": false, ",certificateHold": false,
            ",superseded": true, ",affiliationChanged": true, ",cessationOfOperation": true,
        ])
    func revokedSince(reason: String, counts: Bool) async throws {
        try await withAuthority { root, authority in
            let verifier = try await self.verify(
                root, revoking: authority, at: "260301000000Z", reason: reason)
            switch try verifier.verify(try await stamp(authority)) {
            case .valid: #expect(counts)
            case .uncounted: #expect(!counts)
            case let other: Issue.record("\(other)")
            }
        }
    }

    @Test("a compromised anchor proves nothing at any time")
    func compromised() async throws {
        try await withAuthority { root, authority in
            for instant in ["2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
                let verifier = try verify(
                    root, [revoked("2026-01-01T00:00:00Z", "compromised")], asOf: instant)
                guard case .uncounted = try verifier.verify(try await stamp(authority)) else {
                    Issue.record("whoever has the key can stamp any time, also after \(instant)")
                    return
                }
            }
        }
    }

    @Test(
        "an extension of a token is passed over, unless it is critical", arguments: [false, true])
    func extensions(isCritical: Bool) async throws {
        try await withAuthority { root, authority in
            let statement =
                der(0x06, [0x2B, 6, 1, 5, 5, 7, 1, 3]) + (isCritical ? der(0x01, [0xFF]) : [])
                + der(0x04, der(0x30, []))
            let file = try await authority.token(
                over: SHA256Digest.of(Self.message).bytes, at: "20260201000000Z",
                extensions: der(0xA1, der(0x30, statement)))
            let token = try? TimeStampToken(parsing: file)
            #expect((token == nil) == isCritical)
            guard let token else { return }
            guard case .valid = try verify(root).verify(token, over: Self.message) else {
                Issue.record("\(try verify(root).verify(token, over: Self.message))")
                return
            }
        }
    }

    @Test("a token dates exactly the signature that it covers, for CMS its value")
    func dating() async throws {
        try await withAuthority { root, authority in
            let signer = try Signer()
            let ended = signer.entry(
                "signer", operator: "acme", [member("not_after", "2026-03-01T00:00:00Z")])
            let policy = try SignaturesTests.policy(
                [ended, entry(root)],
                roles: ["release": rule(["signer"]), "timestamp": rule(["tsa"])])
            let verifier = try SignaturesTests.verify(policy, asOf: "2029-01-01T00:00:00Z")
            let file = try signer.sign(seal.bytes)
            func isAccepted(over bytes: [UInt8]) async throws -> Bool {
                let token = try await stamp(authority, over: bytes)
                guard case .valid(let proof) = try verifier.verify(token) else { return false }
                let stamps: TimeStamps = [TimeStamp(imprint: token.imprint, proof: proof)]
                let results = try verifier.verify(file, as: .raw, over: seal, stamps: stamps)
                return results.map(\.outcome) == [.accepted]
            }
            #expect(try await isAccepted(over: file))
            #expect(try await !isAccepted(over: seal.bytes))
            let leaf = try await root.certify("leaf")
            let cms = try await sign(seal.bytes, leaf)
            let value = try #require(SignatureFormat.cms.timeStampedBytes(of: cms).first)
            #expect(value != cms)
            #expect(try value == SignedData(parsing: cms).signers.first?.signature)
            #expect(SignatureFormat.raw.timeStampedBytes(of: file) == [file])
        }
    }

    @Test("no change to a signature with its time-stamp inside makes it prove another time")
    func damage() async throws {
        try await withAuthority { root, authority in
            let leaf = try await root.certify("leaf")
            let plain = try await sign(seal.bytes, leaf)
            let value = try #require(SignatureFormat.cms.timeStampedBytes(of: plain).first)
            let token = try await authority.token(
                over: SHA256Digest.of(value).bytes, at: "20260201000000Z")
            let type: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14]
            let file = derAppending(
                der(0xA1, der(0x30, der(0x06, type) + der(0x31, token))), to: plain, depth: 4)
            let verifier = try verify(root)
            func instants(_ file: [UInt8]) throws -> [Instant] {
                try verifier.verify(file, as: .cms, over: seal).flatMap(\.timeStamps)
                    .compactMap(\.proof?.instant)
            }
            let proven = try at("2026-02-01T00:00:00Z")
            #expect(try instants(file) == [proven])
            for index in stride(from: plain.count, to: file.count, by: 3) {
                var changed = file
                changed[index] ^= 1 << (index % 8)
                #expect(try instants(changed).allSatisfy { $0 == proven }, "byte \(index)")
            }
        }
    }

    private func stamp(
        _ authority: Authority.Certified, over bytes: [UInt8] = message,
        at time: String = "20260201000000Z"
    ) async throws -> TimeStampToken {
        let digest = try SHA256Digest.of(bytes).bytes
        return try await TimeStampToken(parsing: authority.token(over: digest, at: time))
    }

    /// A judge that knows of a list on which an authority was revoked.
    private func verify(
        _ root: Authority, revoking authority: Authority.Certified, at time: String,
        reason: String = ""
    ) async throws -> SignatureVerifier {
        var material = UntrustedCertificates()
        try material.add(
            try await root.revocationList(
                [.init(authority, at: time, reason: reason)], from: "20260302000000Z"))
        return SignatureVerifier(
            policy: try policy(root, [member("revocation", "crl")]),
            asOf: try at("2026-06-01T00:00:00Z"), release: "payments", material: material)
    }

    private func isInvalid(_ result: TimeProofResult) -> Bool {
        if case .invalid = result { true } else { false }
    }

    private func entry(_ root: Authority, _ members: [JSONMember] = []) throws -> JSON {
        .object(
            [
                member("id", "tsa"), member("operator", "stamper"), member("format", "timestamp"),
                JSONMember("key", .string(try root.own.certificate())),
            ] + members)
    }

    private func policy(
        _ root: Authority, _ members: [JSONMember] = [],
        roles: KeyValuePairs<String, JSON> = ["timestamp": rule(["tsa"])]
    ) throws -> TrustPolicy {
        try SignaturesTests.policy([entry(root, members)], roles: roles)
    }

    private func verify(
        _ root: Authority, _ members: [JSONMember] = [], asOf: String = "2026-06-01T00:00:00Z",
        roles: KeyValuePairs<String, JSON> = ["timestamp": rule(["tsa"])]
    ) throws -> SignatureVerifier {
        try SignaturesTests.verify(policy(root, members, roles: roles), asOf: asOf)
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
