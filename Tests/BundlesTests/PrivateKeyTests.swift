import CloseoutBundles
import CloseoutOpenSSL
import CloseoutTestSupport
import FoundationEssentials
import Testing

@Suite("The scanner for private keys")
struct PrivateKeyTests {
    @Test("finds the keys that closeout makes", arguments: [KeyType.ed25519, .p256, .p384, .rsa])
    func ownKeys(type: KeyType) throws {
        let key = try PrivateKey.generate(type)
        expectKey(try key.pem(passphrase: nil), "plain")
        expectKey(try key.pem(passphrase: bytes("secret")), "encrypted")
        expectNoKey(key.publicKey.pem, "public PEM")
        expectNoKey(key.publicKey.spki, "public DER")
        expectNoKey(
            try key.sign(bytes("M"), algorithm: .implied(by: type) ?? .rsaPSSSHA256), "signature")
    }

    @Test(
        "finds the keys that openssl makes, in every form", .requires("openssl"),
        arguments: [
            ["genpkey", "-algorithm", "ed25519"], ["genpkey", "-algorithm", "x25519"],
            ["ecparam", "-genkey", "-noout", "-name", "prime256v1"],
            ["ecparam", "-genkey", "-name", "secp384r1"], ["genrsa", "2048"],
            ["genrsa", "-traditional", "2048"], ["genrsa", "1024"],
        ])
    func opensslKeys(arguments: [String]) async throws {
        try await withTemporaryDirectory { path in
            let pem = try await runSuccessfully("openssl", arguments)
            expectKey(pem, "PEM")
            try writeFile(pem, to: path + "/key.pem")
            let input = ["-in", path + "/key.pem"]
            for form in [
                ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"],
                ["pkcs8", "-topk8", "-nocrypt"],
                ["pkcs8", "-topk8", "-passout", "pass:x"], ["pkey", "-outform", "DER"],
                ["pkey", "-aes256", "-passout", "pass:x"],
                ["pkey", "-traditional", "-outform", "DER"],
            ] {
                expectKey(try await runSuccessfully("openssl", form + input), "\(form)")
            }
            for form in [["pkey", "-pubout"], ["pkey", "-pubout", "-outform", "DER"]] {
                expectNoKey(try await runSuccessfully("openssl", form + input), "\(form)")
            }
        }
    }

