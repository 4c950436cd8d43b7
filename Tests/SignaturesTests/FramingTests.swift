import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

/// The same text, written in another way.
private struct Dress: Sendable, CustomStringConvertible {
    let description: String
    let wear: @Sendable ([UInt8]) -> [UInt8]

    private static func lineEnds(_ end: String) -> @Sendable ([UInt8]) -> [UInt8] {
        { file in file.flatMap { $0 == 0x0A ? Array(end.utf8) : [$0] } }
    }

    static let emptyLine = Dress(description: "an empty line at the end") { $0 + [0x0A] }
    static let emptyLines = Dress(description: "two at the end") { $0 + [0x0A, 0x0A] }
    static let noEnd = Dress(description: "no end of the last line") { $0.dropLast() }
    static let carriageReturns = Dress(description: "CR LF", wear: lineEnds("\r\n"))
    static let emptyCarriageReturn = Dress(description: "CR LF and an empty line") {
        lineEnds("\r\n")($0) + [0x0D, 0x0A]
    }
    static let blanks = Dress(description: "blanks at the ends of lines", wear: lineEnds(" \t\n"))
    static let blankLine = Dress(description: "a line of blanks at the end") {
        $0 + Array(" \n".utf8)
    }
    static let everything = Dress(description: "blanks, CR LF and an empty line") {
        lineEnds(" \r\n")($0) + Array(" \r\n".utf8)
    }

    static let ends = [emptyLine, emptyLines, noEnd, carriageReturns, emptyCarriageReturn]
    static let armours = ends + [blanks, blankLine, everything]

    static let oneReturn = Dress(description: "CR LF behind the first line alone") { file in
        let first = file.prefix { $0 != 0x0A }
        return first + [0x0D] + file.dropFirst(first.count)
    }
    static let textBehind = Dress(description: "a word behind the empty line") {
        $0 + Array("\nx\n".utf8)
    }
    static let emptyLineBefore = Dress(description: "an empty line before") { [0x0A] + $0 }
    static let emptyLineInside = Dress(description: "an empty line inside") { file in
        let last = file.dropLast().lastIndex(of: 0x0A) ?? 0
        return file[...last] + [0x0A] + file[(last + 1)...]
    }
    static let refused = [oneReturn, textBehind, emptyLineBefore, emptyLineInside]
}

@Suite("The text around signatures")
struct FramingTests {
    private static let content = Array("a release\n".utf8)

    /// Signs in a folder, dresses the signature, and compares the tool with what is judged here.
    private func check(
        _ format: SignatureFormat, key: JSON, sample: [UInt8], dresses: [Dress],
        oracle: ([UInt8]) async throws -> Bool
    ) async throws {
        let content = SignedContent.file(Self.content)
        func outcome(_ file: [UInt8]) throws -> SignatureResult.Outcome {
            try result(of: file, format, by: key, over: content).outcome
        }
        for dress in dresses {
            let file = dress.wear(sample)
            #expect(SignatureFormat.recognise(file) == .format(format), "\(dress)")
            #expect(try outcome(file) == .accepted, "\(dress)")
            #expect(try await oracle(file), "\(dress)")
            let other = try result(of: file, format, by: key, over: .file([0x61])).outcome
            #expect(other != .accepted, "\(dress)")
        }
        for dress in Dress.refused {
            #expect(try outcome(dress.wear(sample)).name == "malformed", "\(dress)")
        }
    }

    @Test(
        "OpenPGP armour means the same with blanks, CR LF and empty lines, as gpgv says",
        .requires("gpg"), .requires("gpgv"), .requires("gpgconf"))
    func openPGP() async throws {
        try await withOpenPGP { tool in
            try await tool.generate("a@example.org")
            let sample = try await tool.sign(
                Self.content, as: "a@example.org", options: ["--armor", "--comment", "a b"])
            let key = openPGPEntry("k", try await tool.publicKeys(of: "a@example.org"))
            try await check(.openPGP, key: key, sample: sample, dresses: Dress.armours) {
                try await tool.accepts($0, over: Self.content)
            }
        }
    }

    @Test("minisign's lines may end in CR LF and be followed by empty ones", .requires("minisign"))
    func minisign() async throws {
        let signer = try NumberedSigner()
        let key = entry("k", "minisign", try signer.publicKey())
        try await withTemporaryDirectory { folder in
            try writeFile(Self.content, to: "\(folder)/m")
            try writeFile(signer.publicKey(), to: "\(folder)/k.pub")
            try await check(
                .minisign, key: key, sample: signer.minisign(Self.content), dresses: Dress.ends
            ) { file in
                try writeFile(file, to: "\(folder)/s")
                let arguments = ["-V", "-p", "k.pub", "-m", "m", "-x", "s"]
                return try await run("minisign", arguments, workingDirectory: folder).status == 0
            }
        }
    }

    @Test("so may signify's, whose last line has an end there", .requires("signify-openbsd"))
    func signify() async throws {
        let signer = try NumberedSigner()
        let key = entry("k", "signify", try signer.publicKey(comment: "k public key"))
        try await withTemporaryDirectory { folder in
            try writeFile(Self.content, to: "\(folder)/m")
            try writeFile(signer.publicKey(), to: "\(folder)/k.pub")
            try await check(
                .signify, key: key, sample: signer.signify(Self.content),
                dresses: [.emptyLine, .emptyLines, .carriageReturns, .emptyCarriageReturn]
            ) { file in
                try writeFile(file, to: "\(folder)/s")
                let arguments = ["-V", "-p", "k.pub", "-m", "m", "-x", "s"]
                return try await run("signify-openbsd", arguments, workingDirectory: folder)
                    .status == 0
            }
        }
    }

