import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Anchors", .requires("openssl"))
struct AnchorTests {
    /// What an anchor's certificate says, and whether a leaf below it has a chain.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let extensions: [String]
        /// Whether Closeout takes it.
        let holds: Bool
        /// Whether `openssl verify -x509_strict -partial_chain` does, and without `-x509_strict`.
        let oracle: (strict: Bool, plain: Bool)

        init(
            _ title: String, _ extensions: [String], holds: Bool,
            oracle: (strict: Bool, plain: Bool)
        ) {
            testDescription = title
            self.extensions = extensions
            self.holds = holds
            self.oracle = oracle
        }
    }

    private static let usage = "keyUsage=critical,keyCertSign,cRLSign"
    private static let authority = "basicConstraints=critical,CA:TRUE"
    private static let identifier = "subjectKeyIdentifier=hash"

    /// Where strict and ours differ, it is for what the anchor leaves out.
    static let cases: [Case] = [
        Case("all of it", [authority, usage, identifier], holds: true, oracle: (true, true)),
        Case("no key usage", [authority, identifier], holds: true, oracle: (false, true)),
        Case(
            "no key identifier", [authority, usage, "subjectKeyIdentifier=none"], holds: true,
            oracle: (false, true)),
        Case(
            "no critical marks",
            ["basicConstraints=CA:TRUE", "keyUsage=keyCertSign,cRLSign", identifier],
            holds: true, oracle: (false, true)),
        Case(
            "nothing but CA:TRUE", ["basicConstraints=CA:TRUE", "subjectKeyIdentifier=none"],
            holds: true, oracle: (false, true)),
        Case(
            "a path length without key usage",
            ["basicConstraints=critical,CA:TRUE,pathlen:0", identifier], holds: true,
            oracle: (false, true)),
        Case(
            "key usage without basic constraints", [usage, identifier], holds: true,
            oracle: (false, true)),
        Case(
            "CA:FALSE", ["basicConstraints=critical,CA:FALSE", usage, identifier], holds: false,
            oracle: (false, false)),
        Case(
            "no basic constraints and no key usage", [identifier], holds: false,
            oracle: (false, false)),
        Case(
            "a key usage for signatures only",
            [authority, "keyUsage=critical,digitalSignature", identifier], holds: false,
            oracle: (false, false)),
        Case(
            "names of others",
            [authority, usage, identifier, "nameConstraints=critical,permitted;email:other.test"],
            holds: false, oracle: (false, false)),
        Case(
            "an unknown critical extension",
            [authority, usage, identifier, "1.2.3.4=critical,DER:0500"], holds: false,
            oracle: (false, false)),
    ]

    @Test("are forgiven what they leave out, and bound by what they state", arguments: cases)
    func forgiven(item: Case) async throws {
        try await withPlainRoot(item.extensions) { root in
            let leaf = try await leaf(below: root)
            #expect(try isChain(leaf, to: root.own) == item.holds)
            #expect(
                try await verifies(root, leaf, ["-x509_strict"]) == item.oracle.strict, "strict")
            #expect(try await verifies(root, leaf, []) == item.oracle.plain, "plain")
        }
    }

    @Test("are made by a plain openssl req -x509, as certtool says too", .requires("certtool"))
    func plainRequest() async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            try await root.openssl([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.pem", "-out",
                "root.crt.pem", "-subj", "/O=Acme/CN=root", "-days", "3650",
            ])
            let leaf = try await root.certify("leaf")
            let outcome = try ChainBuilder(anchor: read(root.own), untrusted: [])
                .chain(from: read(leaf), for: .signing, at: nil)
            #expect(try outcome == .chain([read(leaf), read(root.own)]))
            try await runSuccessfully(
                "certtool",
                ["--verify", "--load-ca-certificate", root.own.path, "--infile", leaf.path])
        }
    }

    @Test("in the middle of a hierarchy bind by path length and dates all the same")
    func partial() async throws {
        try await withAuthority { top in
            let short = [
                "basicConstraints=critical,CA:TRUE,pathlen:0",
                "keyUsage=critical,keyCertSign,cRLSign",
            ]
            let middle = try await top.authority(named: "middle", extensions: short)
            let below = try await middle.authority(named: "below")
            let (direct, deep) = (
                try await middle.certify("direct"), try await below.certify("deep")
            )
            let builder = ChainBuilder(
                anchor: try read(middle.own), untrusted: [try read(below.own), try read(top.own)])
            #expect(
                try builder.chain(from: read(direct), for: .signing, at: ChainTests.now)
                    == .chain([read(direct), read(middle.own)]))
            guard
                case .refused = try builder.chain(
                    from: read(deep), for: .signing, at: ChainTests.now)
            else {
                Issue.record("the path is longer than the anchor allows")
                return
            }
            let ended = try await top.certify(
                "ended", Authority.authorityExtensions, from: "20250101000000Z",
                to: "20260101000000Z", of: middle.own, subject: "middle")
            let late = ChainBuilder(anchor: try read(ended), untrusted: [])
            guard
                case .refused = try late.chain(
                    from: read(direct), for: .signing, at: ChainTests.now),
                case .chain = try late.chain(
                    from: read(direct), for: .signing, at: 1_750_000_000)
            else {
                Issue.record("the anchor's dates bind")
                return
            }
        }
    }

    @Test(
        "that are the signer's own certificate have a chain of one, whoever says to have issued it")
    func chainOfOne() async throws {
        try await withAuthority { root in
            let middle = try await root.authority(named: "middle")
            let leaf = try await middle.certify("leaf")
            for untrusted in [
                [], [try read(middle.own)], [try read(middle.own), try read(root.own)],
            ] {
                let builder = ChainBuilder(anchor: try read(leaf), untrusted: untrusted)
                #expect(
                    try builder.chain(from: read(leaf), for: .signing, at: ChainTests.now)
                        == .chain([read(leaf)]))
                guard
                    case .refused = try builder.chain(
                        from: read(leaf), for: .signing, at: 1_600_000_000)
                else {
                    Issue.record("its dates bind")
                    return
                }
            }
        }
    }

    @Test("of version 1 are end entities: a chain of one, and nothing below")
    func version1() async throws {
        try await withPlainRoot(nil) { root in
            let own = try read(root.own)
            let builder = ChainBuilder(anchor: own, untrusted: [])
            #expect(
                try builder.chain(from: own, for: .signing, at: 1_900_000_000) == .chain([own]))
            let leaf = try await leaf(below: root)
            #expect(try !isChain(leaf, to: root.own))
            // `openssl verify` takes what it certifies, but for strict rules.
            #expect(try await !verifies(root, leaf, ["-x509_strict"]))
            #expect(try await verifies(root, leaf, []))
        }
    }

    /// A self-signed root of these extensions and no others; of version 1 for nil.
    private func withPlainRoot(
        _ extensions: [String]?, _ body: (Authority) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            _ = try await root.selfSigned("root", extensions)
            try await body(root)
        }
    }

    private func leaf(below root: Authority) async throws -> Authority.Certified {
        try await root.certify(
            "leaf",
            Authority.signerExtensions + [
                "subjectAltName=email:a@acme.test", "authorityKeyIdentifier=keyid,issuer",
            ])
    }

    private func isChain(
        _ leaf: Authority.Certified, to anchor: Authority.Certified
    ) throws -> Bool {
        let outcome = try ChainBuilder(anchor: read(anchor), untrusted: [])
            .chain(from: read(leaf), for: .signing, at: nil)
        if case .chain = outcome { return true }
        return false
    }

    private func verifies(
        _ root: Authority, _ leaf: Authority.Certified, _ options: [String]
    ) async throws -> Bool {
        let arguments = ["verify", "-partial_chain", "-CAfile", root.own.path] + options
        return (try? await root.openssl(arguments + [leaf.path])) != nil
    }
}
