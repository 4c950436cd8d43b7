import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("minisign")
struct MinisignTests {
    private let signer: NumberedSigner
    private let key: JSON
    private let legacyKey: JSON

    init() throws {
        signer = try NumberedSigner()
        key = entry("k", "minisign", try signer.publicKey())
        legacyKey = entry(
            "k", "minisign", try signer.publicKey(), [JSONMember("legacy", true)])
    }

    private func outcome(
        of file: [UInt8], by key: JSON, over content: SignedContent
    ) throws -> SignatureResult.Outcome {
        try result(of: file, .minisign, by: key, over: content).outcome
    }

    private func outcome(
        _ file: [UInt8], over content: SignedContent = seal
    ) throws -> SignatureResult.Outcome {
        try result(of: file, .minisign, by: key, over: content).outcome
    }

    @Test(
        "A signature that minisign makes counts, and its trusted comment is shown escaped",
        .requires("minisign"))
    func foreign() async throws {
        try await withTemporaryDirectory { folder in
            func run(_ arguments: [String]) async throws {
                try await runSuccessfully("minisign", arguments, workingDirectory: folder)
            }
            try writeFile(seal.bytes, to: "\(folder)/m")
            try await run(["-G", "-W", "-p", "k.pub", "-s", "k.key"])
            try await run(["-S", "-s", "k.key", "-m", "m", "-x", "m.sig", "-t", "by \u{202E}me"])
            let key = entry("k", "minisign", try readFile("\(folder)/k.pub"))
            let file = try readFile("\(folder)/m.sig")
            #expect(SignatureFormat.recognise(file) == .format(.minisign))
            let result = try result(of: file, .minisign, by: key)
            #expect(result.outcome == .accepted)
            #expect(result.counts(for: .release))
            #expect(
                result.summary
                    == #"minisign by k (k), ed25519 for release: verifies; says "by \u{202e}me""#)
            let other = SignedContent.seal(seal.bytes + [0x0A])
            let refused = try self.outcome(of: file, by: key, over: other)
            #expect(refused == .otherContent("the key signed something else"))
        }
    }

    @Test("A legacy signature counts only where the policy says so", .requires("minisign"))
    func legacy() async throws {
        try await withTemporaryDirectory { folder in
            try writeFile(seal.bytes, to: "\(folder)/m")
            for arguments in [
                ["-G", "-W", "-p", "k.pub", "-s", "k.key"], ["-S", "-l", "-s", "k.key", "-m", "m"],
            ] { try await runSuccessfully("minisign", arguments, workingDirectory: folder) }
            let publicKey = try readFile("\(folder)/k.pub")
            let file = try readFile("\(folder)/m.minisig")
            #expect(SignatureFormat.recognise(file) == .format(.minisign))
            func outcome(_ members: [JSONMember]) throws -> SignatureResult.Outcome {
                try result(
                    of: file, .minisign, by: entry("k", "minisign", publicKey, members)
                ).outcome
            }
            #expect(try outcome([JSONMember("legacy", true)]) == .accepted)
            for members in [[], [JSONMember("legacy", false)]] {
                let outcome = try outcome(members)
                #expect(outcome.name == "notAcceptable")
                #expect(outcome.reason.contains("legacy"))
            }
        }
    }

    @Test("The command of a request signs what counts", .requires("minisign"))
    func request() async throws {
        try await withTemporaryDirectory { folder in
            try await runSuccessfully(
                "minisign", ["-G", "-W", "-p", "k.pub", "-s", "my key"], workingDirectory: folder)
            try writeFile(seal.bytes, to: "\(folder)/seal.json")
            let request = try SigningTool.minisign.request(
                signing: Array("seal.json".utf8), with: Array("my key".utf8), algorithm: .ed25519)
            for line in request.commands {
                try await runSuccessfully("sh", ["-c", line], workingDirectory: folder)
            }
            #expect(request.signatureFile == Array("seal.json.minisig".utf8))
            let result = try result(
                of: readFile("\(folder)/seal.json.minisig"), request.format,
                by: entry("k", "minisign", readFile("\(folder)/k.pub")))
            #expect(result.outcome == .accepted)
        }
    }

    @Test(
        "Bytes that minisign cuts off at a carriage return do not pass with the trusted comment")
    func carriageReturn() throws {
        let file = try replacing(
            "a trusted word", with: "a trusted word\rapproved by everybody", in: signer.minisign())
        #expect(try outcome(file) == .malformed(.unprintable("trusted comment")))
    }