    @Test("a signed list of digests stays byte for byte, whatever the two lines above it end in")
    func signedList() throws {
        let signer = try NumberedSigner()
        let key = entry("k", "signify", try signer.publicKey(comment: "k public key"))
        let digest = try SHA256Digest.of(Self.content).hex
        let list = Array("SHA256 (a) = \(digest)\n".utf8)
        let head = try signer.signify(list)
        let content = SignedContent.file(Self.content, named: Array("a".utf8))
        func outcome(_ file: [UInt8]) throws -> String {
            try result(of: file, .signify, by: key, over: content).outcome.name
        }
        let dressedHead = Dress.carriageReturns.wear(head)
        #expect(try outcome(dressedHead + list) == "accepted")
        #expect(try outcome(dressedHead + Dress.carriageReturns.wear(list)) == "malformed")
        #expect(try outcome(head + list + [0x0A]) == "malformed")
    }

    @Test(
        "SSH armour may have lines of any width and empty lines at its end, as ssh-keygen says",
        .requires("ssh-keygen"))
    func ssh() async throws {
        let signer = try Signer()
        let fields = try SSHFields(signer, algorithm: "ssh-ed25519")
            .signed(by: signer, over: Self.content)
        let key = try sshEntry(signer)
        try await withTemporaryDirectory { folder in
            func oracle(_ file: [UInt8]) async throws -> Bool {
                try writeFile(file, to: "\(folder)/s")
                let arguments = ["-Y", "check-novalidate", "-n", "closeout", "-s", "\(folder)/s"]
                return try await run("ssh-keygen", arguments, stdin: Self.content).status == 0
            }
            let widths = [1, 3, 64, 76, 77, 5000].map { width in
                Dress(description: "lines of \(width)") { _ in fields.file(lineLength: width) }
            }
            try await check(
                .ssh, key: key, sample: fields.file,
                dresses: widths + [.emptyLine, .emptyLines, .noEnd, .blankLine], oracle: oracle)
            // The tool refuses these; they mean nothing else all the same.
            try await check(
                .ssh, key: key, sample: fields.file,
                dresses: [.carriageReturns, .blanks, .everything]
            ) { try await !oracle($0) }
        }
    }

    @Test("Vault's and Azure's line may be followed by empty ones")
    func oneLine() throws {
        let signer = try Signer(.p256)
        let der = try signer.sign(seal.bytes)
        let vault = Array("vault:v1:".utf8) + Base64.encode(der)
        for end in ["", "\n", "\r\n", "\n\n", "\r\n\r\n"] {
            let file = vault + Array(end.utf8)
            #expect(try result(of: file, .vault, by: signer.entry("k")).outcome == .accepted)
        }
        #expect(
            try result(of: vault + [0x20, 0x0A], .vault, by: signer.entry("k")).outcome.name
                == "malformed")
    }
}

@Suite("Texts in encodings of Windows")
struct UnreadEncodingTests {
    private static let encodings: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
        ("UTF-8 behind a mark", { [0xEF, 0xBB, 0xBF] + $0 }),
        ("UTF-16LE", { $0.flatMap { [$0, 0] } }), ("UTF-16BE", { $0.flatMap { [0, $0] } }),
        ("UTF-16LE behind a mark", { [0xFF, 0xFE] + $0.flatMap { [$0, 0] } }),
        ("UTF-16BE behind a mark", { [0xFE, 0xFF] + $0.flatMap { [0, $0] } }),
    ]

    @Test("are malformed in every format, with the cause and what to do", .requires("openssl"))
    func signatures() async throws {
        for format in SigningFormat.all {
            let signer = try await format.signer()
            let file = try signer.file(over: seal)
            guard firstInvalidUTF8(in: file) == nil, !file.contains(0) else { continue }
            for (name, encode) in Self.encodings {
                let encoded = encode(file)
                #expect(SignatureFormat.recognise(encoded) == .unknown, "\(format) \(name)")
                for read in [format.format, .raw] {
                    let result = try result(of: encoded, read, by: signer.entry("k"))
                    #expect(result.outcome.name == "malformed", "\(format) \(name)")
                    #expect(
                        result.outcome.reason.contains(String(name.prefix(6)).uppercased())
                            || result.outcome.reason.contains("byte order mark"))
                    #expect(result.remedy?.contains("UTF-8") == true)
                }
            }
        }
    }

    @Test("are reported of keys as well")
    func keys() throws {
        let signer = try Signer()
        let ssh = try #require(SSHPublicKey.line(of: signer.publicKey))
        for key in [signer.publicKey.pem, ssh, try NumberedSigner().publicKey()] {
            for (name, encode) in Self.encodings {
                let error = #expect(throws: TrustError.self) { try TrustPolicy.single(encode(key)) }
                guard case .encoding? = error else {
                    Issue.record("\(name): \(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test("bare signatures are never taken for text: thousands of them")
    func bareSignatures() throws {
        var generator = SplitMix64(seed: 16)
        for index in 0..<repetitions(20_000, usually: 2_000) {
            var bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF]]
            let mark = marks[index % 3]
            bytes.replaceSubrange(0..<mark.count, with: mark)
            #expect(UnreadEncoding(of: bytes) == nil)
            #expect(SignatureFormat.recognise(bytes) == .format(.raw))
        }
    }
}
