import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Files of OpenPGP keys")
struct OpenPGPKeyFileTests {
    private func armour(_ packets: [UInt8], _ label: String = "PGP PUBLIC KEY BLOCK") -> String {
        let text = Base64.string(packets)
        let lines = stride(from: 0, to: text.utf8.count, by: 64).map {
            String(text.dropFirst($0).prefix(64))
        }
        return (["-----BEGIN \(label)-----", ""] + lines + ["-----END \(label)-----", ""])
            .joined(separator: "\n")
    }

    private func outcomes(_ files: [UInt8], key: String) throws -> [String] {
        let policy = try TrustPolicy.single(Array(key.utf8))
        return try verify(policy).verify(files, as: .openPGP, over: seal).map(\.outcome.name)
    }

    @Test(
        "hold several blocks with any text around, of which gpg reads the same keys",
        .requires("gpg"), .requires("gpgconf"))
    func published() async throws {
        try await withOpenPGP { tool in
            let users = ["a@example.org", "b@example.org"]
            for user in users { try await tool.generate(user) }
            var text = "These people make our releases.\n"
            for user in users {
                let listing = try await tool.gpg(["--list-keys", user])
                let key = try await tool.publicKeys(of: user)
                text += "\n" + String(decoding: listing + key, as: UTF8.self)
            }
            let both = try await tool.sign(seal.bytes, as: users[0], users[1])
            for file in [text, text.replacing("\n", with: "\r\n"), text + "ssh-rsa, and the end"] {
                let path = try tool.store(Array(file.utf8), "KEYS")
                let shown = try await tool.gpg(["--with-colons", "--show-keys", path])
                let keys = String(decoding: shown, as: UTF8.self).split(separator: "\n")
                #expect(keys.count { $0.hasPrefix("pub:") } == 2)
                #expect(try outcomes(both, key: file) == ["accepted", "accepted"])
            }
            let one = try await tool.gpg(["--export", users[0]])
            let wrapped = try await tool.gpg(["--enarmor"], stdin: one)
            #expect(wrapped.starts(with: Array("-----BEGIN PGP ARMORED FILE-----".utf8)))
            #expect(
                try outcomes(both, key: String(decoding: wrapped, as: UTF8.self))
                    == ["accepted", "unknownKey"])
        }
    }

    @Test("A damaged block is named by its line, and nothing is taken of the file")
    func damaged() throws {
        let (first, second) = (try OpenPGPMaker(), try OpenPGPMaker())
        let good = armour(try first.key())
        let block = armour(try second.key())
        let sum = "=AAAA\n-----END"
        for (damaged, words) in [
            (block.replacing("-----END", with: sum), "the checksum"),
            (block.replacing("-----END", with: "!\n-----END"), "not base64"),
            (String(block.dropLast(20)), "does not end"),
            (block.replacing("BLOCK-----\n\n", with: "BLOCK-----\nno header\n\n"), "a header"),
        ] {
            let file = "text\n" + good + damaged
            let error = #expect(throws: TrustError.self) { try outcomes([], key: file) }
            let line = 2 + good.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            let message = error.map { "\($0)" } ?? ""
            #expect(message.contains("the block at line \(line): "), "\(message)")
            #expect(message.contains(words), "\(message)")
        }
        let secret = good + block.replacing("PUBLIC", with: "PRIVATE")
        let error = #expect(throws: TrustError.self) { try outcomes([], key: secret) }
        #expect(error.map { "\($0)" }?.contains("secret key") == true)
    }

    @Test("Copies of one key are one, in whatever order they are")
    func copies() throws {
        let maker = try OpenPGPMaker()
        let old = try maker.key(expires: 1000)
        let new = try maker.key(signed: false) + maker.certification(after: 10)
        let revoked = try maker.key() + maker.revocation(reason: 1)
        let (subkey, other) = (try OpenPGPMaker(), try OpenPGPMaker())
        let extended = try old + maker.binding(subkey)
        for (copies, outcome) in [([old, new], "accepted"), ([old, new, revoked], "revoked")] {
            for copies in [copies, copies.reversed()] {
                let key = copies.map { armour($0) }.joined(separator: "and\n")
                #expect(try outcomes(maker.file(after: 5000), key: key) == [outcome])
            }
        }
        for copies in try [[extended, new], [new, other.key(), extended]] {
            let key = copies.map { armour($0) }.joined()
            #expect(try outcomes(subkey.file(after: 5000), key: key) == ["accepted"])
            let ring = try TrustPolicy.single(Array(key.utf8)).keys.first?.material
            #expect(ring?.names.count == copies.count - 1)
        }
    }

    @Test("A revocation in a block of its own is one of the key that it names")
    func revocationAlone() throws {
        let (maker, other) = (try OpenPGPMaker(), try OpenPGPMaker())
        let revocation = armour(try maker.revocation(reason: 1))
        let keys = [armour(try maker.key()), armour(try other.key())]
        for file in [revocation + keys.joined(), keys.joined() + revocation] {
            #expect(
                try outcomes(maker.file() + other.file(), key: file) == ["revoked", "accepted"])
        }
        #expect(throws: TrustError.self) { try outcomes([], key: revocation) }
    }

    @Test("Keys of no use leave the others as they are, in whatever order")
    func useless() throws {
        let maker = try OpenPGPMaker()
        let good = try maker.key()
        let body = try OpenPGPMaker().keyBody
        let useless: [[UInt8]] = try [
            OpenPGPMaker.packet(6, [3] + body.dropFirst()),
            OpenPGPMaker.packet(6, [6] + body.dropFirst()),
            OpenPGPMaker.packet(6, Array(body.prefix(5)) + [99] + body.dropFirst(6)),
            OpenPGPMaker.packet(6, Array(body.prefix(5)) + [17] + body.dropFirst(6)),
            OpenPGPMaker.packet(6, Array(body.prefix(12))), OpenPGPMaker().key(signed: false),
            OpenPGPMaker().key(flags: 1), OpenPGPMaker.packet(60, [1, 2]),
            OpenPGPMaker.packet(10, Array("PGP".utf8)),
        ]
        for packets in useless {
            for ring in [good + packets, packets + good, good + packets + good] {
                #expect(try outcomes(maker.file(), key: armour(ring)) == ["accepted"])
            }
            #expect(throws: TrustError.self) { try outcomes([], key: armour(packets)) }
        }
    }

    @Test(
        "A short key of RSA and one of DSA leave the others as they are", .requires("gpg"),
        .requires("gpgconf"), arguments: ["rsa1024", "dsa2048"])
    func old(algorithm: String) async throws {
        try await withOpenPGP { tool in
            try await tool.generate("old@example.org", algorithm)
            try await tool.generate("new@example.org")
            let both =
                try await tool.sign(seal.bytes, as: "old@example.org")
                + tool.sign(seal.bytes, as: "new@example.org")
            for users in [["old@", "new@"], ["new@", "old@"]] {
                var ring: [UInt8] = []
                for user in users { ring += try await tool.gpg(["--export", user]) }
                #expect(try outcomes(both, key: armour(ring)) == ["notAcceptable", "accepted"])
            }
        }
    }

    @Test("What others certified does not go into a policy, and changes nothing")
    func others() throws {
        let (maker, stranger) = (try OpenPGPMaker(), try OpenPGPMaker())
        let key = try maker.key()
        let foreign = try OpenPGPMaker.packet(
            2, stranger.signature(0x10, over: maker.hashedKey, hashed: []))
        let revoked = try OpenPGPMaker.packet(
            2, stranger.signature(0x20, over: maker.hashedKey))
        #expect(openPGPText(key + foreign) == openPGPText(key))
        // Somebody else's word that it is revoked stays: it cannot be checked.
        let good = try OpenPGPMaker().key()
        for ring in [good + key + revoked, key + revoked + good] {
            let text = openPGPText(ring)
            let found = try openPGPOutcomes(maker.file(), key: text).map(\.reason)
            #expect(found.first?.contains("a revocation that cannot be checked") == true)
        }
        let photographs = (0..<8).flatMap { number in
            OpenPGPMaker.packet(17, [UInt8](repeating: number, count: 60_000))
        }
        #expect(openPGPText(key + photographs) == openPGPText(key))
        #expect(openPGPText(key + photographs.prefix(60_006)).count > 60_000)
    }

    @Test("A key that is too long for a policy is one by its file")
    func long() throws {
        let maker = try OpenPGPMaker()
        let names = "abcde".utf8.flatMap { letter in
            OpenPGPMaker.packet(13, [UInt8](repeating: letter, count: 60_000))
        }
        let file = try maker.key() + names
        let entry = try KeyEntry(
            id: "k", operator: "o", inlining: file, from: Array("ring.pgp".utf8))
        #expect(
            entry.source
                == .file(path: Array("ring.pgp".utf8), digest: try SHA256Digest.of(file)))
        #expect(throws: TrustError.keyTooLong(limit: 262_144)) {
            try KeyEntry(id: "k", operator: "o", inlining: file)
        }
        let policy = try TrustPolicy.single(file)
        #expect(
            try verify(policy).verify(maker.file(), as: .openPGP, over: seal).map(\.outcome)
                == [.accepted])
    }

    @Test("thousands of damaged key files never let a key sign that the sample does not")
    func mutated() throws {
        let (first, second) = (try OpenPGPMaker(), try OpenPGPMaker())
        let file = "KEYS\n" + armour(try first.key()) + "and\n" + armour(try second.key())
        let known = [first.signer.publicKey, second.signer.publicKey]
        let tokens = [
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "=AAAA\n", "\r\n", "\n\n", "a: b\n",
        ]
        var readable = 0
        for copy in mutations(of: Array(file.utf8), seed: 7, count: 20_000, tokens: tokens) {
            guard let material = try? TrustPolicy.single(copy).keys.first?.material
            else { continue }
            readable += 1
            #expect(material.publicKeys.first.map(known.contains) == true)
        }
        #expect(readable > 0)
    }
}

