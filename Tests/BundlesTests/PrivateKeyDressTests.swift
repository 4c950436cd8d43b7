import CloseoutBundles
import CloseoutEncodings
import CloseoutOpenSSL
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("The scanner for private keys in other dress")
struct PrivateKeyDressTests {
    private static let kinds: [[String]] = [
        ["genpkey", "-algorithm", "ed25519"], ["genpkey", "-algorithm", "x448"],
        ["ecparam", "-genkey", "-noout", "-name", "prime256v1"],
        ["ecparam", "-genkey", "-noout", "-name", "secp521r1"],
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        ["genrsa", "-traditional", "2048"], ["genrsa", "2048"],
        ["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    ]

    @Test(
        "finds armoured keys in every encoding and string", .requires("openssl"), arguments: kinds)
    func armoured(arguments: [String]) async throws {
        let pem = try await runSuccessfully("openssl", arguments)
        for dress in KeyDress.ofText { expectKey(dress.wear(pem), "\(arguments) \(dress.name)") }
        for dress in KeyDress.ofBytes {
            expectKey(dress.wear(pem), "\(arguments) of PEM, \(dress.name)")
        }
    }

    @Test("finds keys in DER, and as base64 of it", .requires("openssl"), arguments: kinds)
    func encoded(arguments: [String]) async throws {
        try await withTemporaryDirectory { path in
            let pem = try await runSuccessfully("openssl", arguments)
            try writeFile(pem, to: path + "/key.pem")
            for form in [["pkcs8", "-topk8", "-nocrypt"], ["pkey", "-traditional"]] {
                let der = try await runSuccessfully(
                    "openssl", form + ["-outform", "DER", "-in", path + "/key.pem"])
                expectKey(der, "\(arguments) \(form)", anywhere: false)
                for dress in KeyDress.ofBytes {
                    expectKey(dress.wear(der), "\(arguments) \(form) \(dress.name)")
                }
            }
        }
    }

    @Test("finds keys whose parameters are longer than what is looked at", .requires("openssl"))
    func longParameters() async throws {
        try await withTemporaryDirectory { path in
            try await runSuccessfully(
                "openssl",
                [
                    "genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt",
                    "dsa_paramgen_bits:1024", "-out", path + "/p",
                ])
            try await runSuccessfully(
                "openssl", ["genpkey", "-paramfile", path + "/p", "-out", path + "/key"])
            try await runSuccessfully(
                "openssl",
                [
                    "ecparam", "-genkey", "-noout", "-name", "prime256v1", "-param_enc", "explicit",
                    "-out", path + "/explicit",
                ])
            for name in ["key", "explicit"] {
                for form in [["pkcs8", "-topk8", "-nocrypt"], ["pkey", "-traditional"]] {
                    let der = try await runSuccessfully(
                        "openssl", form + ["-outform", "DER", "-in", path + "/" + name])
                    expectKey(der, "\(name) \(form)", anywhere: false)
                    expectKey(Base64.encode(der), "\(name) \(form)")
                }
            }
        }
    }

    @Test("no border between pieces hides a key", .requires("openssl"))
    func borders() async throws {
        let pem = try await runSuccessfully("openssl", ["genpkey", "-algorithm", "ed25519"])
        let der = try await runSuccessfully(
            "openssl", ["pkey", "-outform", "DER"], stdin: pem)
        let putty = bytes("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n")
        let texts = KeyDress.ofText.map { $0.wear(pem) } + KeyDress.ofBytes.map { $0.wear(der) }
        for (index, content) in (texts + [Base64.encode(pem), putty]).enumerated() {
            for filler in [3000, 0] {
                let before = [UInt8](repeating: 0x0A, count: filler)
                for cut in 1..<content.count {
                    var scanner = PrivateKeyScanner(gathering: 1)
                    scanner.scan(before + content[..<cut])
                    scanner.scan(content[cut...])
                    #expect(scanner.found, "text \(index) cut at \(cut) behind \(filler)")
                    guard scanner.found else { break }
                }
            }
        }
    }

    @Test("a sentence about keys is none, wherever a piece ends")
    func sentenceBorders() {
        let text = bytes(
            "so it begins with `-----BEGIN PRIVATE KEY-----` and PuTTY-User-Key-File-2: too; "
                + "-----BEGIN PGP ARMORED FILE-----\n\nmQENBA==\n")
        for filler in [3000, 0] {
            let before = [UInt8](repeating: UInt8(ascii: "x"), count: filler)
            for cut in 1..<text.count {
                var scanner = PrivateKeyScanner(gathering: 1)
                scanner.scan(before + text[..<cut])
                scanner.scan(text[cut...])
                #expect(!scanner.found, "cut at \(cut) behind \(filler)")
            }
        }
    }

    @Test("finds secret keys of OpenPGP under every armour, and no public ones", .requires("gpg"))
    func openPGP() async throws {
        // The socket of gpg's agent needs a short path.
        try await withTemporaryDirectory(in: "/tmp") { path in
            try await runSuccessfully("chmod", ["700", path])
            let home = ["--homedir", path, "--batch", "--quiet", "--pinentry-mode", "loopback"]
            for algorithm in ["ed25519", "rsa2048", "nistp256"] {
                try await runSuccessfully(
                    "gpg",
                    home + ["--passphrase", "", "--quick-gen-key", algorithm, algorithm, "sign"])
                let secret = try await runSuccessfully(
                    "gpg", home + ["--export-secret-keys", algorithm])
                let open = try await runSuccessfully("gpg", home + ["--export", algorithm])
                let signature = try await runSuccessfully(
                    "gpg", home + ["--detach-sign", "-u", algorithm], stdin: [1])
                expectKey(secret, "binary \(algorithm)", anywhere: false)
                let enarmor = home + ["--enarmor"]
                let armoured = try await runSuccessfully("gpg", enarmor, stdin: secret)
                #expect(String(decoding: armoured, as: UTF8.self).contains("PGP ARMORED FILE"))
                for dress in KeyDress.ofText { expectKey(dress.wear(armoured), dress.name) }
                expectKey(
                    bytes(
                        String(decoding: armoured, as: UTF8.self)
                            .replacing("PGP ARMORED FILE", with: "PGP PUBLIC KEY BLOCK")),
                    "renamed")
                expectKey(Base64.encode(secret), "base64 of it", anywhere: false)
                for harmless in [open, signature] {
                    expectNoKey(harmless, "binary \(algorithm)")
                    expectNoKey(Base64.encode(harmless), "base64 \(algorithm)")
                    let file = try await runSuccessfully("gpg", enarmor, stdin: harmless)
                    for dress in KeyDress.ofText { expectNoKey(dress.wear(file), dress.name) }
                }
            }
            _ = try await run("gpgconf", ["--homedir", path, "--kill", "all"])
        }
    }

    @Test(
        "finds OpenSSH's form without its armour, and PuTTY's in every encoding",
        .requires("ssh-keygen"))
    func secureShell() async throws {
        try await withTemporaryDirectory { path in
            try await runSuccessfully(
                "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path + "/key"])
            let lines = try readFile(path + "/key").split(separator: 0x0A)
            let body = Array(lines.dropFirst().dropLast().joined())
            expectKey(body, "the base64 alone")
            expectKey(try #require(Base64.decode(body)), "binary", anywhere: false)
            for dress in KeyDress.ofText {
                expectKey(dress.wear(try readFile(path + "/key")), dress.name)
                expectNoKey(dress.wear(try readFile(path + "/key.pub")), dress.name)
            }
        }
        for version in 2...3 {
            let file = bytes("PuTTY-User-Key-File-\(version): ssh-rsa\nEncryption: none\n")
            for dress in KeyDress.ofText { expectKey(dress.wear(file), dress.name) }
        }
    }

    /// Alone and, where the form is found anywhere, behind other text.
    private func expectKey(_ content: [UInt8], _ name: String, anywhere: Bool = true) {
        #expect(PrivateKeyScanner.finds(in: content), "\(name)")
        guard anywhere else { return }
        let other = bytes(String(repeating: "some other text\n", count: 1000))
        #expect(PrivateKeyScanner.finds(in: other + content + other), "\(name) inside")
    }

    private func expectNoKey(_ content: [UInt8], _ name: String) {
        #expect(!PrivateKeyScanner.finds(in: content), "\(name)")
    }
}
