import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("A revocation in a list by another key of the issuer", .requires("openssl"))
struct RevokedByOtherKeyTests {
    @Test("counts against a signer, whichever certificate of the older key comes along")
    func signer() async throws {
        try await Rollover.run { scene in
            for others in [[scene.oldByNew, scene.newByRoot], [scene.oldByRoot, scene.newByRoot]] {
                for isRevoked in [false, true] {
                    let lists = [
                        try await scene.root.revocationList(),
                        try await scene.new.revocationList(
                            isRevoked ? [.init(scene.leaf, at: "260301000000Z")] : []),
                    ]
                    let verifier = SignatureVerifier(
                        policy: try policy(
                            [
                                anchor(
                                    scene.root, "x509",
                                    [JSONMember("subjects", .array(["CN=leaf,O=Acme"]))])
                            ], roles: ["archive": rule(["ca"])]),
                        asOf: try at("2026-06-01T00:00:00Z"), release: "payments",
                        material: try material(lists + others.map { try $0.certificate() }))
                    let file = try await sign(seal.bytes, scene.leaf)
                    let outcomes = try verifier.verify(file, as: .cms, over: seal).map(\.outcome)
                    if case .certificate(.revoked)? = outcomes.first {
                        #expect(isRevoked)
                    } else {
                        #expect(!isRevoked && outcomes == [.accepted], "\(outcomes)")
                    }
                }
            }
        }
    }

    @Test("counts against a time-stamp authority, whether the policy demands lists or not")
    func timeStampAuthority() async throws {
        try await Rollover.run(leaf: Authority.timeStampExtensions) { scene in
            let token = try await TimeStampToken(
                parsing: scene.leaf.token(
                    over: SHA256Digest.of([1]).bytes, at: "20251201000000Z"))
            for demand in ["crl", "none"] {
                for reason in [nil, ",keyCompromise", ",superseded"] as [String?] {
                    let lists = [
                        try await scene.root.revocationList(),
                        try await scene.new.revocationList(
                            reason.map { [.init(scene.leaf, at: "251101000000Z", reason: $0)] }
                                ?? []),
                    ]
                    let others = [scene.oldByNew, scene.newByRoot]
                    let verifier = SignatureVerifier(
                        policy: try policy(
                            [anchor(scene.root, "timestamp", [member("revocation", demand)])],
                            roles: ["timestamp": rule(["ca"])]),
                        asOf: try at("2026-06-01T00:00:00Z"), release: "payments",
                        material: try material(lists + others.map { try $0.certificate() }))
                    let result = try verifier.verify(token)
                    #expect((result.proof != nil) == (reason == nil), "\(result)")
                }
            }
        }
    }

    @Test("is unknown where its algorithm is, also where the policy demands no lists")
    func unknownAlgorithm() async throws {
        try await Rollover.run { scene in
            let known: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
            for isRevoked in [false, true] {
                var list = try #require(
                    material([
                        await scene.old.revocationList(
                            isRevoked ? [.init(scene.leaf, at: "260301000000Z")] : [])
                    ]).revocationLists.first
                ).der
                for start in list.indices.dropLast(known.count)
                where Array(list[start..<start + known.count]) == known {
                    list[start + known.count - 1] = 0x7F
                }
                let verifier = SignatureVerifier(
                    policy: try policy(
                        [
                            anchor(
                                scene.root, "x509",
                                [
                                    JSONMember("subjects", .array(["CN=leaf,O=Acme"])),
                                    member("revocation", "none"),
                                ])
                        ], roles: ["archive": rule(["ca"])]),
                    asOf: try at("2026-06-01T00:00:00Z"), release: "payments",
                    material: try material([list, scene.oldByRoot.certificate()]))
                let file = try await sign(seal.bytes, scene.leaf)
                let outcomes = try verifier.verify(file, as: .cms, over: seal).map(\.outcome)
                if case .certificate(.revocationUnknown(let reason))? = outcomes.first {
                    #expect(isRevoked && reason.contains("1.2.840.10045.4.3.127"))
                } else {
                    #expect(!isRevoked && outcomes == [.accepted], "\(outcomes)")
                }
            }
        }
    }

    private func anchor(
        _ root: Authority, _ format: String, _ members: [JSONMember]
    ) throws -> JSON {
        .object(
            [
                member("id", "ca"), member("operator", "acme"), member("format", format),
                JSONMember("key", .string(try root.own.certificate())),
            ] + members)
    }

    private func material(_ files: [[UInt8]]) throws -> UntrustedCertificates {
        var material = UntrustedCertificates()
        for file in files { try material.add(file) }
        return material
    }
}
