import CloseoutOpenSSL
import CloseoutTestSupport
import Testing

@Suite("Private keys")
struct PrivateKeyTests {
    @Test("are made, written and read again", arguments: availableTypes)
    func roundTrip(type: KeyType) throws {
        let key = try PrivateKey.generate(type)
        #expect(key.publicKey.type == type)
        let plain = try key.pem(passphrase: nil)
        #expect(plain.starts(with: bytes("-----BEGIN PRIVATE KEY-----\n")))
        #expect(try PrivateKey(parsing: plain, passphrase: nil).publicKey == key.publicKey)
        let sealed = try key.pem(passphrase: bytes("two words"))
        #expect(sealed.starts(with: bytes("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")))
        let opened = try PrivateKey(parsing: sealed, passphrase: bytes("two words"))
        #expect(opened.publicKey == key.publicKey)
        #expect(try PrivateKey.generate(type).publicKey != key.publicKey)
    }

    @Test("need their passphrase, and say whether it is missing or wrong")
    func passphrases() throws {
        let sealed = try readFile(samplePath("ed25519-encrypted.pem"))
        let expected = try PublicKey(pem: readFile(samplePath("ed25519-encrypted.pub.pem")))
        #expect(throws: KeyError.passphraseNeeded) { try read(sealed, passphrase: nil) }
        for wrong in ["", "Sample", "sample "] {
            #expect(throws: KeyError.wrongPassphrase) { try read(sealed, passphrase: bytes(wrong)) }
        }
        #expect(try read(sealed, passphrase: bytes("sample")) == expected)
        let open = try readFile(samplePath("ed25519.pem"))
        #expect(try read(open, passphrase: bytes("unneeded")).type == .ed25519)
    }