    @Test(
        "What these tests write by hand is what the tools take", .requires("minisign"),
        .requires("signify-openbsd"))
    func handwritten() async throws {
        try await withTemporaryDirectory { folder in
            func run(_ tool: String, _ arguments: [String]) async throws {
                try await runSuccessfully(tool, arguments, workingDirectory: folder)
            }
            try writeFile(seal.bytes, to: "\(folder)/m")
            try writeFile(signer.publicKey(), to: "\(folder)/k.pub")
            for legacy in [false, true] {
                try writeFile(signer.minisign(legacy: legacy), to: "\(folder)/m.minisig")
                try await run("minisign", ["-V", "-p", "k.pub", "-m", "m"])
            }
            try writeFile(signer.signify(), to: "\(folder)/m.sig")
            try await run("signify-openbsd", ["-V", "-p", "k.pub", "-m", "m"])
        }
    }

    @Test(
        "Control characters in either comment are refused, a tab excepted",
        arguments: ["\r", "\0", "\u{1B}[2J", "\u{7F}", "\u{85}", "\u{9B}"])
    func controlCharacters(text: String) throws {
        let trusted = try signer.minisign(trusted: "a\(text)b")
        #expect(try outcome(trusted) == .malformed(.unprintable("trusted comment")))
        let untrusted = try replacing("words", with: "wo\(text)rds", in: signer.minisign())
        #expect(try outcome(untrusted) == .malformed(.unprintable("untrusted comment")))
        #expect(try outcome(signer.minisign(trusted: "a\tb")) == .accepted)
        #expect(SignatureFormat.recognise(trusted) == .format(.minisign))
    }

    @Test("A file that is not wholly one signature is malformed")
    func malformed() throws {
        let file = try signer.minisign()
        for count in 0..<file.count - 1 {
            #expect(try outcome(Array(file.prefix(count))).name == "malformed", "\(count) bytes")
        }
        #expect(try outcome(Array(file.dropLast())) == .accepted, "the last LF is no content")
        for tail in [" \n", "\n \n", "x", "x\n", "\nx", "untrusted comment: x\n"] {
            #expect(try outcome(file + Array(tail.utf8)) == .malformed(.trailingBytes))
        }
        let longComment = try signer.minisign(trusted: String(repeating: "x", count: 8193))
        #expect(
            try outcome(longComment) == .malformed(.lineTooLong("trusted comment", limit: 8192)))
        #expect(try outcome(signer.minisign(trusted: "")).name == "malformed")
        let others = [
            try signer.signify(), try signer.signer.envelope().encoded, seal.bytes,
            try signer.signer.sign(seal.bytes), try signer.publicKey(),
        ]
        for other in others { #expect(try outcome(other).name == "malformed") }
    }

