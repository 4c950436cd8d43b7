import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Keys that must not be trusted")
struct KeyStrengthTests {
    @Test("Ed25519 keys of small order, under which anybody can sign, are refused")
    func smallOrder() async throws {
        let orders = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ].map(unhex)
        for point in orders {
            for sign: UInt8 in [0, 0x80] {
                let bytes = point.dropLast() + [point[31] | sign]
                #expect(throws: KeyError.weak("an Ed25519 point of small order")) {
                    try PublicKey(ed25519: Array(bytes))
                }
            }
        }
    }

    @Test("the openssl command takes a signature that nobody made, under a key of small order")
    func forgery() async throws {
        let identity = [1] + [UInt8](repeating: 0, count: 31)
        let spki = unhex("302a300506032b6570032100") + identity
        let signature = identity + [UInt8](repeating: 0, count: 32)
        try await withTemporaryDirectory { folder in
            try writeFile(spki, to: folder + "/key")
            try writeFile("anything at all", to: folder + "/message")
            try writeFile(signature, to: folder + "/signature")
            let result = try await run(
                "openssl",
                [
                    "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key",
                    "-in", "message", "-sigfile", "signature",
                ], workingDirectory: folder)
            #expect(result.status == 0, "\(result.stderrText)")
        }
        #expect(throws: KeyError.self) { try PublicKey(spki: spki) }
    }

    @Test("Ed25519 keys in a second spelling or off the curve are refused")
    func notCanonical() throws {
        let top = [UInt8](repeating: 0xFF, count: 30)
        for low: UInt8 in 0xED...0xFF {
            for high: UInt8 in [0x7F, 0xFF] {
                #expect(throws: KeyError.self) { try PublicKey(ed25519: [low] + top + [high]) }
            }
        }
        // 2 is the y of no point, 3 is one.
        let rest = [UInt8](repeating: 0, count: 31)
        #expect(throws: KeyError.notAKey("an Ed25519 point that is not on the curve")) {
            try PublicKey(ed25519: [2] + rest)
        }
        #expect(throws: Never.self) { try PublicKey(ed25519: [3] + rest) }
    }

    @Test("points off their curve, at infinity, compressed or hybrid are refused")
    func points() async throws {
        for type: KeyType in [.p256, .p384] {
            let spki = try samplePublicKey(type).spki
            let size = type == .p256 ? 32 : 48
            let (head, point) = (spki.dropLast(2 * size + 1), spki.suffix(2 * size))
            #expect(throws: KeyError.self) {
                try PublicKey(spki: flipping(spki, at: spki.count - 1))
            }
            #expect(throws: KeyError.self) { try PublicKey(spki: head + [6] + point) }
            let zero = [UInt8](repeating: 0, count: 2 * size)
            #expect(throws: KeyError.self) { try PublicKey(spki: head + [4] + zero) }
            let full = [UInt8](repeating: 0xFF, count: 2 * size)
            #expect(throws: KeyError.self) { try PublicKey(spki: head + [4] + full) }
            let key = try readFile(samplePath(sampleName(type) + ".pem"))
            let compressed = try await runSuccessfully(
                "openssl",
                ["ec", "-pubout", "-conv_form", "compressed", "-outform", "DER"], stdin: key)
            #expect(throws: KeyError.self) { try PublicKey(spki: compressed) }
        }
    }

    @Test("a curve that is spelt out instead of named is refused, in either half")
    func explicitParameters() async throws {
        let key = try await opensslKey([
            "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt",
            "ec_param_enc:explicit",
        ])
        let spki = try await opensslPublicHalf(key, ["-outform", "DER"])
        let expected = KeyError.unsupported("id-ecPublicKey with parameters of its own")
        #expect(throws: expected) { try PublicKey(spki: spki) }
        #expect(throws: expected) {
            _ = try PrivateKey(parsing: key, passphrase: nil).publicKey
        }
    }

    @Test("RSA keys below 1024 bits, above 8192 bits or with a small exponent are refused")
    func weakRSA() async throws {
        let modulus = [0xC1] + [UInt8](repeating: 0x55, count: 254) + [0x01]
        let refused: [([UInt8], [UInt8])] = [
            (Array(modulus.dropFirst(192).dropLast()) + [0x01], [1, 0, 1]),
            (modulus, [1]), (modulus, [3]), (modulus, [17]), (modulus, [1, 0, 0]),
            (modulus, [0xFF, 0xFF]), (modulus, [1, 0, 2]),
            (modulus, [UInt8](repeating: 0xFF, count: 9)),
            (modulus.dropLast() + [0x02], [1, 0, 1]),
            ([1] + [UInt8](repeating: 0xFF, count: 1024), [1, 0, 1]),
        ]
        for (modulus, exponent) in refused {
            #expect(throws: KeyError.self, "\(hex(exponent))") {
                try PublicKey(spki: rsaSPKI(modulus: modulus, exponent: exponent))
            }
        }
        let large = [UInt8](repeating: 0xFF, count: 1024)
        for (modulus, exponent) in [
            (modulus, [UInt8]([1, 0, 1])), (large, [1, 0, 0, 0, 0, 0, 0, 1]),
        ] {
            let key = try PublicKey(spki: rsaSPKI(modulus: modulus, exponent: exponent))
            #expect(key.bits == modulus.count * 8)
        }
    }

    @Test("RSA keys that come as two numbers may have odd exponents from 17 on")
    func smallExponent() throws {
        let modulus = [0xC1] + [UInt8](repeating: 0x55, count: 254) + [0x01]
        for exponent: [UInt8] in [[17], [35], [41], [0xFF, 0xFF]] {
            let key = try PublicKey(modulus: modulus, exponent: exponent)
            #expect(key.hasSmallExponent)
            #expect(throws: KeyError.self) { try PublicKey(spki: key.spki) }
        }
        for exponent: [UInt8] in [[1], [3], [15], [16], [18]] {
            #expect(throws: KeyError.self, "\(exponent)") {
                try PublicKey(modulus: modulus, exponent: exponent)
            }
        }
        #expect(try !PublicKey(modulus: modulus, exponent: [1, 0, 1]).hasSmallExponent)
    }

    @Test("RSA keys of 1024 bits are read, with their size, on which a policy decides")
    func smallRSA() async throws {
        let key = try await opensslKey(["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"])
        let spki = try await opensslPublicHalf(key, ["-outform", "DER"])
        let small = try PublicKey(spki: spki)
        #expect(small.bits == 1024)
        // Too small for the digest and the salt of this algorithm.
        let signature = [UInt8](repeating: 1, count: 128)
        #expect(try !small.accepts(signature, over: [], algorithm: .rsaPSSSHA512))
        #expect(throws: KeyError.weak("signing takes an RSA modulus of 2048 bits or more")) {
            try PrivateKey(parsing: key, passphrase: nil).publicKey
        }
        let tiny = try await opensslKey(["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512"])
        #expect(throws: KeyError.weak("an RSA modulus of 512 bits")) {
            try PrivateKey(parsing: tiny, passphrase: nil).publicKey
        }
    }

    @Test("new RSA keys have 3072 to 8192 bits")
    func generatedRSA() {
        #expect(throws: KeyError.weak("new RSA keys have 3072 bits or more")) {
            try PrivateKey.generate(.rsa, bits: 2048).publicKey
        }
        #expect(throws: KeyError.self) { try PrivateKey.generate(.rsa, bits: 8200).publicKey }
    }

    @Test("RSA numbers with leading zeros or a sign are refused")
    func paddedRSA() throws {
        let modulus = [0xC1] + [UInt8](repeating: 0x55, count: 254) + [0x01]
        let exponent: [UInt8] = [1, 0, 1]
        #expect(throws: Never.self) {
            try PublicKey(spki: rsaSPKI(integers: [[0] + modulus, exponent]))
        }
        for integers in [
            [[0, 0] + modulus, exponent], [modulus, exponent], [[0] + modulus, [0] + exponent],
            [[0] + modulus], [[0] + modulus, exponent, exponent], [[0] + modulus, []],
        ] {
            #expect(throws: KeyError.self) { try PublicKey(spki: rsaSPKI(integers: integers)) }
        }
    }

    private func rsaSPKI(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        rsaSPKI(integers: [modulus, exponent].map { ($0.first ?? 0) < 0x80 ? $0 : [0] + $0 })
    }

    private func rsaSPKI(integers: [[UInt8]]) -> [UInt8] {
        let key = element(0x30, integers.flatMap { element(0x02, $0) })
        return element(
            0x30, unhex("300d06092a864886f70d0101010500") + element(0x03, [0] + key))
    }
}

/// A DER element.
func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    switch content.count {
    case ..<128: [tag, UInt8(content.count)] + content
    case ..<256: [tag, 0x81, UInt8(content.count)] + content
    default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
    }
}
