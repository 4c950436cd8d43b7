import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

/// What anybody can put beside a signature to keep a list that revokes from being read.
@Suite("Decoys before a revocation", .requires("openssl"))
struct DecoyTests {
    @Test("a certificate of the right name and key identifier hides no list, and breaks no chain")
    func twin() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            let newRoot = try await other(root, named: "root")
            let newMiddle = try await other(root, named: "middle")
            let extensions = Authority.authorityExtensions
            let rootByRoot = try read(
                await root.certify("a2", extensions, of: newRoot.own, subject: "root"))
            let middleByNew = try read(
                await newRoot.certify("i2", extensions, of: newMiddle.own, subject: "middle"))
            let revoking = try await list(newMiddle, [.init(leaf, at: "260301000000Z")])
            let chain = try [read(leaf), read(middle.own), read(root.own)]
            let decoy = try await twin(of: newRoot, "root", beside: root)
            for others in [[decoy, rootByRoot], [rootByRoot, decoy]] {
                #expect(
                    try entries(of: chain, [revoking], besides: [middleByNew] + others).count == 1)
            }
            let builder = ChainBuilder(
                anchor: chain[2],
                untrusted: [try await twin(of: middle, "middle", beside: root), chain[1]])
            #expect(try builder.chain(from: chain[0], for: .signing, at: nil) == .chain(chain))
        }
    }

    @Test("nor do many of the name, and too many make it unknown", arguments: [100, 1100])
    func crowd(count: Int) async throws {
        try await Rollover.run { scene in
            let revoking = try await list(scene.new, [.init(scene.leaf, at: "260301000000Z")])
            let chain = try [read(scene.leaf), read(scene.oldByRoot), read(scene.root.own)]
            let right = try read(scene.newByRoot)
            let decoys = try spoiled(right.der, count).map { try Certificate(der: $0) }
            let isRead = try entries(of: chain, [revoking], besides: decoys + [right]).count == 1
            let found = try doubts(of: chain, [revoking], besides: decoys + [right])
            #expect(isRead == (count < 1024))
            #expect(found.map(\.entry.at) == (isRead ? [] : [1_772_323_200]))
            // What a list does not say is not in doubt.
            let silent = try await list(scene.new)
            #expect(try doubts(of: chain, [silent], besides: decoys + [right]) == [])
        }
    }

    @Test(
        "lists that nobody signed hide none, and too many make it unknown", arguments: [500, 4200])
    func lists(count: Int) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            let right = try await list(root, [.init(leaf, at: "260301000000Z")])
            let lists = try spoiled(right.der, count).map { try RevocationList(der: $0) } + [right]
            let isRead = try entries(of: chain, lists).count == 1
            #expect(isRead == (count < 4096))
            #expect(try doubts(of: chain, lists).isEmpty == isRead)
        }
    }

    @Test("entries count by whatever algorithm, and few cover")
    func algorithms() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            _ = try await root.certify(
                "middle", Authority.authorityExtensions,
                key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
            let leaf = try await middle.certify("leaf")
            let chain = try [read(leaf), read(middle.own), read(root.own)]
            let ofRoot = try await list(root)
            for digest in ["sha1", "sha224", "sha3-256", "sha512-256", "sha256", "sha512"] {
                // The command makes no RSA-PSS with SHA-3.
                let pss = digest == "sha3-256" ? [] : [["-sigopt", "rsa_padding_mode:pss"]]
                for options in [[]] + pss {
                    _ = try await middle.revocationList([.init(leaf, at: "260301000000Z")])
                    let made = try RevocationListReading.read(
                        await middle.openssl(
                            [
                                "ca", "-gencrl", "-config", "middle.list.cnf", "-crlexts", "list",
                                "-md", digest, "-crldays", "30",
                            ] + options))
                    let found = try entries(of: chain, [made]).count
                    let open = try doubts(of: chain, [made]).count
                    // libcrypto knows no such signatures, and `openssl verify` gives up.
                    let isUnknown = digest == "sha512-256" && options.isEmpty
                    let right = isUnknown ? [0, 1] : [1, 0]
                    #expect([found, open] == right, "\(digest) \(options)")
                    let isCovered = try gap(in: chain, [ofRoot, made]) == nil
                    #expect(isCovered == ["sha256", "sha512"].contains(digest), "\(digest)")
                }
            }
        }
    }

    @Test("a list by an algorithm that nobody knows leaves open what it says, and is named")
    func unknownAlgorithm() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            let known: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]
            var made = try await list(root, [.init(leaf, at: "260301000000Z")]).der
            for start in made.indices.dropLast(known.count)
            where Array(made[start..<start + known.count]) == known {
                made[start + known.count - 1] = 0x7F
            }
            let unknown = [try RevocationList(der: made)]
            #expect(try entries(of: chain, unknown) == [])
            let found = try doubts(of: chain, unknown)
            #expect(found.map(\.entry.at) == [1_772_323_200])
            #expect(found.first?.reason.contains("1.2.840.10045.4.3.127") == true)
        }
    }

    /// Another authority of a name, in a folder below.
    private func other(_ root: Authority, named name: String) async throws -> Authority {
        try makeDirectory(root.path("other-\(name)"))
        return try await Authority.root(in: root.path("other-\(name)"), named: name)
    }

    /// A certificate by nobody, with a key of its own, and with an authority's name and identifier.
    private func twin(
        of authority: Authority, _ name: String, beside root: Authority
    ) async throws -> Certificate {
        let text = try await authority.openssl([
            "x509", "-noout", "-ext", "subjectKeyIdentifier", "-in", authority.own.path,
        ])
        let identifier = String(decoding: text, as: UTF8.self).split(separator: "\n").last ?? ""
        try makeDirectory(root.path("twin-\(name)"))
        let nobody = try await Authority.root(in: root.path("twin-\(name)"), named: "root")
        return try read(
            await nobody.certify(
                "twin",
                Authority.authorityExtensions + [
                    "subjectKeyIdentifier=\(identifier.filter { !$0.isWhitespace })",
                    "authorityKeyIdentifier=none",
                ], subject: name))
    }

    /// Copies with other signatures, which are all wrong.
    private func spoiled(_ der: [UInt8], _ count: Int) -> [[UInt8]] {
        (1...count).map { number in
            var der = der
            der[der.count - 1] ^= UInt8(number & 0xFF)
            der[der.count - 2] ^= UInt8(number >> 8)
            return der
        }
    }
}
