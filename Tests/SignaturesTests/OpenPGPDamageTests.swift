import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutSignatures
import CloseoutTestSupport
import Testing

@Suite("Damaged OpenPGP")
struct OpenPGPDamageTests {
    /// A signature whose hashed area names the key, as gpg writes it.
    private func sample(_ maker: OpenPGPMaker) throws -> [UInt8] {
        try maker.file(hashed: OpenPGPMaker.subpacket(33, [4] + maker.fingerprint))
    }

    @Test("No flipped bit of a signature leaves one that counts")
    func flippedBits() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let file = try sample(maker)
        #expect(try openPGPOutcomes(file, key: key) == [.accepted])
        for bit in 0..<8 * file.count {
            var copy = file
            copy[bit / 8] ^= 1 << (bit % 8)
            #expect(try !openPGPOutcomes(copy, key: key).contains(.accepted), "bit \(bit)")
        }
    }

    @Test(
        "No flipped bit of an RSA signature by gpg leaves one that counts", .requires("gpg"),
        .requires("gpgconf"))
    func flippedBitsOfRSA() async throws {
        try await withOpenPGP { tool in
            try await tool.takeRSAKey()
            let key = try await tool.publicKeys(of: "a@example.org")
            let file = try await tool.sign(seal.bytes, as: "a@example.org")
            for bit in 0..<8 * file.count {
                var copy = file
                copy[bit / 8] ^= 1 << (bit % 8)
                #expect(try !openPGPOutcomes(copy, key: key).contains(.accepted), "bit \(bit)")
            }
        }
    }

    @Test("A signature that is cut off or followed by anything is refused")
    func lengths() throws {
        let maker = try OpenPGPMaker()
        let key = openPGPText(try maker.key())
        let file = try sample(maker)
        for count in 0..<file.count {
            #expect(try openPGPOutcomes(Array(file.prefix(count)), key: key) != [.accepted])
        }
        for tail in [[0x00], [0x0A], [0xFF], Array("\n".utf8), maker.keyBody] {
            let outcomes = try openPGPOutcomes(file + tail, key: key)
            #expect(outcomes.count == 1 && !outcomes.contains(.accepted))
        }
    }

    private static let tokens = [
        "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----", "Comment: ", "=AAAA\n",
        "\n\n", "- ", "-----BEGIN PGP SIGNED MESSAGE-----\n", "Hash: SHA512\n", "\u{99}", "\u{4}",
    ]

    @Test("thousands of damaged signatures never count for other content")
    func mutatedSignatures() throws {
        let maker = try OpenPGPMaker()
        let ring = openPGPText(try maker.key())
        let policy = try policy([openPGPEntry("k", ring)], roles: ["release": rule(["k"])])
        let verifier = try verify(policy)
        let other = SignedContent.seal(Array("{}".utf8))
        let file = try sample(maker)
        for copy in mutations(of: file, seed: 4, count: 20_000, tokens: Self.tokens) {
            let results = try verifier.verify(copy, as: .openPGP, over: other)
            #expect(results.allSatisfy { $0.effect != .counts })
        }
    }

    @Test("Armour and cleartext survive thousands of damages each")
    func mutatedTexts() throws {
        let maker = try OpenPGPMaker()
        let packets = try maker.file(over: Array("a\r\nb".utf8), 0x01)
        let armour = signatureArmour(packets)
        let text =
            Array("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\na\nb\n".utf8) + armour
        var readable = 0
        for (format, file) in [(SignatureFormat.openPGPCleartext, text), (.openPGP, armour)] {
            for copy in mutations(of: file, seed: 5, count: 20_000, tokens: Self.tokens) {
                if (try? format.signatures(in: copy)) != nil { readable += 1 }
            }
        }
        #expect(readable > 0)
    }

    @Test("thousands of damaged keys never let a key sign that the sample does not")
    func mutatedKeys() throws {
        let (primary, subkey) = (try OpenPGPMaker(), try OpenPGPMaker(algorithm: 27))
        let key = try primary.key() + primary.binding(subkey)
        let known = [primary.signer.publicKey, subkey.signer.publicKey]
        var readable = 0
        for copy in mutations(of: key, seed: 6, count: 20_000, tokens: Self.tokens) {
            guard let policy = try? TrustPolicy.single(copy),
                let material = policy.keys.first?.material, policy.keys.first?.format == .openPGP
            else { continue }
            readable += 1
            #expect(material.publicKeys.first.map(known.contains) == true)
        }
        #expect(readable > 0)
    }
}

/// Packets as an armoured signature without a checksum.
func signatureArmour(_ packets: [UInt8]) -> [UInt8] {
    let base64 = Base64.encode(packets)
    var text = Array("-----BEGIN PGP SIGNATURE-----\n\n".utf8)
    for start in stride(from: 0, to: base64.count, by: 64) {
        text += base64[start..<min(start + 64, base64.count)] + Array("\n".utf8)
    }
    return text + Array("-----END PGP SIGNATURE-----\n".utf8)
}
