import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("CMS between here and gpgsm", .requires("gpgsm"), .requires("gpgconf"), .requires("openssl"))
struct GPGSMTests {
    /// The program `gpgsm` over a home of its own, which trusts one authority.
    private struct Tool {
        let root: Authority
        let leaf: Authority.Certified
        let home: String

        func callAsFunction(_ arguments: [String], stdin: [UInt8] = []) async throws -> RunResult {
            let options = [
                "--homedir", home, "--batch", "--disable-crl-checks", "--pinentry-mode", "loopback",
                "--passphrase-fd", "0",
            ]
            return try await run("gpgsm", options + arguments, stdin: stdin)
        }

        /// What it writes over content, with its options.
        func sign(_ content: [UInt8], _ options: [String]) async throws -> [UInt8] {
            try writeFile(content, to: root.path("message"))
            let result = try await self(
                options + [
                    "--output", "-", "--local-user", "leaf@acme.test", root.path("message"),
                ],
                stdin: Array("x\n".utf8))
            try #require(result.status == 0, "\(result.stderrText)")
            return result.stdout
        }

        func accepts(_ signature: [UInt8], over content: [UInt8]) async throws -> Bool {
            try writeFile(signature, to: root.path("s.p7s"))
            try writeFile(content, to: root.path("message"))
            return try await self(["--verify", root.path("s.p7s"), root.path("message")]).status
                == 0
        }
    }

    private func withTool(
        key: [String], signing: Bool = true, _ body: (Tool, TrustPolicy) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let root = try await Authority.root(in: folder)
            let extensions = [
                "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                "extendedKeyUsage=emailProtection", "subjectAltName=email:leaf@acme.test",
            ]
            let leaf = try await root.certify("leaf", extensions, key: key)
            // What its PKCS #12 reader of every version takes.
            try await root.openssl([
                "pkcs12", "-export", "-in", leaf.path, "-inkey", leaf.keyPath, "-certfile",
                root.own.path, "-out", "leaf.p12", "-passout", "pass:x", "-keypbe",
                "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1",
            ])
            let home = root.path("home")
            try await runSuccessfully("mkdir", ["-m", "700", home])
            let print = try await root.openssl([
                "x509", "-noout", "-fingerprint", "-sha1", "-in", root.own.path,
            ])
            let fingerprint = print.split(separator: UInt8(ascii: "=")).last.map { Array($0) } ?? []
            try writeFile(
                withoutLine(fingerprint) + Array(" S relax\n".utf8), to: home + "/trustlist.txt")
            let tool = Tool(root: root, leaf: leaf, home: home)
            let policy = try policy(
                [
                    .object([
                        member("id", "ca"), member("operator", "acme"), member("format", "x509"),
                        JSONMember("key", .string(try root.own.certificate())),
                        JSONMember("subjects", .array(["email:leaf@acme.test"])),
                        JSONMember("purposes", .array(["emailProtection"])),
                        member("revocation", "none"),
                    ])
                ], roles: ["archive": rule(["ca"])])
            let result: Result<Void, any Error>
            do {
                // Version 2.2.40 crashes on the keys of elliptic curves, and needs none to verify.
                let file = signing ? root.path("leaf.p12") : leaf.path
                for file in [root.own.path, file] {
                    let imported = try await tool(["--import", file], stdin: Array("x\n".utf8))
                    try #require(imported.status == 0, "\(imported.stderrText)")
                }
                result = .success(try await body(tool, policy))
            } catch { result = .failure(error) }
            _ = try? await run("gpgconf", ["--homedir", home, "--kill", "all"])
            try result.get()
        }
    }

    private func withoutLine(_ text: [UInt8]) -> [UInt8] { text.filter { $0 > 0x20 } }

    @Test("what it signs counts, in every form that it writes, and over nothing else")
    func foreign() async throws {
        try await withTool(key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]) {
            tool, policy in
            let verifier = try verify(policy)
            for form in [[], ["--armor"], ["--base64"]] {
                for mode in ["--detach-sign", "--sign"] {
                    let file = try await tool.sign(seal.bytes, form + [mode])
                    #expect(SignatureFormat.recognise(file) == .format(.cms), "\(form) \(mode)")
                    let found = try verifier.verify(file, as: .cms, over: seal)
                    #expect(found.map(\.outcome) == [.accepted], "\(form) \(mode)")
                    let other = SignedContent.seal(seal.bytes + [0x0A])
                    let refused = try verifier.verify(file, as: .cms, over: other)
                    #expect(refused.map(\.effect) == [.fails], "\(form) \(mode)")
                    #expect(refused.map(\.outcome.name) == ["otherContent"], "\(form) \(mode)")
                }
            }
            let file = try await tool.sign(seal.bytes, ["--detach-sign"])
            #expect(try await tool.accepts(file, over: seal.bytes))
            for place in stride(from: file.count - 20, to: file.count - 10, by: 3) {
                var changed = file
                changed[place] ^= 1
                #expect(try await !tool.accepts(changed, over: seal.bytes))
                let outcomes = try verifier.verify(changed, as: .cms, over: seal).map(\.outcome)
                #expect(outcomes != [.accepted])
            }
        }
    }

    @Test(
        "it verifies what we sign, over nothing else",
        arguments: [
            (
                ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                [SignatureAlgorithm.rsaPKCS1SHA256, .rsaPSSSHA256, .rsaPKCS1SHA512]
            ),
            (
                ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], [.ecdsaP256SHA256]
            ),
            (
                ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], [.ecdsaP384SHA384]
            ),
        ])
    func ours(key: [String], algorithms: [SignatureAlgorithm]) async throws {
        try await withTool(key: key, signing: false) { tool, _ in
            let privateKey = try tool.leaf.key()
            for algorithm in algorithms {
                let file = try SignatureFormat.signCMS(
                    seal, with: PrivateKey(parsing: privateKey, passphrase: nil),
                    certificates: [read(tool.leaf), read(tool.root.own)], algorithm: algorithm)
                #expect(try await tool.accepts(file, over: seal.bytes), "\(algorithm)")
                #expect(try await !tool.accepts(file, over: seal.bytes + [0]), "\(algorithm)")
            }
        }
    }
}