@Suite("Key files with lines that end in CR LF")
struct KeyLineEndTests {
    @Test(
        "are read as those that end in LF",
        arguments: ["spki", "ssh", "note", "minisign", "signify"])
    func formats(name: String) throws {
        let signer = try Signer()
        let format = try #require(KeyFormat(named: name))
        let file = try file(name, signer.publicKey)
        let text = String(decoding: file, as: UTF8.self)
        let dressed = Array(text.replacing("\n", with: "\r\n").utf8)
        for bytes in [file, dressed] {
            #expect(KeyFormat(recognising: bytes) == format)
            let key = try #require(TrustPolicy.single(bytes).keys.first)
            #expect(key.material.publicKeys == [signer.publicKey])
        }
        // A policy that names the file reads it as it came.
        let entry: JSON = [
            "id": "k", "operator": "k", "format": JSON(name), "key": .string(dressed),
        ]
        let role = name == "note" ? "log" : "release"
        #expect(throws: Never.self) {
            try policy([entry], roles: KeyValuePairs(dictionaryLiteral: (role, rule(["k"]))))
        }
    }

    /// A key as the tools of its format write it.
    private func file(_ format: String, _ key: PublicKey) throws -> [UInt8] {
        let number = [UInt8](repeating: 7, count: 8)
        let value = Base64.encode(Array("Ed".utf8) + number + (key.rawEd25519 ?? []))
        switch format {
        case "spki": return key.pem
        case "ssh": return try #require(SSHPublicKey.line(of: key)) + Array(" me\n".utf8)
        case "note": return try NoteVerifier(name: Array("l".utf8), key: key).vkey + [0x0A]
        default:
            let words = format == "minisign" ? "minisign public key 07" : "signify public key"
            return Array("untrusted comment: \(words)\n".utf8) + value + [0x0A]
        }
    }

    @Test("of allowed_signers give the same entries")
    func allowedSigners() throws {
        let line = String(
            decoding: try #require(SSHPublicKey.line(of: Signer().publicKey)), as: UTF8.self)
        let text = "# people\n\nann \(line)\n\"bob,bo\" namespaces=\"file\" \(line)\n"
        let entries = try KeyEntry.entries(allowedSigners: Array(text.utf8))
        let dressed = text.replacing("\n", with: "\r\n")
        #expect(entries?.map(\.id) == ["ann", "bob"])
        #expect(try KeyEntry.entries(allowedSigners: Array(dressed.utf8)) == entries)
    }
}
