import OpenSSL
import TestSupport
import Testing

@Suite("CMS signatures", .requires("openssl"))
struct CMSTests {
    static let message = bytes("line one\nline two\n{\"a\":1}")
    static let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
    static let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    static let p384 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]

    @Test(
        "what `openssl cms` signs verifies, with and without attributes, in DER and PEM",
        arguments: [["-outform", "DER"], ["-outform", "PEM"], ["-outform", "DER", "-noattr"]])
    func foreign(options: [String]) async throws {
        try await withAuthority { root in
            for (name, key, digest, more) in [
                ("p256", Self.p256, "sha256", []), ("p384", Self.p384, "sha384", []),
                ("rsa", Self.rsa, "sha512", []),
                ("pss", Self.rsa, "sha256", ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"]),
            ] as [(String, [String], String, [String])] {
                let leaf = try await root.certify(name, key: key)
                let keyOptions = more.flatMap { ["-keyopt", $0] }
                let file = try await sign(
                    leaf, options + ["-binary", "-md", digest] + keyOptions)
                #expect(SignedData.isLikely(file))
                let signed = try SignedData(parsing: file)
                #expect(signed.content == nil)
                #expect(try verifies(signed, leaf), "\(name)")
                #expect(try !verifies(signed, leaf, over: Self.message + [0]), "\(name)")
            }
        }
    }

    @Test(
        "`openssl cms` verifies what we sign, and so do we",
        arguments: [
            (p256, .ecdsaP256SHA256),
            (p384, .ecdsaP384SHA384), (rsa, .rsaPKCS1SHA256), (rsa, .rsaPKCS1SHA512),
            (rsa, .rsaPSSSHA256), (rsa, .rsaPSSSHA384),
        ] as [([String], SignatureAlgorithm)])
    func ours(key: [String], algorithm: SignatureAlgorithm) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: key)
            let privateKey = try PrivateKey(parsing: leaf.key(), passphrase: nil)
            let file = try SignedData.signing(
                Self.message, with: privateKey, certificates: [read(leaf), read(root.own)],
                algorithm: algorithm)
            #expect(try verifies(SignedData(der: file), leaf))
            try writeFile(file, to: root.path("ours.p7s"))
            try writeFile(Self.message, to: root.path("message"))
            let arguments = [
                "cms", "-verify", "-binary", "-inform", "DER", "-in", "ours.p7s", "-content",
                "message", "-CAfile", root.own.path, "-purpose", "any", "-out", "content",
            ]
            try await root.openssl(arguments)
            #expect(try readFile(root.path("content")) == Self.message)
            try writeFile(Self.message + [0], to: root.path("message"))
            let other = try await run("openssl", arguments, workingDirectory: root.folder)
            #expect(other.status != 0)
        }
    }

    @Test("Ed25519 signs and verifies, which `openssl cms` of version 3.0 cannot")
    func ed25519() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: ["-algorithm", "ED25519"])
            let key = try PrivateKey(parsing: leaf.key(), passphrase: nil)
            let file = try SignedData.signing(
                Self.message, with: key, certificates: [read(leaf)], algorithm: .ed25519)
            #expect(try verifies(SignedData(der: file), leaf))
            #expect(try !verifies(SignedData(der: file), leaf, over: Self.message + [0]))
        }
    }

    @Test("a certificate of another key is refused at signing")
    func otherCertificate() async throws {
        try await withAuthority { root in
            let key = try PrivateKey.generate(.p256)
            #expect(throws: KeyError.self) {
                try SignedData.signing(
                    Self.message, with: key, certificates: [read(root.own)],
                    algorithm: .ecdsaP256SHA256)
            }
        }
    }

    @Test("a signature in text mode is told as such", arguments: [[], ["-text"]])
    func textMode(options: [String]) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            for attributes in [[], ["-noattr"]] {
                let file = try await sign(leaf, ["-outform", "DER"] + options + attributes)
                let signed = try SignedData(parsing: file)
                let signer = try #require(signed.signers.first)
                let verdict = try signer.verdict(by: read(leaf), over: Self.message)
                guard case .otherContent(let reason) = verdict else {
                    Issue.record("\(verdict)")
                    continue
                }
                #expect(reason.contains("text mode"))
            }
        }
    }

    @Test("SHA-1 and MD5 are refused by name", arguments: ["sha1", "md5"])
    func weakDigests(digest: String) async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf", key: Self.rsa)
            let file = try await sign(leaf, ["-outform", "DER", "-binary", "-md", digest])
            let signer = try #require(try SignedData(parsing: file).signers.first)
            let verdict = try signer.verdict(by: read(leaf), over: Self.message)
            let name = digest == "sha1" ? "SHA-1" : "MD5"
            #expect(verdict == .invalid("\(name) is not accepted"))
        }
    }

    @Test("each of several signers is told by its own certificate")
    func severalSigners() async throws {
        try await withAuthority { root in
            let first = try await root.certify("first")
            let second = try await root.certify("second", key: Self.rsa)
            let file = try await sign(
                first,
                ["-outform", "DER", "-binary", "-signer", second.path, "-inkey", second.keyPath])
            let signed = try SignedData(parsing: file)
            #expect(signed.signers.count == 2)
            for certified in [first, second] {
                let certificate = try read(certified)
                let named = try signed.signers.filter { try $0.names(certificate) }
                #expect(named.count == 1)
                #expect(try verifies(signed, certified))
            }
        }
    }

    @Test("a signer named by its key's identifier is found, and a bare signature names nobody here")
    func keyIdentifier() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let file = try await sign(leaf, ["-outform", "DER", "-binary", "-keyid", "-nocerts"])
            let signed = try SignedData(parsing: file)
            #expect(signed.certificates == [])
            #expect(try verifies(signed, leaf))
            #expect(try signed.signers.first?.names(read(root.own)) == false)
        }
    }

    @Test("a wrong key, bytes after the end, a cut file and other files are refused")
    func refused() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let other = try await root.certify("other")
            let file = try await sign(leaf, ["-outform", "DER", "-binary"])
            let signer = try #require(try SignedData(parsing: file).signers.first)
            guard case .invalid = try signer.verdict(by: read(other), over: Self.message) else {
                Issue.record("another key verifies")
                return
            }
            let certificate = try read(leaf).der
            for bad in [
                file + [0], Array(file.dropLast()), Array(file.dropFirst()), certificate, [],
            ] {
                #expect(throws: CMSError.self) { try SignedData(parsing: bad) }
            }
        }
    }

    @Test("a set of attributes is not taken for the content of a signer without attributes")
    func strippedAttributes() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            // What a signer with attributes signs, such as this content type, is one that has lost them.
            let type: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3]
            let value: [UInt8] = [0x31, 4, 6, 2, 0x2A, 3]
            let attribute = [0x30, 17, 6, 9] + type + value
            let attributes = [0x31, 19] + attribute
            for (content, isTaken) in [
                (attributes, false), ([0x31, 38] + attribute + attribute, false),
                (attributes + [0], true), ([0x31, 0], true), (attribute, true),
                ([0x31, 2, 5, 0], true), (bytes("1 file"), true),
            ] {
                let file = try await root.openssl(
                    [
                        "cms", "-sign", "-binary", "-noattr", "-outform", "DER", "-signer",
                        leaf.path, "-inkey", leaf.keyPath,
                    ], stdin: content)
                #expect(try verifies(SignedData(der: file), leaf, over: content) == isTaken)
            }
        }
    }

    @Test("no flipped bit of a signer is accepted, and 20,000 damaged files do no harm")
    func mutated() async throws {
        try await withAuthority { root in
            let leaf = try await root.certify("leaf")
            let file = try await sign(
                leaf, ["-outform", "DER", "-binary", "-nocerts", "-nosmimecap"])
            let certificate = try read(leaf)
            for place in file.indices {
                guard let signed = try? SignedData(der: flipping(file, at: place)) else { continue }
                for signer in signed.signers where try signer.names(certificate) {
                    let verdict = try signer.verdict(by: certificate, over: Self.message)
                    if case .verifies = verdict { Issue.record("byte \(place) may be changed") }
                }
            }
            for input in mutations(of: file, seed: 31, count: 20_000) {
                _ = try? SignedData(parsing: input)
            }
        }
    }

    private func sign(_ leaf: Authority.Certified, _ options: [String]) async throws -> [UInt8] {
        try await runSuccessfully(
            "openssl", ["cms", "-sign", "-signer", leaf.path, "-inkey", leaf.keyPath] + options,
            stdin: Self.message)
    }

    private func verifies(
        _ signed: SignedData, _ leaf: Authority.Certified, over content: [UInt8] = message
    ) throws -> Bool {
        let certificate = try read(leaf)
        for signer in signed.signers where try signer.names(certificate) {
            if case .verifies = try signer.verdict(by: certificate, over: content) { return true }
        }
        return false
    }
}