    @Test("finds no key in requests, certificates and what they sign", .requires("openssl"))
    func certificates() async throws {
        try await withTemporaryDirectory { path in
            let key = path + "/key.pem"
            let certificate = path + "/certificate.pem"
            try await runSuccessfully(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                    certificate, "-subj", "/CN=test",
                ])
            try writeFile("M", to: path + "/M")
            for form in ["PEM", "DER"] {
                for arguments in [
                    ["x509", "-in", certificate], ["req", "-new", "-key", key, "-subj", "/CN=a"],
                    ["crl2pkcs7", "-nocrl", "-certfile", certificate],
                    ["cms", "-sign", "-in", path + "/M", "-signer", certificate, "-inkey", key],
                    ["ts", "-query", "-data", path + "/M"],
                ] {
                    let form = arguments[0] == "ts" ? [] : ["-outform", form]
                    expectNoKey(
                        try await runSuccessfully("openssl", arguments + form), "\(arguments)")
                }
            }
        }
    }

    @Test(
        "finds the keys of ssh-keygen", .requires("ssh-keygen"),
        arguments: [
            ["-t", "ed25519", "-N", ""], ["-t", "ed25519", "-N", "secret"],
            ["-t", "rsa", "-b", "2048", "-N", "", "-m", "PEM"],
            ["-t", "ecdsa", "-N", "", "-m", "PKCS8"], ["-t", "ecdsa", "-N", "secret"],
        ])
    func sshKeys(arguments: [String]) async throws {
        try await withTemporaryDirectory { path in
            try await runSuccessfully("ssh-keygen", ["-q", "-f", path + "/key"] + arguments)
            expectKey(try readFile(path + "/key"), "key")
            expectNoKey(try readFile(path + "/key.pub"), "public key")
            guard !arguments.contains("secret") else { return }
            try writeFile("M", to: path + "/M")
            try await runSuccessfully(
                "ssh-keygen", ["-q", "-Y", "sign", "-n", "file", "-f", path + "/key", path + "/M"])
            expectNoKey(try readFile(path + "/M.sig"), "signature")
        }
    }

    @Test("finds the keys of gpg, armoured and binary", .requires("gpg"))
    func openPGPKeys() async throws {
        // The socket of gpg's agent needs a short path.
        try await withTemporaryDirectory(in: "/tmp") { path in
            try await runSuccessfully("chmod", ["700", path])
            let home = ["--homedir", path, "--batch", "--quiet", "--pinentry-mode", "loopback"]
            for algorithm in ["ed25519", "rsa2048"] {
                try await runSuccessfully(
                    "gpg",
                    home + ["--passphrase", "", "--quick-gen-key", algorithm, algorithm, "sign"])
                for armour in [["--armor"], []] {
                    let secret = home + armour + ["--export-secret-keys", algorithm]
                    expectKey(try await runSuccessfully("gpg", secret), "\(secret)")
                    let open = home + armour + ["--export", algorithm]
                    expectNoKey(try await runSuccessfully("gpg", open), "\(open)")
                    let sign = home + armour + ["--detach-sign", "-u", algorithm]
                    expectNoKey(try await runSuccessfully("gpg", sign, stdin: [1]), "\(sign)")
                }
            }
            _ = try await run("gpgconf", ["--homedir", path, "--kill", "all"])
        }
    }

    @Test("finds the keys of minisign, and not its signatures", .requires("minisign"))
    func minisignKeys() async throws {
        try await withTemporaryDirectory { path in
            let (secret, open) = (path + "/a.key", path + "/a.pub")
            try await runSuccessfully("minisign", ["-G", "-W", "-s", secret, "-p", open])
            try writeFile("M", to: path + "/M")
            try await runSuccessfully("minisign", ["-S", "-s", secret, "-m", path + "/M"])
            expectKey(try readFile(secret), "secret key")
            expectNoKey(try readFile(open), "public key")
            expectNoKey(try readFile(path + "/M.minisig"), "signature")
        }
        // What minisign and rsign write where a passphrase was given, which takes them a second.
        for tool in ["minisign", "rsign"] {
            let key = "untrusted comment: \(tool) encrypted secret key\nRWRTY0Iy"
            expectKey(bytes(key + String(repeating: "A", count: 204) + "\n"), tool)
        }
    }

    @Test("finds the keys of PuTTY")
    func puttyKeys() {
        expectKey(bytes("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n"), "PuTTY")
    }

    @Test("finds the keys of signify, and not its signatures", .requires("signify-openbsd"))
    func signifyKeys() async throws {
        try await withTemporaryDirectory { path in
            let (secret, open) = (path + "/a.sec", path + "/a.pub")
            try await runSuccessfully("signify-openbsd", ["-G", "-n", "-s", secret, "-p", open])
            try writeFile("M", to: path + "/M")
            try await runSuccessfully("signify-openbsd", ["-S", "-s", secret, "-m", path + "/M"])
            expectKey(try readFile(secret), "secret key")
            expectNoKey(try readFile(open), "public key")
            expectNoKey(try readFile(path + "/M.sig"), "signature")
        }
    }

    @Test(
        "finds keys in what carries them",
        arguments: [
            "key: |\n    -----BEGIN PRIVATE KEY-----\n    MC4CAQ",
            #"{"private_key":"-----BEGIN PRIVATE KEY-----\nMC4CAQ"}"#,
            "KEY=\"-----BEGIN EC PRIVATE KEY-----\nMHcC",
            "KEY='-----BEGIN RSA PRIVATE KEY-----\r\n",
            "text before\n-----BEGIN ENCRYPTED PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----  \nM",
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/5",
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ",
        ])
    func carriers(content: String) {
        expectKey(bytes(content), content)
        expectKey(bytes(String(repeating: "x\n", count: 5000)) + bytes("\n" + content), content)
    }

    @Test(
        "takes neither prose nor public keys for private ones",
        arguments: [
            "A key begins with `-----BEGIN PRIVATE KEY-----` and ends likewise.",
            "It begins with -----BEGIN and may hold a PRIVATE KEY-----, or not.",
            "-----BEGIN PUBLIC KEY-----\nMCow", "-----BEGIN CERTIFICATE-----\nMIIB",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "-----BEGIN SSH SIGNATURE-----\nU1NI",
            "-----END PRIVATE KEY-----\n", "PRIVATE KEY-----\n", "---BEGIN PRIVATE KEY---\n",
            "untrusted comment: signature from minisign secret key\nRUQf6LRCGA9i53mlYecO4Iz",
            "untrusted comment: about a secret key", "0", "", "\u{0}",
        ])
    func prose(content: String) {
        expectNoKey(bytes(content), content)
    }

    @Test("takes no document, source or test input of this repository for a key")
    func ownFiles() throws {
        for folder in [
            "docs", "Sources/Bundles", "Sources/OpenSSL/Keys", "Sources/Signatures/Keys",
        ] {
            let root = repositoryRoot + "/" + folder
            for name in try FileManager.default.contentsOfDirectory(atPath: root)
            where !isDirectory(root + "/" + name) {
                #expect(!PrivateKeyScanner.finds(in: try readFile(root + "/" + name)), "\(name)")
            }
        }
    }

    /// Whole, and cut in two at every place of the beginning, and a byte at a time.
    private func expectKey(_ content: [UInt8], _ name: String) {
        #expect(PrivateKeyScanner.finds(in: content), "\(name)")
        for cut in stride(from: 0, to: content.count, by: max(1, content.count / 40)) {
            #expect(finds(in: [content[..<cut], content[cut...]]), "\(name), cut at \(cut)")
        }
        if content.count < 4096 {
            #expect(finds(in: content.indices.map { content[$0...$0] }), "\(name), in bytes")
        }
    }

    private func expectNoKey(_ content: [UInt8], _ name: String) {
        #expect(!PrivateKeyScanner.finds(in: content), "\(name)")
    }

    private func finds(in pieces: [ArraySlice<UInt8>]) -> Bool {
        var scanner = PrivateKeyScanner()
        for piece in pieces { scanner.scan(piece) }
        return scanner.found
    }
}
