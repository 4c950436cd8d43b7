import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("What a list covers", .requires("openssl"))
struct ListScopeTests {
    /// Lines of OpenSSL's configuration that make a list of a kind, and how it covers a leaf that names
    /// the distribution point http://a.test/list.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lines: [String]
        let reason: String?

        init(_ name: String, _ lines: [String], covers reason: String?) {
            testDescription = name
            self.lines = lines
            self.reason = reason
        }

        static func point(_ lines: String...) -> [String] {
            ["issuingDistributionPoint=critical,@point", "[point]"] + lines
        }
    }

    static let kinds: [Kind] = [
        Kind("a complete list", [], covers: nil),
        Kind("a delta list", ["2.5.29.27=critical,DER:020101"], covers: "never covers alone"),
        Kind("an indirect list", Kind.point("indirectCRL=TRUE"), covers: "never covers"),
        Kind(
            "some reasons", Kind.point("onlysomereasons=keyCompromise, superseded"),
            covers: "never cover alone"),
        Kind("users", Kind.point("onlyuser=TRUE"), covers: nil),
        Kind("authorities", Kind.point("onlyCA=TRUE"), covers: "authorities only"),
        Kind("attributes", Kind.point("onlyAA=TRUE"), covers: "attribute certificates"),
        Kind("its own place", Kind.point("fullname=URI:http://a.test/list"), covers: nil),
        Kind(
            "another place", Kind.point("fullname=URI:http://b.test/list"),
            covers: "distribution point"),
        Kind(
            "an unknown critical extension", ["1.2.3.4=critical,DER:0500"],
            covers: "critical extension"),
        Kind("an unknown extension", ["1.2.3.4=DER:0500"], covers: nil),
    ]

    @Test("and that its entries count in any case", arguments: kinds)
    func covers(kind: Kind) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify(
                "leaf",
                Authority.signerExtensions + ["crlDistributionPoints=URI:http://a.test/list"])
            let chain = try [read(leaf), read(root.own)]
            let whole = try await list(root, extensions: kind.lines)
            let found = try gap(in: chain, [whole])
            if let reason = kind.reason {
                #expect(found?.reason.contains(reason) == true, "\(String(describing: found))")
            } else {
                #expect(found == nil)
            }
            // `openssl verify` takes no list that does not cover here, but a delta for a complete one.
            try writeFile(
                try await root.revocationList(extensions: kind.lines), to: root.path("lists"))
            let oracle = try? await root.openssl([
                "verify", "-x509_strict", "-crl_check", "-attime", "\(ChainTests.now)", "-CAfile",
                root.own.path, "-CRLfile", "lists", leaf.path,
            ])
            let isDelta = kind.lines.contains { $0.contains("2.5.29.27") }
            #expect((oracle != nil) == (kind.reason == nil || isDelta))
            for reason in ["", ",keyCompromise", ",removeFromCRL", ",certificateHold"] {
                let revoking = try await list(
                    root, [.init(leaf, at: "260301000000Z", reason: reason)],
                    extensions: kind.lines)
                // Only a delta list can take back, and then it says nothing.
                let count = isDelta && reason == ",removeFromCRL" ? 0 : 1
                #expect(try entries(of: chain, [revoking]).count == count, "\(reason)")
            }
        }
    }

    @Test("lists of some reasons cover together what they name between them")
    func someReasons() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            func some(_ reasons: String) async throws -> RevocationList {
                try await list(root, extensions: Kind.point("onlysomereasons=\(reasons)"))
            }
            let first = try await some("keyCompromise, CACompromise, superseded")
            let rest = try await some(
                "affiliationChanged, cessationOfOperation, certificateHold, privilegeWithdrawn, "
                    + "AACompromise")
            #expect(try gap(in: chain, [first]) != nil)
            #expect(try gap(in: chain, [rest]) != nil)
            #expect(try gap(in: chain, [first, rest]) == nil)
            #expect(try gap(in: chain, [first, first]) != nil)
        }
    }

    @Test("an authority's list is about it where it says so")
    func authorities() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            let chain = try [read(leaf), read(middle.own), read(root.own)]
            let ofMiddle = try await list(middle, extensions: Kind.point("onlyuser=TRUE"))
            let ofRoot = try await list(root, extensions: Kind.point("onlyCA=TRUE"))
            #expect(try gap(in: chain, [ofMiddle, ofRoot]) == nil)
            let wrong = try await list(root, extensions: Kind.point("onlyuser=TRUE"))
            #expect(try gap(in: chain, [ofMiddle, wrong])?.subject == bytes("CN=middle,O=Acme"))
        }
    }

    @Test("a place is one whether it is written whole or below the issuer's name")
    func relativePlace() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify(
                "leaf",
                Authority.signerExtensions + [
                    "crlDistributionPoints=place", "[place]", "fullname=dirName:whole", "[whole]",
                    "0.O=Acme", "1.CN=root", "2.OU=lists",
                ])
            let chain = try [read(leaf), read(root.own)]
            let relative = try await list(
                root, extensions: Kind.point("relativename=rest", "[rest]", "OU=lists"))
            #expect(try gap(in: chain, [relative]) == nil)
            let other = try await list(
                root, extensions: Kind.point("relativename=rest", "[rest]", "OU=others"))
            #expect(try gap(in: chain, [other]) != nil)
        }
    }

    @Test(
        "an entry with a critical extension that nobody knows counts, and its list covers nothing")
    func unknownEntry() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let other = try await root.certify("other")
            for isCritical in [false, true] {
                let unknown = der(
                    0x30,
                    der(0x06, [0x2A, 3, 4]) + (isCritical ? der(0x01, [0xFF]) : [])
                        + der(0x04, der(0x05, [])))
                let made = try await handmade(root, revoking: leaf, with: unknown)
                #expect(try entries(of: [read(leaf), read(root.own)], [made]).count == 1)
                let found = try gap(in: [read(other), read(root.own)], [made])
                #expect((found != nil) == isCritical)
            }
        }
    }

    @Test("two entries for one certificate both count")
    func twice() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let chain = try [read(leaf), read(root.own)]
            func reason(_ code: UInt8) -> [UInt8] {
                der(0x30, der(0x06, [0x55, 0x1D, 21]) + der(0x04, der(0x0A, [code])))
            }
            let made = try await handmade(root, revoking: leaf, with: reason(4), reason(1))
            #expect(Set(try entries(of: chain, [made]).map(\.isKeyCompromise)) == [false, true])
        }
    }

    @Test("a key that is not for lists covers nothing, and what it revoked is revoked")
    func noListKey() async throws {
        let extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle", extensions: extensions)
            let leaf = try await middle.certify("leaf")
            let chain = try [read(leaf), read(middle.own), read(root.own)]
            let whole = [try await list(root), try await list(middle)]
            #expect(try gap(in: chain, whole)?.reason.contains("cRLSign") == true)
            let revoking = try await list(middle, [.init(leaf, at: "260301000000Z")])
            #expect(try entries(of: chain, [revoking]).count == 1)
            // A key of the same name that is for lists alone covers.
            try makeDirectory(root.path("lists"))
            let lister = try await Authority.root(in: root.path("lists"), named: "middle")
            let certified = try await root.certify(
                "lister", ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,cRLSign"],
                of: lister.own, subject: "middle")
            let lists = [try await list(root), try await list(lister)]
            #expect(try gap(in: chain, lists, besides: [read(certified)]) == nil)
            let plain = try await root.certify(
                "plain", ["basicConstraints=critical,CA:FALSE"], of: lister.own, subject: "middle")
            #expect(try gap(in: chain, lists, besides: [read(plain)]) != nil)
        }
    }

    /// A list with an entry for each extension, which the `openssl` command would not write.
    private func handmade(
        _ root: Authority, revoking leaf: Authority.Certified, with extensions: [UInt8]...
    ) async throws -> RevocationList {
        func name(_ place: UInt8, _ text: String) -> [UInt8] {
            der(0x31, der(0x30, der(0x06, [0x55, 4, place]) + der(0x0C, bytes(text))))
        }
        let serial = try await root.openssl(["x509", "-noout", "-serial", "-in", leaf.path])
        let digits = String(decoding: serial, as: UTF8.self).dropFirst("serial=".count)
            .filter(\.isHexDigit)
        var number = stride(from: 0, to: digits.count, by: 2).compactMap { place in
            UInt8(digits.dropFirst(place).prefix(2), radix: 16)
        }
        if let first = number.first, first >= 0x80 { number.insert(0, at: 0) }
        let algorithm = der(0x30, der(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]))
        let entries = extensions.flatMap { item in
            der(0x30, der(0x02, number) + der(0x17, bytes("260301000000Z")) + der(0x30, item))
        }
        let body = der(
            0x30,
            der(0x02, [1]) + algorithm + der(0x30, name(10, "Acme") + name(3, "root"))
                + der(0x17, bytes("260101000000Z")) + der(0x17, bytes("300101000000Z"))
                + der(0x30, entries))
        let signature = try await root.openssl(
            ["dgst", "-sha256", "-sign", "root.pem"], stdin: body)
        return try RevocationList(der: der(0x30, body + algorithm + der(0x03, [0] + signature)))
    }
}