    @Test("A flipped bit in any field is refused")
    func flippedBits() throws {
        let file = try signer.minisign()
        for bit in 0..<74 * 8 {
            let changed = try changingValue(inLine: 1, of: file) { $0[bit / 8] ^= 1 << (bit % 8) }
            let expected =
                switch bit / 8 {
                // `ED` and `Ed` differ in one bit.
                case 0, 1: bit == 13 ? "otherContent" : "malformed"
                // The key made it, and it names another one.
                case 2...9: "notAcceptable"
                default: "invalid"
                }
            #expect(try outcome(changed).name == expected, "bit \(bit)")
        }
        for bit in 0..<64 * 8 {
            let changed = try changingValue(inLine: 3, of: file) { $0[bit / 8] ^= 1 << (bit % 8) }
            #expect(
                try outcome(changed)
                    == .invalid("its trusted comment is not the one that was signed"))
        }
        let comment = try replacing("trusted word", with: "trusted ward", in: file)
        #expect(
            try outcome(comment) == .invalid("its trusted comment is not the one that was signed"))
    }

    @Test("Another key, another content and a comment of another signature are refused by name")
    func refused() throws {
        let file = try signer.minisign()
        var stranger = try NumberedSigner()
        stranger.number = [8, 8, 8, 8, 8, 8, 8, 8]
        #expect(try outcome(stranger.minisign()) == .unknownKey)
        let result = try result(of: stranger.minisign(), .minisign, by: key)
        #expect(result.hint == Array("0808080808080808".utf8))
        #expect(result.summary.hasSuffix(#"comes with the unsigned words "a trusted word""#))
        stranger.number = signer.number
        #expect(
            try outcome(stranger.minisign())
                == .invalid("the signature does not verify over the content"))
        #expect(
            try outcome(signer.minisign(Array("other".utf8)))
                == .otherContent("the key signed something else"))
        #expect(
            try outcome(file, over: .seal(Array("{}".utf8)))
                == .otherContent("the key signed something else"))
        // The hashed and the legacy signature differ in two letters that nothing signs.
        let relabelled = try changingValue(inLine: 1, of: file) { $0[1] = UInt8(ascii: "d") }
        #expect(try judgementName(relabelled) == "otherContent")
    }

    private func judgementName(_ file: [UInt8]) throws -> String {
        try result(of: file, .minisign, by: legacyKey).outcome.name
    }

    @Test("A key counts for its own format only, and for no other role than release and archive")
    func otherKeys() throws {
        let file = try signer.minisign()
        let plain = signer.signer.entry("k")
        #expect(
            try result(of: file, .minisign, by: plain).outcome.described
                == "notAcceptable: the key of k made it, and minisign signatures count only for keys "
                + "of the format minisign, not spki")
        let signify = entry("k", "signify", try signer.publicKey())
        #expect(
            try result(of: file, .minisign, by: signify).outcome.name == "notAcceptable")
        // A legacy signature without its comment is one of signify's; minisign's key takes none.
        let short = try signer.signify()
        #expect(
            try result(of: short, .signify, by: legacyKey).outcome.name == "notAcceptable")
        #expect(throws: TrustError.self) { try policy([key], roles: ["log": rule(["k"])]) }
        #expect(throws: TrustError.self) { try policy([key], roles: ["decider": rule(["k"])]) }
    }

    @Test("No damage to a file changes what is signed: thousands of damaged copies")
    func mutated() throws {
        let file = try signer.minisign()
        let policy = try policy([legacyKey], roles: ["release": rule(["k"])])
        let verifier = try verify(policy)
        let tokens = ["trusted comment: ", "untrusted comment: ", "\n", "\r\n", "RWQ", "RUQ", "="]
        for copy in mutations(of: file, seed: 31, count: 20_000, tokens: tokens) {
            let results = try verifier.verify(copy, as: .minisign, over: seal)
            guard results.contains(where: { $0.effect == .counts }) else { continue }
            #expect(results.map { $0.remark?.text } == [Array("a trusted word".utf8)])
            // Only the ends of lines and the empty lines behind the last are free.
            let lines = [copy, file].map { $0.split { $0 == 0x0A || $0 == 0x0D }.suffix(3) }
            #expect(lines[0] == lines[1])
        }
    }

    @Test("A public key is read as a file or as its one line; anything else names the fault")
    func keys() throws {
        let file = try signer.publicKey()
        let line = Array(file.split(separator: 0x0A)[1])
        for material in [file, Array(file.dropLast()), line, line + [0x0A]] {
            let policy = try TrustPolicy.single(material)
            #expect(policy.keys.map(\.format) == [.minisign])
            #expect(policy.keys.first?.material.publicKeys == [signer.signer.publicKey])
            #expect(policy.roles.keys.map(\.self) == [.release])
        }
        let secret =
            "untrusted comment: minisign encrypted secret key\n"
            + Base64.string([UInt8](repeating: 0x45, count: 158)) + "\n"
        for (bad, words) in [
            (Array(secret.utf8), "a private key"),
            (file + Array("x\n".utf8), "bytes follow after the key"),
            (try replacing("key", with: "k\u{1B}y", in: file), "control characters"),
            (try changingValue(inLine: 1, of: file) { $0[1] = 0x44 }, "not the 42 bytes"),
            (try changingValue(inLine: 1, of: file) { $0.removeLast() }, "not the 42 bytes"),
        ] {
            let error = #expect(throws: TrustError.self) {
                try policy([entry("k", "minisign", bad)], roles: ["release": rule(["k"])])
            }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        for bad in [Array("legacy".utf8), file + file] {
            #expect(throws: TrustError.self) { try TrustPolicy.single(bad) }
        }
        #expect(throws: TrustError.self) {
            try policy(
                [entry("k", "signify", file, [JSONMember("legacy", true)])],
                roles: ["release": rule(["k"])])
        }
    }
}