    @Test("know a wrong passphrase whatever the wrong key decrypts to")
    func manyWrongPassphrases() async throws {
        let sealed = try await runSuccessfully(
            "openssl",
            [
                "pkcs8", "-topk8", "-iter", "1", "-passout", "pass:right", "-in",
                samplePath("p256.pem"),
            ])
        for number in 0..<repetitions(1500, usually: 300) {
            #expect(throws: KeyError.wrongPassphrase) {
                try read(sealed, passphrase: bytes("wrong \(number)"))
            }
        }
    }

    @Test("under a passphrase of any bytes are read, and an empty one is refused for writing")
    func unusualPassphrases() throws {
        let key = try samplePrivateKey(.p256)
        for passphrase: [UInt8] in [[0], [0xFF, 0, 0x0A], [UInt8](repeating: 7, count: 2000)] {
            let sealed = try key.pem(passphrase: passphrase)
            #expect(try read(sealed, passphrase: passphrase) == key.publicKey)
        }
        var caught: KeyError?
        do { _ = try key.pem(passphrase: []) } catch { caught = error }
        #expect(caught == .weak("an empty passphrase"))
    }

    @Test("are read in each form that the openssl command writes", arguments: ["ec", "rsa"])
    func traditional(command: String) async throws {
        let name = command == "ec" ? "p384" : "rsa3072"
        let expected = try PublicKey(pem: readFile(samplePath(name + ".pub.pem")))
        let path = samplePath(name + ".pem")
        for form in ["PEM", "DER"] {
            var arguments = ["pkey", "-in", path, "-outform", form]
            #expect(try await read(runSuccessfully("openssl", arguments)) == expected)
            arguments.append("-traditional")
            #expect(try await read(runSuccessfully("openssl", arguments)) == expected)
            let sealed = try await runSuccessfully(
                "openssl",
                ["pkcs8", "-topk8", "-outform", form, "-in", path, "-passout", "pass:x", "-scrypt"])
            #expect(try read(sealed, passphrase: bytes("x")) == expected)
        }
    }

    @Test("are found among other blocks of a PEM text, if there is one")
    func otherBlocks() async throws {
        let parameters = try await runSuccessfully(
            "openssl", ["ecparam", "-name", "prime256v1", "-genkey"])
        #expect(try read(parameters).type == .p256)
        let key = try readFile(samplePath("p256.pem"))
        let certificate = try readFile(samplePath("p256.crt.pem"))
        #expect(try read(certificate + bytes("some text\n") + key).type == .p256)
        #expect(throws: KeyError.notAKey("a PEM text with 2 private keys")) { try read(key + key) }
        #expect(throws: KeyError.notAKey("a PEM text without a private key")) {
            try read(certificate)
        }
    }

    @Test("that are read are the same whether the point beside them is compressed or not")
    func compressedPoint() async throws {
        let text = try await runSuccessfully(
            "openssl",
            ["ec", "-in", samplePath("p256.pem"), "-conv_form", "compressed"])
        #expect(try read(text) == samplePublicKey(.p256))
    }

    @Test("that are damaged, in another form or of another kind are refused with a reason")
    func refused() async throws {
        let text = try readFile(samplePath("rsa2048.pem"))
        let old = try await runSuccessfully(
            "openssl",
            [
                "rsa", "-in", samplePath("rsa2048.pem"), "-traditional", "-aes128", "-passout",
                "pass:x",
            ])
        let x25519 = try await opensslKey(["-algorithm", "X25519"])
        let weak = try await runSuccessfully(
            "openssl",
            [
                "pkcs8", "-topk8", "-in", samplePath("p256.pem"), "-v1", "PBE-SHA1-3DES",
                "-passout", "pass:x",
            ])
        let cases: [([UInt8], String)] = [
            (old, "unsupported key: the old PEM encryption"),
            (x25519, "unsupported key: X25519"),
            (weak, "unsupported key: encryption by another scheme than PBES2"),
            ([], "not a key: neither"),
            (bytes("no key\n"), "not a key: neither"),
            (text.dropLast(40), "not a key: neither"),
            (try readFile(samplePath("p256.pub.pem")), "not a key: a PEM text without"),
            ([UInt8](repeating: 0x0A, count: 65_537), "not a key: longer than 65536 bytes"),
            (
                bytes("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                "not a key: the PEM block does not hold what its label says"
            ),
            (
                bytes("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n"),
                "unsupported key: a PEM block of the kind \"DSA PRIVATE KEY\""
            ),
        ]
        for (input, reason) in cases {
            let error = #expect(throws: KeyError.self) { try read(input, passphrase: bytes("x")) }
            #expect(error?.description.hasPrefix(reason) == true, "\(error as Any)")
        }
    }

    @Test("whose halves do not belong together give no signatures out")
    func mismatchedHalves() async throws {
        // The numbers of one key and the public point of another.
        let own = try await privateDER(.p256)
        let other = try PrivateKey.generate(.p256).publicKey.spki.suffix(64)
        let key = try PrivateKey(parsing: own.dropLast(64) + other, passphrase: nil)
        var caught: KeyError?
        do { _ = try key.sign([1], algorithm: .ecdsaP256SHA256) } catch { caught = error }
        #expect(caught == .notAKey("its private and public halves do not belong together"))
    }

    @Test("whose encryption would take minutes to undo are refused at once")
    func endlessDecryption() {
        let pbkdf2 = unhex("06092a864886f70d01050c")
        let scrypt = unhex("06092b06010401da47040b")
        let salt = element(4, [1, 2, 3, 4, 5, 6, 7, 8])
        let (much, little) = (element(2, [1, 0, 0, 1]), element(2, [1]))
        for derivation in [
            pbkdf2 + element(0x30, salt + much),
            pbkdf2 + element(0x30, salt + element(2, [1] + [UInt8](repeating: 0, count: 9))),
            scrypt + element(0x30, salt + much + little + little),
            scrypt
                + element(0x30, salt + element(2, [64, 0]) + element(2, [8]) + element(2, [1, 0])),
            scrypt + element(0x30, salt + little),
        ] {
            let cipher = element(0x30, unhex("060960864801650304012a") + element(4, salt + salt))
            let parameters = element(0x30, element(0x30, derivation) + cipher)
            let scheme = element(0x30, unhex("06092a864886f70d01050d") + parameters)
            let sealed = element(0x30, scheme + element(4, salt + salt))
            #expect(throws: KeyError.unsupported("encryption that takes minutes to undo")) {
                try read(sealed, passphrase: bytes("x"))
            }
        }
    }

    @Test("are recognised in files of all kinds, and texts about them are not")
    func recognition() async throws {
        let key = String(decoding: try readFile(samplePath("p256.pem")), as: UTF8.self)
        let escaped = key.replacing("\n", with: "\\n")
        let armor = "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\nlQOYBF"
        let openSSH = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n"
        let windows = key.replacing("\n", with: "\r\n")
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
        for text in [key, "{\"key\":\"\(escaped)\"}", "PPP" + windows, armor, openSSH, old] {
            #expect(PrivateKey.isLikely(in: bytes(text)), "\(text)")
        }
        for name in ["p384", "ed25519-encrypted", "rsa2048"] {
            let der = try await runSuccessfully(
                "openssl",
                [
                    "pkcs8", "-topk8", "-in", samplePath(name + ".pem"), "-outform", "DER",
                    "-passin", "pass:sample", "-passout", "pass:x",
                ])
            #expect(PrivateKey.isLikely(in: der))
        }
        let prose = "A line `-----BEGIN PRIVATE KEY-----` begins a PRIVATE KEY----- and more text."
        let others = [
            bytes(prose), try readFile(samplePath("p256.pub.pem")),
            try readFile(samplePath("rsa2048.crt.pem")), try samplePublicKey(.rsa).spki, [],
            bytes("PRIVATE KEY"), bytes("PRIVATE KEY-----"),
        ]
        for other in others {
            #expect(!PrivateKey.isLikely(in: other), "\(String(decoding: other, as: UTF8.self))")
        }
    }
}

/// The public half of what is read.
@discardableResult
func read(_ input: [UInt8], passphrase: [UInt8]? = nil) throws -> PublicKey {
    try PrivateKey(parsing: input, passphrase: passphrase).publicKey
}

/// The PKCS#8 of a sample in DER.
func privateDER(_ type: KeyType) async throws -> [UInt8] {
    try await runSuccessfully(
        "openssl", ["pkey", "-outform", "DER", "-in", samplePath(sampleName(type) + ".pem")])
}
