import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("signify")
struct SignifyTests {
    private let signer: NumberedSigner
    private let key: JSON

    init() throws {
        signer = try NumberedSigner()
        key = entry("k", "signify", try signer.publicKey(comment: "k public key"))
    }

    private func outcome(
        _ file: [UInt8], over content: SignedContent = seal
    ) throws -> SignatureResult.Outcome {
        try result(of: file, .signify, by: key, over: content).outcome
    }

    @Test("Signatures that signify makes on request count", .requires("signify-openbsd"))
    func foreign() async throws {
        try await withTemporaryDirectory { folder in
            try await runSuccessfully(
                "signify-openbsd", ["-G", "-n", "-p", "k.pub", "-s", "k.sec"],
                workingDirectory: folder)
            try writeFile(seal.bytes, to: "\(folder)/seal.json")
            let request = try SigningTool.signify.request(
                signing: Array("seal.json".utf8), with: Array("k.sec".utf8), algorithm: .ed25519)
            for line in request.commands {
                try await runSuccessfully("sh", ["-c", line], workingDirectory: folder)
            }
            let file = try readFile("\(folder)/seal.json.signify")
            #expect(SignatureFormat.recognise(file) == .format(.signify))
            let material = try readFile("\(folder)/k.pub")
            #expect(try TrustPolicy.single(material).keys.map(\.format) == [.signify])
            let key = entry("k", "signify", material)
            let result = try result(of: file, .signify, by: key)
            #expect(
                result.summary == "signify by k (k), ed25519 for release: verifies; "
                    + #"comes with the unsigned words "verify with k.pub""#)
        }
    }

