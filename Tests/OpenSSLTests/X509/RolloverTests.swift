import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// An authority under two keys: the older certified the leaf, the newer signs lists (RFC 4210, 4.4).
@Suite("Lists by another key of the issuer", .requires("openssl"))
struct RolloverTests {
    @Test("a revocation in it is read, by whichever chain the leaf comes, as openssl verify does")
    func revoked() async throws {
        try await Rollover.run { scene in
            let revoking = try await scene.new.revocationList(
                [.init(scene.leaf, at: "260301000000Z")])
            let ofRoot = try await list(scene.root)
            let lists = [ofRoot, try RevocationListReading.read(revoking)]
            #expect(try entries(of: scene.long(), lists).count == 1)
            // With the certificate of the new key at hand the plain chain is covered, and read.
            let others = [try read(scene.newByRoot)]
            #expect(try entries(of: scene.plain(), lists, besides: others).count == 1)
            #expect(try gap(in: scene.plain(), lists, besides: others) == nil)
            // Without it nobody knows whose list that is.
            #expect(try entries(of: scene.plain(), lists) == [])
            #expect(try gap(in: scene.plain(), lists)?.subject == bytes("CN=leaf,O=Acme"))

            let root = scene.root
            try writeFile(
                scene.oldByNew.certificate() + scene.newByRoot.certificate(),
                to: root.path("others"))
            try writeFile(try await root.revocationList() + revoking, to: root.path("lists"))
            #expect(try await !verifies(scene, ["-untrusted", "others"]))
            try writeFile(
                scene.oldByRoot.certificate() + scene.newByRoot.certificate(),
                to: root.path("others"))
            #expect(try await !verifies(scene, ["-untrusted", "others", "-extended_crl"]))
        }
    }

    @Test("certtool finds the revocation in it too", .requires("certtool"))
    func certtool() async throws {
        try await Rollover.run { scene in
            let root = scene.root
            try writeFile(
                scene.leaf.certificate() + scene.oldByNew.certificate()
                    + scene.newByRoot.certificate(), to: root.path("chain"))
            for isRevoked in [false, true] {
                let revoked = isRevoked ? [Authority.Revoked(scene.leaf, at: "260301000000Z")] : []
                try writeFile(
                    try await root.revocationList() + scene.new.revocationList(revoked),
                    to: root.path("lists"))
                let isRight = try? await runSuccessfully(
                    "certtool",
                    [
                        "--verify", "--load-ca-certificate", root.own.path, "--load-crl",
                        root.path("lists"), "--infile", root.path("chain"),
                    ])
                #expect((isRight == nil) == isRevoked)
            }
        }
    }

    @Test("a whole list by the new key covers the leaf, and `openssl verify` agrees")
    func covered() async throws {
        try await Rollover.run { scene in
            let ofNew = try await scene.new.revocationList()
            let lists = [try await list(scene.root), try RevocationListReading.read(ofNew)]
            #expect(try gap(in: scene.long(), lists) == nil)
            let others = [try read(scene.newByRoot)]
            #expect(try gap(in: scene.plain(), lists, besides: others) == nil)
            let root = scene.root
            try writeFile(
                scene.oldByNew.certificate() + scene.newByRoot.certificate(),
                to: root.path("others"))
            try writeFile(try await root.revocationList() + ofNew, to: root.path("lists"))
            #expect(try await verifies(scene, ["-untrusted", "others"]))
        }
    }

    @Test("a list by the old key covers the leaf, and never that key's own certificate")
    func selfVouching() async throws {
        try await Rollover.run { scene in
            let lists = [try await list(scene.root), try await list(scene.old)]
            #expect(try gap(in: scene.plain(), lists) == nil)
            let found = try gap(in: scene.long(), lists)
            #expect(found?.subject == bytes("CN=middle,O=Acme"))
            #expect(found?.reason.contains("vouch") == true)
        }
    }

