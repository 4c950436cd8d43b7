import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("OpenPGP signatures by gpg", .requires("gpg"), .requires("gpgv"), .requires("gpgconf"))
struct OpenPGPTests {
    @Test(
        "What gpg signs is recognised and counts, as gpgv says too",
        arguments: ["rsa3072", "ed25519", "nistp256", "nistp384", "nistp521"])
    func accepted(algorithm: String) async throws {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org", algorithm)
            let key = try await tool.publicKeys(of: "a@example.org")
            // gpg makes no signature with a digest that is shorter than the curve.
            let digests =
                switch algorithm {
                case "nistp384": ["SHA384", "SHA512"]
                case "nistp521": ["SHA512"]
                default: ["SHA256", "SHA384", "SHA512"]
                }
            let options = digests.map { ["--digest-algo", $0] } + [[], ["--armor"]]
            for options in options {
                let file = try await tool.sign(
                    seal.bytes, as: "a@example.org", options: options)
                #expect(try await tool.accepts(file, over: seal.bytes))
                #expect(SignatureFormat.recognise(file) == .format(.openPGP))
                #expect(try openPGPOutcomes(file, key: key) == [.accepted])
            }
        }
    }

    @Test("A result names the algorithm that was used and the fingerprint that gpg prints")
    func result() async throws {
        try await withOpenPGP { tool in
            try await tool.takeRSAKey()
            let key = try await tool.publicKeys(of: "a@example.org")
            let file = try await tool.sign(
                seal.bytes, as: "a@example.org", options: ["--digest-algo", "SHA384"])
            let policy = try policy([openPGPEntry("k", key)], roles: ["archive": rule(["k"])])
            let result = try #require(
                verify(policy).verify(file, as: .openPGP, over: seal).first)
            #expect(result.algorithm == .rsaPKCS1SHA384)
            #expect(result.roles == [.archive])
            let fingerprint = try await tool.fingerprint(of: "a@example.org")
            #expect(result.hint == Array(fingerprint.utf8))
        }
    }

    @Test("Other content and another key are refused, as gpgv refuses the first")
    func refused() async throws {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org")
            try await tool.generate("b@example.org")
            let file = try await tool.sign(seal.bytes, as: "a@example.org")
            let (a, b) = (
                try await tool.publicKeys(of: "a@example.org"),
                try await tool.publicKeys(of: "b@example.org")
            )
            let other = SignedContent.seal(seal.bytes + [0x0A])
            #expect(try await !tool.accepts(file, over: other.bytes))
            let reason = "the signature does not verify over the content"
            #expect(try openPGPOutcomes(file, key: a, over: other) == [.invalid(reason)])
            #expect(try openPGPOutcomes(file, key: b) == [.unknownKey])
        }
    }

    @Test("Several signatures in one file count each for its own operator, a signer twice once")
    func several() async throws {
        try await withOpenPGP { tool in
            try await tool.takeRSAKey()
            try await tool.generate("b@example.org")
            let (a, b) = (
                try await tool.publicKeys(of: "a@example.org"),
                try await tool.publicKeys(of: "b@example.org")
            )
            let policy = try policy(
                [openPGPEntry("a", a), openPGPEntry("b", b)],
                roles: ["release": rule(["a", "b"], threshold: 2)])
            let verifier = try verify(policy)
            func operators(_ file: [UInt8]) throws -> [String]? {
                let results = try verifier.verify(file, as: .openPGP, over: seal)
                #expect(results.map(\.effect) == [.counts, .counts])
                return verifier.tally(.release, results)?.operators
            }
            let both = try await tool.sign(seal.bytes, as: "a@example.org", "b@example.org")
            #expect(try operators(both) == ["a", "b"])
            let first = try await tool.sign(seal.bytes, as: "a@example.org")
            let second = try await tool.sign(seal.bytes, as: "a@example.org")
            #expect(try operators(first + second) == ["a"])
            let armoured = try await tool.sign(
                seal.bytes, as: "b@example.org", options: ["--armor"])
            #expect(try operators(armoured + armoured) == ["b"])
        }
    }

    @Test("SHA-1, text mode and signatures that end by themselves are refused by name")
    func refusedKinds() async throws {
        try await withOpenPGP { tool in
            try await tool.takeRSAKey()
            let key = try await tool.publicKeys(of: "a@example.org")
            let kinds: [([String], OpenPGPError)] = [
                (["--digest-algo", "SHA1"], .hashAlgorithm(2)),
                (["--digest-algo", "RIPEMD160"], .hashAlgorithm(3)),
                (["--digest-algo", "SHA224"], .hashAlgorithm(11)),
                (["--textmode"], .signatureType(1)),
                (["--sig-notation", "!a@example.org=b"], .criticalSubpacket(20)),
                (
                    ["--default-sig-expire", "1y"],
                    .subpackets("the signature sets its own end, which only a policy may do")
                ),
            ]
            for (options, error) in kinds {
                let file = try await tool.sign(
                    seal.bytes, as: "a@example.org", options: options)
                let outcomes = try openPGPOutcomes(file, key: key)
                #expect(outcomes.map(\.described) == ["notAcceptable: \(error)"], "\(options)")
            }
        }
    }

    @Test("A message that holds its content is refused by name in place of a signature")
    func messages() async throws {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org")
            let key = try await tool.publicKeys(of: "a@example.org")
            let inline: [[String]] = [
                ["--sign"], ["--armor", "--sign"], ["--compress-algo", "none", "--sign"],
            ]
            for arguments in inline {
                let file = try await tool.gpg(arguments, stdin: seal.bytes)
                // A compressed one of some lengths might be a bare signature as well.
                let isClear = !file.count.isMultiple(of: 32)
                #expect(!isClear || SignatureFormat.recognise(file) == .format(.openPGP))
                #expect(
                    try openPGPOutcomes(file, key: key) == [.malformed(.openPGP(.inlineMessage))])
            }
            let text = try await tool.gpg(["--clear-sign"], stdin: seal.bytes)
            #expect(
                try openPGPOutcomes(text, key: key) == [.malformed(.openPGP(.cleartextMessage))])
            // Under its own name it is refused for a seal too.
            #expect(
                try openPGPOutcomes(text, key: key, as: .openPGPCleartext).map(\.described)
                    == ["notAcceptable: \(OpenPGPError.cleartextMessage)"])
        }
    }

    @Test("A signer whose own certification is by SHA-1 does not count, and hinders nobody else")
    func weaklyCertified() async throws {
        try await withOpenPGP { tool in
            try await tool.generate("good@example.org")
            try await tool.generate(
                "old@example.org", "ed25519",
                ["--cert-digest-algo", "SHA1", "--allow-weak-digest-algos"])
            let ring = try await tool.publicKeys(of: "good@example.org", "old@example.org")
            let both =
                try await tool.sign(seal.bytes, as: "good@example.org")
                + tool.sign(seal.bytes, as: "old@example.org")
            let outcomes = try openPGPOutcomes(both, key: ring)
            #expect(outcomes.map(\.name) == ["accepted", "notAcceptable"])
            #expect(
                outcomes.last?.reason.contains("hash algorithm SHA-1 is not accepted") == true)
            // What it did not sign is wrong all the same.
            let other = try await tool.sign([1], as: "old@example.org")
            #expect(try openPGPOutcomes(other, key: ring).map(\.name) == ["invalid"])
        }
    }

    @Test("The command for gpg leaves a signature that counts, whatever its user configured")
    func request() async throws {
        try await withOpenPGP { tool in
            try await tool.takeRSAKey()
            let key = try await tool.publicKeys(of: "a@example.org")
            try writeFile("digest-algo SHA1\n", to: tool.home + "/gpg.conf")
            try writeFile(seal.bytes, to: tool.home + "/seal.json")
            let signer = try #require(SigningTool(named: "gpg"))
            let fingerprint = try await tool.fingerprint(of: "a@example.org")
            let request = try signer.request(
                signing: Array("seal.json".utf8), with: Array(fingerprint.utf8),
                algorithm: .rsaPKCS1SHA512)
            // Run again it replaces the signature.
            for command in request.commands + request.commands {
                let result = try await run(
                    "sh", ["-c", command], environment: ["GNUPGHOME": tool.home],
                    workingDirectory: tool.home)
                try #require(result.status == 0, "\(result.stderrText)")
            }
            let name = String(decoding: request.signatureFile, as: UTF8.self)
            let file = try readFile("\(tool.home)/\(name)")
            #expect(try openPGPOutcomes(file, key: key) == [.accepted])
        }
    }
}
