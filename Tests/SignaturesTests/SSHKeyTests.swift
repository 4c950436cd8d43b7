import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("SSH keys")
struct SSHKeyTests {
    private let line: String

    init() throws {
        let key = try Signer(.ed25519).publicKey
        line = String(decoding: try #require(SSHPublicKey.line(of: key)), as: UTF8.self)
    }

    private func entries(_ text: String) throws -> [KeyEntry] {
        try KeyEntry.entries(allowedSigners: Array(text.utf8)) ?? []
    }

    @Test(
        "What is written of a key is what ssh-keygen writes", .requires("ssh-keygen"),
        arguments: ["p256", "p384", "rsa2048", "rsa3072"])
    func foreign(name: String) async throws {
        let signer = try Signer(sample: name)
        let ours = try #require(SSHPublicKey.line(of: signer.publicKey))
        try await withTemporaryDirectory { folder in
            try writeFile(signer.publicKey.pem, to: "\(folder)/k.pem")
            let theirs = try await runSuccessfully(
                "ssh-keygen", ["-i", "-m", "PKCS8", "-f", "k.pem"], workingDirectory: folder)
            #expect(theirs == ours + [0x0A])
        }
        let policy = try TrustPolicy.single(
            ours + Array(" me@here\n".utf8), in: PolicyContext(acceptingSampleKeys: true))
        #expect(policy.keys.first?.material.publicKeys == [signer.publicKey])
        #expect(policy.keys.first?.format == .ssh)
        #expect(policy.roles.keys.map(\.self) == [.release])
    }

    @Test("A file allowed_signers becomes entries with its times and namespaces")
    func allowedSigners() throws {
        let text = """
            # people

            ann@acme,ann \(line) a comment
              bob@acme namespaces="file,release@acme",valid-after="20260101Z" \(line)
            bob@acme\tVALID-BEFORE="202612312359Z",valid-after="20260101010203Z"\t\(line)
            """
        let entries = try entries(text)
        #expect(entries.map(\.id) == ["ann@acme", "bob@acme", "bob@acme-2"])
        #expect(entries.map(\.operator) == ["ann@acme", "bob@acme", "bob@acme"])
        #expect(
            entries.map(\.notBefore) == [
                nil, try at("2026-01-01T00:00:00Z"), try at("2026-01-01T01:02:03Z"),
            ])
        #expect(entries.map(\.notAfter) == [nil, nil, try at("2026-12-31T23:59:00Z")])
        #expect(
            entries.map(\.details) == [
                [], [JSONMember("namespaces", ["file", "release@acme"])], [],
            ])
        var own = entries[1]
        own.operator = "one"
        let policy = try TrustPolicy.starting(with: [own], roles: [RoleEntry(.release)])
        #expect(policy.keys.first?.notBefore == entries[1].notBefore)
        let single = try TrustPolicy.single(Array("a valid-after=\"20260101Z\" \(line)\n".utf8))
        #expect(single.keys.first?.notBefore == entries[1].notBefore)
    }

    @Test("A window of allowed_signers is read as ssh-keygen reads it", .requires("ssh-keygen"))
    func windows() async throws {
        let signer = try Signer(.ed25519)
        let publicLine = String(
            decoding: try #require(SSHPublicKey.line(of: signer.publicKey)), as: UTF8.self)
        let allowed =
            "me valid-after=\"20260101Z\",valid-before=\"20261231235959Z\" \(publicLine)\n"
        let policy = try TrustPolicy.single(Array(allowed.utf8))
        let file = try #require(
            try SignatureFormat.ssh.sign(seal, with: signer.key(), algorithm: .ed25519))
        try await withTemporaryDirectory { folder in
            // This version's tool reads times in the zone of the machine, without the Z.
            try writeFile(
                allowed.replacing("Z\"", with: "\""), to: "\(folder)/allowed")
            try writeFile(file, to: "\(folder)/sig")
            for (instant, time, isValid) in [
                ("2025-12-31T23:59:59Z", "20251231235959", false),
                ("2026-01-01T00:00:00Z", "20260101000000", true),
                ("2026-12-31T23:59:59Z", "20261231235959", true),
                ("2027-01-01T00:00:00Z", "20270101000000", false),
            ] {
                let outcome = try verify(policy, asOf: instant).verify(file, as: .ssh, over: seal)
                #expect(outcome.map(\.effect) == [isValid ? .counts : .ignored])
                let result = try await run(
                    "ssh-keygen",
                    [
                        "-Y", "verify", "-n", "closeout", "-f", "allowed", "-I", "me", "-s", "sig",
                        "-O", "verify-time=\(time)",
                    ], stdin: seal.bytes, environment: ["TZ": "UTC"], workingDirectory: folder)
                #expect((result.status == 0) == isValid, "\(time): \(result.stderrText)")
            }
        }
    }

    @Test("Principals may be in quotes, as ssh-keygen has it", .requires("ssh-keygen"))
    func quotedPrincipals() async throws {
        let signer = try Signer(.ed25519)
        let own = String(
            decoding: try #require(SSHPublicKey.line(of: signer.publicKey)), as: UTF8.self)
        let file = try #require(
            try SignatureFormat.ssh.sign(seal, with: signer.key(), algorithm: .ed25519))
        for options in ["", "namespaces=\"closeout\" "] {
            let allowed = "\"ann@acme,ann\" \(options)\(own)\n"
            #expect(try entries(allowed).map(\.id) == ["ann@acme"])
            let policy = try TrustPolicy.single(Array(allowed.utf8))
            let found = try verify(policy).verify(file, as: .ssh, over: seal)
            #expect(found.map(\.outcome) == [.accepted])
            try await withTemporaryDirectory { folder in
                try writeFile(allowed, to: "\(folder)/allowed")
                try writeFile(file, to: "\(folder)/sig")
                try await runSuccessfully(
                    "ssh-keygen",
                    [
                        "-Y", "verify", "-n", "closeout", "-f", "allowed", "-I", "ann", "-s", "sig",
                    ], stdin: seal.bytes, workingDirectory: folder)
            }
        }
    }

    @Test(
        "A key of RSA with the exponent 17 counts, with a warning", .requires("ssh-keygen"),
        .requires("openssl"), arguments: [17, 35, 65_537])
    func exponents(exponent: Int) async throws {
        try await withTemporaryDirectory { folder in
            func tool(_ name: String, _ arguments: String) async throws -> [UInt8] {
                try await runSuccessfully(
                    name, arguments.split(separator: " ").map(String.init), stdin: seal.bytes,
                    workingDirectory: folder)
            }
            _ = try await tool(
                "openssl",
                "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt "
                    + "rsa_keygen_pubexp:\(exponent) -out k")
            try await runSuccessfully("chmod", ["600", "\(folder)/k"])
            let line = try await tool("ssh-keygen", "-y -f k")
            try writeFile(line, to: "\(folder)/k.pub")
            let file = try await tool("ssh-keygen", "-q -Y sign -n file -f k")
            let policy = try TrustPolicy.single(line)
            let found = try verify(policy).verify(file, as: .ssh, over: seal)
            #expect(found.map(\.outcome) == [.accepted])
            let kinds = try policy.lint(at: at("2026-06-01T00:00:00Z")).map(\.kind)
            #expect(kinds.contains(.keyExponent) == (exponent < 65_537))
            // As a plain key it stays refused.
            let pem = try await tool("openssl", "pkey -in k -pubout")
            #expect(((try? TrustPolicy.single(pem)) != nil) == (exponent == 65_537))
        }
    }

    @Test("Lines that a policy cannot mean are refused, with their number and the reason")
    func refusedLines() throws {
        let cases = [
            ("ann cert-authority \(line)", "cert-authority"),
            ("ann namespaces=\"file\",cert-authority \(line)", "cert-authority"),
            ("*@acme \(line)", "patterns"), ("!ann,bob \(line)", "patterns"),
            ("ann namespaces=\"*\" \(line)", "namespaces"),
            ("ann namespaces=\"a,,b\" \(line)", "namespaces"),
            ("ann valid-after=\"20260101\" \(line)", "UTC"),
            ("ann valid-after=\"20261301Z\" \(line)", "no such time"),
            ("ann valid-after=\"2026-01-01Z\" \(line)", "UTC"),
            ("ann valid-after=\"20260101Z\",valid-after=\"20260101Z\" \(line)", "duplicate"),
            ("ann no-touch \(line)", "no-touch"), ("ann namespaces=\"a \(line)", "quotes"),
            ("ann namespaces=\"a\"x \(line)", "blank"),
            ("\"ann \(line)", "quotes"), ("\"ann\"x \(line)", "blank"),
            ("\"*@acme\" \(line)", "patterns"), ("\"a b\" \(line)", "id"), ("a/b \(line)", "id"),
            ("ann ssh-ed25519 AAAA", "not the bytes"),
            ("ann ssh-rsa \(line.split(separator: " ")[1])", "the line says ssh-rsa"),
            ("ann sk-ssh-ed25519@openssh.com AAAA", "security key"),
            ("ann ssh-ed25519-cert-v01@openssh.com AAAA", "certificate"),
            ("ann ssh-dss AAAA", "not the bytes"), ("ann \(line) a\u{1B}b", "control"),
        ]
        for (text, words) in cases {
            let error = #expect(throws: TrustError.self, "\(text)") {
                try entries("# first\n\(text)\n")
            }
            let message = error.map { "\($0)" } ?? ""
            #expect(message.hasPrefix("line 2: ") && message.contains(words), "\(text): \(message)")
        }
        #expect(throws: TrustError.self) { try TrustPolicy.single(Array("\(line)\n\(line)".utf8)) }
        #expect(try KeyEntry.entries(allowedSigners: Array(line.utf8)) == nil)
    }

    @Test("A weak or foreign key in a policy is named")
    func weakKeys() throws {
        for text in [
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDf", "\(line)\n\(line)", "\(line)=", "",
        ] {
            #expect(throws: TrustError.self, "\(text)") {
                try policy(
                    [entry("k", "ssh", Array(text.utf8))], roles: ["release": rule(["k"])])
            }
        }
        let key = entry("k", "ssh", Array(line.utf8), [member("algorithm", "rsa-pkcs1-sha512")])
        #expect(throws: TrustError.self) { try policy([key], roles: ["release": rule(["k"])]) }
        let log = entry("k", "ssh", Array(line.utf8))
        #expect(throws: TrustError.self) { try policy([log], roles: ["log": rule(["k"])]) }
    }

    @Test("The reader of allowed_signers survives thousands of damaged files")
    func mutated() throws {
        let sample = "ann namespaces=\"a,b\",valid-after=\"20260101Z\" \(line) x\nbob \(line)\n"
        let tokens = ["\"", ",", "=", " ", "cert-authority", "ssh-ed25519", "#", "Z", "\n"]
        var readable = 0
        for file in mutations(of: Array(sample.utf8), seed: 61, count: 20_000, tokens: tokens) {
            guard let entries = try? KeyEntry.entries(allowedSigners: file) else { continue }
            #expect(!entries.isEmpty)
            readable += 1
        }
        #expect(readable > 0)
    }
}
