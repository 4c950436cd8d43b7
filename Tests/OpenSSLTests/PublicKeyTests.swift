import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Public keys")
struct PublicKeyTests {
    @Test("are read from PEM and DER and written as they were", arguments: availableTypes)
    func reading(type: KeyType) throws {
        let pem = try readFile(samplePath(sampleName(type) + ".pub.pem"))
        let key = try PublicKey(pem: pem)
        #expect(key.type == type)
        #expect(key.pem == pem)
        #expect(try PublicKey(spki: key.spki) == key)
        #expect(try key.fingerprint == SHA256Digest.of(key.spki))
        #expect((key.rawEd25519 != nil) == (type == .ed25519))
    }

    @Test("have the sizes that their names say")
    func sizes() throws {
        let expected = [("ed25519", 256), ("p256", 256), ("p384", 384), ("rsa3072", 3072)]
        for (name, bits) in expected {
            let key = try PublicKey(pem: readFile(samplePath(name + ".pub.pem")))
            #expect(key.bits == bits, "\(name)")
        }
    }

    @Test("of Ed25519 are made of their 32 bytes")
    func raw() throws {
        let key = try samplePublicKey(.ed25519)
        let raw = try #require(key.rawEd25519)
        #expect(try PublicKey(ed25519: raw) == key)
        #expect(throws: KeyError.self) { try PublicKey(ed25519: raw.dropLast()) }
        #expect(throws: KeyError.self) { try PublicKey(ed25519: raw + [0]) }
    }

    @Test("are refused with anything before, after or beside them", arguments: availableTypes)
    func extraBytes(type: KeyType) throws {
        let spki = try samplePublicKey(type).spki
        let pem = try samplePublicKey(type).pem
        for der in [spki + [0], [0] + spki, spki.dropLast(), []] {
            #expect(throws: KeyError.self) { try PublicKey(spki: der) }
        }
        for text in [bytes("a comment\n") + pem, pem + bytes("more\n"), pem + pem, spki] {
            #expect(throws: KeyError.self) { try PublicKey(pem: text) }
        }
        #expect(throws: KeyError.self) { try PublicKey(spki: pem) }
    }

    @Test("may come with other line ends and empty lines around")
    func blanks() throws {
        let key = try samplePublicKey(.p384)
        let text = String(decoding: key.pem, as: UTF8.self)
        let windows = text.replacing("\n", with: "\r\n")
        #expect(try PublicKey(pem: bytes("\n" + windows + "\r\n \n")) == key)
    }

    @Test("have one spelling: lengths in more bytes than needed are refused")
    func longLengths() throws {
        let spki = try samplePublicKey(.ed25519).spki
        #expect(spki.prefix(4) == [0x30, 0x2A, 0x30, 0x05])
        let content = Array(spki.dropFirst(2))
        for length: [UInt8] in [[0x81, 0x2A], [0x82, 0, 0x2A], [0x84, 0, 0, 0, 0x2A], [0x80]] {
            #expect(throws: KeyError.self) { try PublicKey(spki: [0x30] + length + content) }
        }
        #expect(throws: KeyError.self) { try PublicKey(spki: [0x30, 0x80] + content + [0, 0]) }
    }

    @Test("are not taken from a bit string with unused bits")
    func unusedBits() throws {
        var spki = try samplePublicKey(.p256).spki
        let place = try #require(spki.firstIndex(of: 0x03).map { _ in spki.count - 66 })
        #expect(spki[place] == 0)
        spki[place] = 1
        #expect(throws: KeyError.self) { try PublicKey(spki: spki) }
    }

    @Test("are no private keys, which are named as what they are", arguments: availableTypes)
    func privateKey(type: KeyType) async throws {
        let path = try samplePath(sampleName(type) + ".pem")
        #expect(throws: KeyError.isPrivate) { try PublicKey(pem: readFile(path)) }
        guard [.ed25519, .p256, .p384, .rsa].contains(type) else { return }
        let der = try await runSuccessfully("openssl", ["pkey", "-in", path, "-outform", "DER"])
        #expect(throws: KeyError.isPrivate) { try PublicKey(spki: der) }
        #expect(throws: KeyError.isPrivate) {
            try PublicKey(pem: readFile(samplePath("ed25519-encrypted.pem")))
        }
    }

    @Test("are no certificates")
    func certificate() throws {
        let text = try readFile(samplePath("p256.crt.pem"))
        #expect(throws: KeyError.notAKey("a PEM block of the kind \"CERTIFICATE\"")) {
            try PublicKey(pem: text)
        }
    }

    @Test("of other algorithms are refused by name")
    func otherAlgorithms() async throws {
        let others = [
            (["-algorithm", "ED448"], "ED448"),
            (["-algorithm", "X25519"], "X25519"),
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"], "secp224r1"),
            (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], "secp256k1"),
            (["-algorithm", "RSA-PSS"], "rsassaPss"),
        ]
        for (arguments, name) in others {
            let key = try await opensslKey(arguments)
            let spki = try await opensslPublicHalf(key, ["-outform", "DER"])
            let error = #expect(throws: KeyError.self) { try PublicKey(spki: spki) }
            #expect(error?.description.contains(name) == true, "\(name): \(error as Any)")
        }
    }
}

/// A private key in PEM that the openssl command makes.
func opensslKey(_ arguments: [String]) async throws -> [UInt8] {
    try await runSuccessfully("openssl", ["genpkey"] + arguments)
}

/// The public half of a private key in PEM, as the openssl command writes it.
func opensslPublicHalf(_ key: [UInt8], _ arguments: [String]) async throws -> [UInt8] {
    try await runSuccessfully("openssl", ["pkey", "-pubout"] + arguments, stdin: key)
}