    @Test(
        "A signed list of digests vouches for the files that it names",
        .requires("signify-openbsd"))
    func foreignList() async throws {
        try await withTemporaryDirectory { folder in
            try writeFile("one", to: "\(folder)/a.tgz")
            try writeFile("two", to: "\(folder)/b.tgz")
            let script = """
                signify-openbsd -G -n -p k.pub -s k.sec && sha256sum --tag a.tgz > SHA256 &&
                sha512sum --tag b.tgz >> SHA256 && sha256sum --tag b.tgz >> SHA256 &&
                signify-openbsd -S -e -s k.sec -m SHA256 -x SHA256.sig &&
                signify-openbsd -C -p k.pub -x SHA256.sig a.tgz b.tgz
                """
            try await runSuccessfully("sh", ["-c", script], workingDirectory: folder)
            let file = try readFile("\(folder)/SHA256.sig")
            let key = entry("k", "signify", try readFile("\(folder)/k.pub"))
            func outcome(_ text: String, _ name: String) throws -> SignatureResult.Outcome {
                let content = SignedContent.file(Array(text.utf8), named: Array(name.utf8))
                return try result(of: file, .signify, by: key, over: content).outcome
            }
            #expect(SignatureFormat.recognise(file) == .format(.signify))
            #expect(try outcome("one", "a.tgz") == .accepted)
            #expect(try outcome("two", "/some/where/b.tgz") == .accepted)
            #expect(
                try outcome("two", "a.tgz")
                    == .otherContent("the signed list has another digest for a.tgz"))
            #expect(
                try outcome("one", "c.tgz")
                    == .otherContent("the signed list does not name c.tgz"))
            #expect(try outcome("one", "a.tg").name == "otherContent")
        }
    }

    private func listed(_ lines: String) throws -> [UInt8] {
        try signer.signify(Array(lines.utf8), embedded: true)
    }

    @Test("A list speaks of a seal and signs none")
    func listOverSeal() throws {
        let digest = try SHA256Digest.of(seal.bytes).hex
        let file = try listed("SHA256 (seal.json) = \(digest)\n")
        let named = SignedContent.file(seal.bytes, named: Array("seal.json".utf8))
        #expect(try outcome(file, over: named) == .accepted)
        let reason = "it signs a list of digests, and not the content itself"
        #expect(try outcome(file) == .otherContent(reason))
        #expect(try outcome(file, over: .file(seal.bytes)) == .otherContent(reason))
    }

    @Test("What follows a signature must be a list of digests, whole and without contradiction")
    func lists() throws {
        let hex = String(repeating: "ab", count: 32)
        let base64 = Base64.string([UInt8](repeating: 0xAB, count: 32))
        for good in ["SHA256 (a) = \(hex)\n", "SHA256 (a b) = \(base64)\nSHA256 (c) = \(hex)\n"] {
            #expect(try outcome(listed(good)).name == "otherContent", "\(good)")
        }
        let bad = [
            "SHA256 (a) = \(hex)", "SHA256 (a) = \(hex)\r\n", "SHA256 (a) = \(hex)\n\n",
            "SHA256 () = \(hex)\n", "SHA256 (a) = \(hex.uppercased())\n", "MD5 (a) = \(hex)\n",
            "SHA256 (a) = \(hex)00\n", "SHA512 (a) = \(hex)\n", "SHA256 (a)b) = \(hex)\n",
            "SHA256 (a) = \(hex)\nSHA256 (a) = \(base64)\n", "SHA256 (a\u{1B}) = \(hex)\n",
            "SHA256 (a\t) = \(hex)\n", "SHA256 (\(String(repeating: "x", count: 1024))) = \(hex)\n",
            " ", "{}", "trusted comment: x\nAAAA\n",
        ]
        for text in bad {
            let outcome = try outcome(listed(text))
            #expect(outcome.name == "malformed", "\(text)")
            let isNearlyAList = text.contains(" (")
            #expect(outcome.reason.contains("nearly a list") == isNearlyAList, "\(outcome.reason)")
        }
    }

    @Test("The signed message in one file with its signature is refused, whatever it is")
    func embedded() throws {
        let file = try signer.signify(embedded: true)
        #expect(SignatureFormat.recognise(file) == .format(.signify))
        #expect(try outcome(file) == .malformed(.embeddedMessage))
    }

    @Test("A list whose bytes were changed after signing is refused")
    func changedList() throws {
        let hex = String(repeating: "ab", count: 32)
        let file = try replacing("(a)", with: "(b)", in: listed("SHA256 (a) = \(hex)\n"))
        #expect(
            try outcome(file, over: .file([], named: Array("b".utf8)))
                == .invalid("the signature does not verify over the list of digests beside it"))
    }

    @Test("Another key, other content, other bytes and control characters are refused by name")
    func refused() throws {
        let file = try signer.signify()
        #expect(try outcome(file) == .accepted)
        var stranger = try NumberedSigner()
        #expect(try outcome(stranger.signify()).name == "invalid")
        stranger.number = [9, 9, 9, 9, 9, 9, 9, 9]
        #expect(try outcome(stranger.signify()) == .unknownKey)
        #expect(try outcome(file, over: .seal(Array("{}".utf8))).name == "invalid")
        for count in 0..<file.count - 1 {
            #expect(try outcome(Array(file.prefix(count))).name == "malformed", "\(count) bytes")
        }
        #expect(try outcome(file + Array("\n{}".utf8)) == .malformed(.embeddedMessage))
        let control = try replacing("verify", with: "ver\rify", in: file)
        #expect(try outcome(control) == .malformed(.unprintable("untrusted comment")))
        let hashed = try changingValue(inLine: 1, of: file) { $0[1] = UInt8(ascii: "D") }
        #expect(try outcome(hashed) == .malformed(.unknownAlgorithm(Array("ED".utf8))))
        for other in [
            try signer.minisign(), try signer.minisign(legacy: true), seal.bytes,
            try signer.signer.envelope().encoded, try signer.publicKey(), [],
        ] { #expect(try outcome(other).name == "malformed") }
        for bit in 0..<74 * 8 {
            let changed = try changingValue(inLine: 1, of: file) { $0[bit / 8] ^= 1 << (bit % 8) }
            let expected = bit < 16 ? "malformed" : bit < 80 ? "notAcceptable" : "invalid"
            #expect(try outcome(changed).name == expected, "bit \(bit)")
        }
    }

    @Test("The two tools' files are never taken for each other's")
    func recognition() throws {
        for (file, format) in [
            (try signer.signify(), SignatureFormat.signify),
            (try listed("SHA256 (a) = \(String(repeating: "0", count: 64))\n"), .signify),
            (try signer.minisign(), .minisign), (try signer.minisign(legacy: true), .minisign),
            // Cut short it is still the file that minisign alone could have begun.
            (Array(try signer.minisign().prefix(130)), .minisign),
        ] { #expect(SignatureFormat.recognise(file) == .format(format)) }
        for file in [try signer.publicKey(), try signer.publicKey(comment: "x public key")] {
            #expect(SignatureFormat.recognise(file) == .unknown)
        }
    }

    @Test("No damage to a file lets it count for other content: thousands of damaged copies")
    func mutated() throws {
        let digest = try SHA256Digest.of(seal.bytes).hex
        let text = Array("SHA256 (a) = \(digest)\nSHA256 (b) = \(digest)\n".utf8)
        let verifier = try verify(policy([key], roles: ["release": rule(["k"])]))
        let named = SignedContent.file(seal.bytes, named: Array("a".utf8))
        let tokens = ["SHA256 (", ") = ", "\n", "RWQ", "a", "trusted comment: "]
        for (file, content) in [
            (try signer.signify(), seal), (try signer.signify(text, embedded: true), named),
        ] {
            let afterComment = file.drop { $0 != 0x0A }
            for copy in mutations(of: file, seed: 41, count: 10_000, tokens: tokens) {
                let results = try verifier.verify(copy, as: .signify, over: content)
                guard results.contains(where: { $0.effect == .counts }) else { continue }
                // Free are the comment, how both lines end, and the empty ones behind a detached
                // signature.
                var rest = Array(copy.drop { $0 != 0x0A })
                guard content == seal else {
                    let value = rest.dropFirst().prefix { $0 != 0x0A }
                    if value.last == 0x0D { rest.remove(at: value.endIndex - 1) }
                    #expect(rest == Array(afterComment))
                    continue
                }
                let isEnd: (UInt8) -> Bool = { $0 == 0x0A || $0 == 0x0D }
                #expect(rest.filter { !isEnd($0) } == afterComment.filter { !isEnd($0) })
            }
        }
    }
}