    @Test("a key that was revoked itself covers nothing, and what it revoked stays revoked")
    func revokedKey() async throws {
        try await Rollover.run { scene in
            let others = [try read(scene.newByRoot)]
            let ofRoot = try await list(
                scene.root, [.init(scene.newByRoot, at: "260301000000Z")])
            let whole = [ofRoot, try await list(scene.new)]
            let found = try gap(in: scene.plain(), whole, besides: others)
            #expect(found?.subject == bytes("CN=leaf,O=Acme"))
            let revoking = try await list(scene.new, [.init(scene.leaf, at: "260301000000Z")])
            #expect(
                try entries(of: scene.plain(), [ofRoot, revoking], besides: others).count == 1)
            // Nor does one whose own certificate no list covers.
            let silent = [try await list(scene.new)]
            #expect(try gap(in: scene.plain(), silent, besides: others) != nil)
        }
    }

    @Test("no list beside it, and no certificate before the right one, hides an entry")
    func hostile() async throws {
        try await Rollover.run { scene in
            let revoking = try await list(scene.new, [.init(scene.leaf, at: "260301000000Z")])
            var lists = [try await list(scene.root), revoking]
            // Whole lists of both keys, older and newer, and one that takes back.
            lists =
                try await [
                    list(scene.old), list(scene.new),
                    list(scene.new, extensions: ["2.5.29.27=critical,DER:020101"]),
                ] + lists
            let back = try await list(
                scene.new, [.init(scene.leaf, at: "260401000000Z", reason: ",removeFromCRL")],
                extensions: ["2.5.29.27=critical,DER:020101"])
            lists.append(back)
            #expect(try entries(of: scene.long(), lists).map(\.at) == [1_772_323_200])
            // Certificates of the same name and key identifier that lead nowhere, first.
            try makeDirectory(scene.root.path("junk"))
            let junk = try await Authority.root(in: scene.root.path("junk"), named: "middle")
            var certificates: [Certificate] = []
            for index in 0..<8 {
                certificates.append(
                    try read(
                        await junk.certify(
                            "junk\(index)", Authority.authorityExtensions, of: scene.new.own,
                            subject: "middle")))
            }
            certificates.append(try read(scene.newByRoot))
            #expect(
                try entries(of: scene.plain(), lists, besides: certificates).map(\.at)
                    == [1_772_323_200])
        }
    }

    @Test("64 lists, 64 certificates and as many keys are read")
    func many() async throws {
        try await Rollover.run { scene in
            var certificates: [Certificate] = []
            for index in 0..<31 {
                certificates.append(
                    try read(
                        await scene.root.certify(
                            "extra\(index)", Authority.authorityExtensions, subject: "middle")))
            }
            certificates += [try read(scene.newByRoot)]
            var lists = [try await list(scene.root)]
            for index in 0..<62 {
                lists.append(
                    try await list(
                        scene.new,
                        extensions: [
                            "crlNumber=DER:0201\(index < 16 ? "0" : "")"
                                + String(index, radix: 16)
                        ]))
            }
            lists.append(try await list(scene.new, [.init(scene.leaf, at: "260301000000Z")]))
            for _ in 0..<10 {
                #expect(
                    try entries(of: scene.plain(), lists, besides: certificates).count == 1)
                #expect(try gap(in: scene.plain(), lists, besides: certificates) == nil)
            }
        }
    }

    private func verifies(_ scene: Rollover, _ options: [String]) async throws -> Bool {
        let arguments =
            ["verify", "-x509_strict", "-attime", "\(ChainTests.now)", "-crl_check_all"]
            + ["-CAfile", scene.root.own.path, "-CRLfile", "lists"] + options + [scene.leaf.path]
        return (try? await scene.root.openssl(arguments)) != nil
    }
}

extension Rollover {
    /// The chain by what the new key says of the old one.
    fileprivate func long() throws -> [Certificate] {
        try [read(leaf), read(oldByNew), read(newByRoot), read(root.own)]
    }

    /// The chain by what the root says of the old key.
    fileprivate func plain() throws -> [Certificate] {
        try [read(leaf), read(oldByRoot), read(root.own)]
    }
}
